"""Pages by cursor: no count, no offset; the thousandth page costs what the first does."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.utils.translation import gettext
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from b2b.api.pointers import parameter
from b2b.errors import Fault, Invalid

MOST_ROWS = 200
USUAL_ROWS = 50
NEWEST_FIRST = "-id"
"""Keys are UUIDv7: ordered by when they were made."""
CURSOR, LIMIT, ORDERING = "cursor", "limit", "ordering"


@dataclass(frozen=True, slots=True)
class Order:
    """One column and the direction; the key decides among equals."""

    column: str
    descending: bool

    @classmethod
    def parse(cls, text: str) -> Order:
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.column}" if self.descending else self.column

    def reversed(self) -> Order:
        return Order(self.column, not self.descending)

    def sort(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """NULL counts as the greatest value, both ways, as PostgreSQL has it by default."""
        columns = dict.fromkeys([self.column, "pk"])
        if self.column in {"id", "pk"}:
            columns = {"pk": None}
        return rows.order_by(*(F(name).desc() if self.descending else F(name).asc() for name in columns))


@dataclass(frozen=True, slots=True)
class Cursor:
    """Go on after (or, backwards, before) the row with this value and key."""

    order: str
    backwards: bool
    value: str | None
    key: str

    def encode(self) -> str:
        text = json.dumps([self.order, self.backwards, self.value, self.key], ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises ``Invalid`` for what we did not write."""
        try:
            order, backwards, value, key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (binascii.Error, ValueError, TypeError, RecursionError):
            raise _invalid(CURSOR, gettext("Take the cursor from “next” or “previous”.")) from None
        if not isinstance(order, str) or not isinstance(key, str) or not isinstance(value, str | None):
            raise _invalid(CURSOR, gettext("Take the cursor from “next” or “previous”."))
        return cls(order, bool(backwards), value, key)


class CursorPaging(BasePagination):
    """``{"results": […], "next": …, "previous": …}``, the last two as addresses or null.

    The view's ``ordering`` (default newest first) is the usual order; ``ordering_fields`` lists the
    columns a client may order by.
    """

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.request = request
        self.limit = limit_of(request)
        self.order = self.order_of(request, view)
        self.cursor = self._cursor()
        backwards = self.cursor is not None and self.cursor.backwards
        order = self.order.reversed() if backwards else self.order
        rows = order.sort(queryset)
        if self.cursor is not None:
            rows = rows.filter(beyond(queryset.model, order, self.cursor))
        found = list(rows[: self.limit + 1])
        self.more, page = len(found) > self.limit, found[: self.limit]
        self.page = page[::-1] if backwards else page
        return self.page

    def order_of(self, request: Request, view: Any) -> Order:
        """The order asked for, if the view allows it, else the view's own."""
        text = request.query_params.get(ORDERING)
        if text is None:
            return Order.parse(getattr(view, "ordering", NEWEST_FIRST))
        order, allowed = Order.parse(text), getattr(view, "ordering_fields", ())
        if order.column not in allowed:
            raise _invalid(ORDERING, gettext("Allowed are: %(allowed)s.") % {"allowed": ", ".join(allowed) or "–"})
        return order

    def _cursor(self) -> Cursor | None:
        text = self.request.query_params.get(CURSOR)
        if not text:
            return None
        cursor = Cursor.decode(text)
        if cursor.order != str(self.order):
            raise _invalid(CURSOR, gettext("The cursor belongs to another order; start from the first page."))
        return cursor

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self._next(), "previous": self._previous()})

    def _next(self) -> str | None:
        backwards = self.cursor is not None and self.cursor.backwards
        return self._link(self.page[-1], backwards=False) if self.page and (backwards or self.more) else None

    def _previous(self) -> str | None:
        if self.cursor is None or not self.page or (self.cursor.backwards and not self.more):
            return None
        return self._link(self.page[0], backwards=True)

    def _link(self, row: Any, *, backwards: bool) -> str:
        value = position(row, self.order)
        cursor = Cursor(str(self.order), backwards, value, str(row.pk)).encode()
        asked = {name: self.request.query_params.getlist(name) for name in self.request.query_params}
        return f"{self.request.path}?{urlencode({**asked, CURSOR: cursor}, doseq=True)}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri-reference"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        columns = getattr(view, "ordering_fields", ())
        allowed = [sign + name for name in columns for sign in ("", "-")]
        limit = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": USUAL_ROWS}
        described = [
            (CURSOR, {"type": "string"}, "Where to go on; taken from “next” or “previous”."),
            (LIMIT, limit, "How many rows at most."),
        ]
        if allowed:
            described.append((ORDERING, {"type": "string", "enum": allowed}, "“-” turns the order around."))
        return [
            {"name": name, "in": "query", "required": False, "schema": schema, "description": text}
            for name, schema, text in described
        ]


def limit_of(request: Request) -> int:
    text = request.query_params.get(LIMIT, str(USUAL_ROWS))
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= MOST_ROWS):  # noqa: PLR2004
        raise _invalid(LIMIT, gettext("A number from 1 to %(most)s.") % {"most": MOST_ROWS})
    return int(text)


def position(row: Any, order: Order) -> str | None:
    """The row's value in the ordering column, as text the column reads back exactly."""
    if order.column in {"id", "pk"}:
        return None
    column = row._meta.get_field(order.column)
    return None if getattr(row, column.attname) is None else column.value_to_string(row)


def beyond(model: type[Model], order: Order, cursor: Cursor) -> Q:
    """The rows that come after the cursor's in this order."""
    beside = "lt" if order.descending else "gt"
    try:
        after_key = Q(**{f"pk__{beside}": model._meta.pk.to_python(cursor.key)})
        if order.column in {"id", "pk"}:
            return after_key
        column: Any = model._meta.get_field(order.column)
        return _beyond_value(column, beside, column.to_python(cursor.value), after_key)
    except ValidationError:
        raise _invalid(CURSOR, gettext("Take the cursor from “next” or “previous”.")) from None


def _beyond_value(column: Field[Any, Any], beside: str, value: Any, after_key: Q) -> Q:
    name = column.name
    if value is None:
        among_nulls = Q(**{f"{name}__isnull": True}) & after_key
        return among_nulls | Q(**{f"{name}__isnull": False}) if beside == "lt" else among_nulls
    strictly = Q(**{f"{name}__{beside}": value}) | (Q(**{name: value}) & after_key)
    if column.null:
        return strictly | Q(**{f"{name}__isnull": True}) if beside == "gt" else strictly
    # The bound an index can use; the rest only decides among equals.
    return Q(**{f"{name}__{beside}e": value}) & strictly


def _invalid(name: str, detail: str) -> Invalid:
    return Invalid(faults=[Fault(parameter(name), "invalid", detail)])

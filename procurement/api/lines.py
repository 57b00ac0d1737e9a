"""Lines of a document: the first in the document itself, all of them page by page."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from b2b.api.paging import CursorPaging, Order
from b2b.api.requests import Request

FIRST_LINES = 100
"""So many lines a document carries itself; an order of thousands is read by its pages."""


class LinePaging(CursorPaging):
    """In the order of the lines' numbers."""

    def order_of(self, request: Any, view: Any) -> Order:
        return Order("number", descending=False)


class WithLines:
    """Mixed in before ``DocumentViewSet``: ``GET …/{id}/lines/``."""

    line_serializer_class: ClassVar[type[serializers.BaseSerializer]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "lines" not in vars(cls):
            cls.lines = lines_endpoint(cls.line_serializer_class)  # type: ignore[attr-defined]

    def line_rows(self, document: Any) -> Any:
        return document.lines.all()


def lines_endpoint(shown: type[serializers.BaseSerializer]) -> Any:
    def lines(self: Any, request: Request, pk: UUID) -> Response:
        document = self.get_document()
        context = {**self.get_serializer_context(), "buyer_id": document.buyer_id}
        page = self.paginate_queryset(self.line_rows(document))
        return self.get_paginated_response(shown(page, many=True, context=context).data)

    routed = action(detail=True, pagination_class=LinePaging, filter_backends=[], filterset_class=None)(lines)
    return extend_schema(responses=shown(many=True), summary="All its lines, page by page, in order")(routed)


def _first(document: Any) -> list[Any]:
    return document.once("first lines", lambda: list(document.lines.order_by("number")[:FIRST_LINES]))


def line_count(document: Any) -> int:
    """How many lines it has; those that are shown with it are counted where they are all."""
    first = _first(document)
    return len(first) if len(first) < FIRST_LINES else document.lines.count()


def first_lines(shown: type[serializers.BaseSerializer]) -> serializers.Field:
    """A field with the first lines, as their own serializer shows them."""

    @extend_schema_field(shown(many=True))
    class FirstLines(serializers.Field):
        def to_representation(self, document: Any) -> list[dict[str, Any]]:
            context = {**self.context, "buyer_id": document.buyer_id}
            return list(shown(_first(document), many=True, context=context).data)

    return FirstLines(source="*", read_only=True, help_text=f"The first {FIRST_LINES}; all are at “lines”.")

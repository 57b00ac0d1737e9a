"""Pages of a product search: the likeliest first, by cursor."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response

from b2b.api.paging import CURSOR, Cursor, CursorPaging, limit_of
from b2b.api.pointers import parameter
from b2b.errors import Fault, Invalid
from suppliers.models import Product
from suppliers.queries.search import Hit, Hits, matching

TEXT = "q"
BY_LIKENESS = "likeness"


class SearchPaging(CursorPaging):
    """With ``q``, the ranked matches; without, the usual pages."""

    hits: Hits | None = None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        text = request.query_params.get(TEXT, "").strip()
        if not text:
            return super().paginate_queryset(queryset, request, view)
        self.request, self.limit = request, limit_of(request)
        self.hits = matching(text, queryset)
        start = self._start(request.query_params.get(CURSOR))
        self.slice = self.hits.ranked[start : start + self.limit]
        self.before, self.after = start, len(self.hits.ranked) - start - len(self.slice)
        return self._products(queryset)

    def _start(self, text: str | None) -> int:
        """Where the page begins: after the hit the cursor names, wherever that stands now."""
        if not text:
            return 0
        cursor = Cursor.decode(text)
        position = _position(cursor)
        ranked = self.hits.ranked if self.hits else ()
        first = next((place for place, hit in enumerate(ranked) if _key(hit) < position), len(ranked))
        if cursor.backwards:
            return max(0, sum(_key(hit) > position for hit in ranked) - self.limit)
        return first

    def _products(self, queryset: Any) -> list[Product]:
        found = queryset.in_bulk([hit.product_id for hit in self.slice])
        return [found[hit.product_id] for hit in self.slice if hit.product_id in found]

    def get_paginated_response(self, data: Any) -> Response:
        if self.hits is None:
            return super().get_paginated_response(data)
        told = {"results": data, "next": self._after(), "previous": self._before()}
        return Response(told | {"mended": self.hits.mended, "more_than_ranked": self.hits.is_cut})

    def _after(self) -> str | None:
        return self._to(self.slice[-1], backwards=False) if self.slice and self.after else None

    def _before(self) -> str | None:
        return self._to(self.slice[0], backwards=True) if self.slice and self.before else None

    def _to(self, hit: Hit, *, backwards: bool) -> str:
        cursor = Cursor(BY_LIKENESS, backwards, f"{hit.tier} {hit.rank!r}", str(hit.product_id)).encode()
        asked = {name: self.request.query_params.getlist(name) for name in self.request.query_params}
        return f"{self.request.path}?{urlencode({**asked, CURSOR: cursor}, doseq=True)}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        described = super().get_paginated_response_schema(schema)
        described["properties"] |= {
            "mended": {"type": "string", "description": "What was searched for instead, where words were misspelt."},
            "more_than_ranked": {
                "type": "boolean",
                "description": "There are more matches than these; narrow the search.",
            },
        }
        return described

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        text = {"name": TEXT, "in": "query", "required": False, "schema": {"type": "string", "maxLength": 200}}
        said = "Words in English or Chinese, or an item or part number; typing errors are forgiven."
        return [*super().get_schema_operation_parameters(view), {**text, "description": said}]


Key = tuple[int, float, str]


def _key(hit: Hit) -> Key:
    return hit.tier, hit.rank, str(hit.product_id)


def _position(cursor: Cursor) -> Key:
    try:
        tier, rank = (cursor.value or "").split(" ")
        return int(tier), float(rank), cursor.key
    except ValueError:
        detail = gettext("The cursor belongs to another order; start from the first page.")
        raise Invalid(faults=[Fault(parameter(CURSOR), "invalid", detail)]) from None

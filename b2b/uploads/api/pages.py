"""Pages by place, for tables that a person scrolls through to anywhere; bounded by the size of an upload."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter

from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.errors import Fault, Invalid

USUAL, MOST = 100, 500
PAGE_PARAMETERS = [
    OpenApiParameter("offset", int, description="How many rows come before the page."),
    OpenApiParameter("limit", int, description=f"At most {MOST}; usually {USUAL}."),
]


def page(request: Request, rows: QuerySet[Any, Any] | list[Any], *, count: int | None = None) -> dict[str, Any]:
    """``results``, ``count`` (told where it is known) and ``offset``. Raises ``Invalid`` for what is no number."""
    offset = _number(request, "offset", 0, most=2_000_000_000)
    limit = _number(request, "limit", USUAL, most=MOST)
    if count is None:
        count = len(rows) if isinstance(rows, list) else rows.count()
    return {"results": list(rows[offset : offset + limit]), "count": count, "offset": offset}


def _number(request: Request, name: str, usual: int, *, most: int) -> int:
    text = request.query_params.get(name, str(usual))
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)) or int(text) > most:
        detail = gettext("Write a whole number from 0 to %(most)s.") % {"most": most}
        raise Invalid(faults=[Fault(parameter(name), "not-a-number", detail)])
    return int(text)

"""Which rows of a review are asked for: by outcome, fault, conversion and text."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext
from drf_spectacular.utils import OpenApiParameter

from b2b.api.pointers import parameter
from b2b.api.requests import Request
from b2b.errors import Fault, Invalid
from b2b.uploads.api.pages import page
from b2b.uploads.conversions import NATURES
from b2b.uploads.models import Outcome, Upload, UploadRow
from b2b.uploads.queries.conversions import ConversionFilter, rows_counted, with_conversion
from b2b.uploads.queries.faults import with_fault, with_text

MOST_PLACES = 20_000
OF_CONVERSIONS = [
    OpenApiParameter("column", int, description="Where it stands: the place of the column, 0 for none."),
    OpenApiParameter("conversion", str, description="Of this `kind`, as `conversions` gives it."),
    OpenApiParameter("nature", str, enum=list(NATURES), description="What was read, or why."),
]
OF_ROWS = [
    OpenApiParameter("outcome", str, enum=[o.value for o in Outcome if o != Outcome.MISSING]),
    OpenApiParameter("fault", str, description="Only rows with a fault of this code."),
    OpenApiParameter("heading", str, description="With fault: only where it is in the column so headed."),
    OpenApiParameter("text", str, description="Only rows whose key or cells hold this text."),
    *OF_CONVERSIONS,
]


def page_of_rows(request: Request, upload: Upload) -> dict[str, Any]:
    """Raises ``Invalid`` for what is no choice."""
    conversion = conversion_filter(request)
    rows = upload.rows.exclude(outcome=Outcome.MISSING).order_by("number")
    narrowed = _narrowed(request, upload, rows)
    if not conversion:
        return page(request, narrowed)
    known = rows_counted(upload, conversion) if narrowed is rows else None
    return page(request, with_conversion(upload, narrowed, conversion), count=known)


def _narrowed(request: Request, upload: Upload, rows: QuerySet[UploadRow]) -> QuerySet[UploadRow]:
    if outcome := request.query_params.get("outcome"):
        rows = rows.filter(outcome=outcome)
    if code := request.query_params.get("fault"):
        rows = with_fault(upload, rows, code, request.query_params.get("heading", ""))
    if text := request.query_params.get("text", "").strip():
        rows = with_text(rows, text)
    return rows


def conversion_filter(request: Request) -> ConversionFilter:
    """What the address says of conversions. Raises ``Invalid`` for what is no place."""
    place, asked = request.query_params.get("column"), request.query_params
    if place is not None and not (place.isascii() and place.isdecimal() and int(place[:9]) <= MOST_PLACES):
        detail = gettext("Write a whole number from 0 to %(most)s.") % {"most": MOST_PLACES}
        raise Invalid(faults=[Fault(parameter("column"), "not-a-number", detail)])
    return ConversionFilter(
        column=int(place) if place is not None else None,
        kind=asked.get("conversion") or None,
        nature=asked.get("nature") or None,
    )

"""What the serializers of this app have in common."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from b2b.policy import Actor
from procurement.models import RequestForQuotation

PRICE: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
AMOUNT: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}
QUANTITY: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def visible_rfq(rfq_id: UUID, actor: Actor) -> RequestForQuotation:
    """Raises ``Http404`` for one that is not there, or not for this reader."""
    return get_object_or_404(RequestForQuotation.objects.visible_to(actor), pk=rfq_id)


def xlsx_response(content: bytes, name: str) -> HttpResponse:
    """A download nobody keeps: prices may be in it."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response

"""What the serializers of this app have in common."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from b2b.policy import Actor
from procurement.models import RequestForQuotation

PRICE: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}
AMOUNT: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}
QUANTITY: dict[str, Any] = {"max_digits": 20, "decimal_places": 6}


def visible_rfq(rfq_id: UUID, actor: Actor) -> RequestForQuotation:
    """Raises ``Http404`` for one that is not there, or not for this reader."""
    return get_object_or_404(RequestForQuotation.objects.visible_to(actor), pk=rfq_id)


def held_rfq(rfq_id: UUID, actor: Actor) -> RequestForQuotation:
    """The same, held until the transaction ends."""
    try:
        return RequestForQuotation.found_and_held(rfq_id, seen_by=actor)
    except RequestForQuotation.DoesNotExist:
        raise Http404 from None

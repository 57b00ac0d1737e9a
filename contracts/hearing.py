"""What contracts do when something happens below: an award is confirmed, an order ends."""

from __future__ import annotations

from uuid import UUID

from b2b.events import on
from b2b.policy import CLOCK
from contracts.drafting import draft_from_award
from contracts.models import CallOff
from quotations.models import Award


@on("procurement.requestforquotation.confirm_award", name="contracts.draft_from_award")
def draft_contracts(document_id: str) -> None:
    for award in Award.objects.filter(rfq_id=UUID(document_id), state="confirmed", creates="contract"):
        draft_from_award(award)


@on("procurement.purchaseorder.cancel", name="contracts.release_cancelled")
def release_cancelled(document_id: str) -> None:
    _release(document_id)


@on("procurement.purchaseorder.reject", name="contracts.release_rejected")
def release_rejected(document_id: str) -> None:
    _release(document_id)


@on("procurement.purchaseorder.reject_order", name="contracts.release_refused")
def release_refused(document_id: str) -> None:
    _release(document_id)


@on("procurement.purchaseorder.close", name="contracts.settle_closed")
def settle_closed(document_id: str) -> None:
    for call_off in CallOff.objects.filter(order_id=UUID(document_id), state="open"):
        call_off.settle(actor=CLOCK)


def _release(order_id: str) -> None:
    for call_off in CallOff.objects.filter(order_id=UUID(order_id), state="open"):
        call_off.release(actor=CLOCK)

"""Facts for the suppliers' scores: who answered an invitation and when, and how a price compared."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from b2b.events import announce, event
from b2b.models import JournalEntry
from quotations.comparison import comparison

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation
    from quotations.models import Quotation

event("scoring.response", "supplier_id", "buyer_id", "rfq_id", "quotation_id", "invited_at", "answered_at", "outcome")
event("scoring.price", "supplier_id", "buyer_id", "rfq_id", "quotation_id", "ratio")

RATIO_PLACES = Decimal("0.000001")
OUTCOMES = {"opened": "submitted", "declined": "declined", "withdrawn": "withdrawn", "lapsed": "no_answer"}


def announce_response(quotation: Quotation) -> None:
    """How an invited supplier answered, once that is settled; who came uninvited owed no answer."""
    outcome = OUTCOMES.get(str(quotation.state))
    if outcome is None or quotation.invited_at is None:
        return
    announce(
        "scoring.response",
        supplier_id=quotation.supplier_id,
        buyer_id=quotation.buyer_id,
        rfq_id=quotation.rfq_id,
        quotation_id=quotation.pk,
        invited_at=quotation.invited_at,
        answered_at=quotation.submitted_at or _left_at(quotation),
        outcome=outcome,
    )


def _left_at(quotation: Quotation) -> datetime | None:
    last = JournalEntry.objects.of(quotation).filter(step__in=("decline", "withdraw")).last()
    return last.at if last else None


def announce_prices(rfq: RequestForQuotation) -> None:
    """Each ranked total over the best one: 1 is the best, 1.25 a quarter dearer."""
    compared = comparison(rfq)
    best = min((bidder.compared_total for bidder in compared.bidders if bidder.rank == 1), default=Decimal(0))
    if not best:
        return
    for bidder in compared.bidders:
        if bidder.rank is not None:
            announce(
                "scoring.price",
                supplier_id=bidder.supplier_id,
                buyer_id=rfq.buyer_id,
                rfq_id=rfq.pk,
                quotation_id=bidder.quotation_id,
                ratio=(bidder.compared_total / best).quantize(RATIO_PLACES),
            )

"""Recording bids that came on paper: opened by people at a table, typed into a bid tabulation, and brought as one.

They join an RFQ under evaluation as quotations that are opened from the start; their first journal entry says from
which file they were recorded. Nothing here touches a quotation that was sealed in the product.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Blocked, Fault
from b2b.fields import new_key
from b2b.money import line_amount
from b2b.numbering import next_number
from b2b.policy import CLOCK, Actor
from b2b.sheets.sheet import Row
from b2b.workflow import create
from procurement.models import RequestForQuotation, RFQLine
from quotations.inviting import SERIES
from quotations.models import Quotation, QuotationLine


def require_opened(rfq: RequestForQuotation) -> None:
    """Raises ``Blocked``."""
    if rfq.state != "under_evaluation":
        detail = gettext("Bids on paper are recorded after the opening, while the RFQ is under evaluation.")
        raise Blocked(faults=[Fault("#/rfq", "rfq-in-another-state", detail)])


def record(
    rfq: RequestForQuotation,
    bids: Mapping[UUID, Sequence[Row]],
    actor: Actor,
    file_name: str,
    *,
    keys: Mapping[UUID, UUID] | None = None,
) -> list[Quotation]:
    """One opened quotation for each supplier, of rows that were found sound; ``keys`` are the quotations' own."""
    asked = {line.number: line for line in rfq.lines.all()}
    return [
        _quotation(
            rfq,
            supplier_id,
            [_line(row, asked[row["number"]], rfq.currency) for row in own],
            actor,
            file_name,
            (keys or {}).get(supplier_id) or new_key(),
        )
        for supplier_id, own in sorted(bids.items())
    ]


def _quotation(
    rfq: RequestForQuotation,
    supplier_id: UUID,
    lines: Sequence[QuotationLine],
    actor: Actor,
    file_name: str,
    key: UUID,
) -> Quotation:
    """The invitation the bidder answered on paper has lapsed, or lapses now."""
    for silent in rfq.quotations.filter(supplier_id=supplier_id, state__in=("invited", "draft")):
        silent.lapse(actor=CLOCK)
    now = database_now()
    quotation = Quotation(
        pk=key,
        state="opened",
        rfq=rfq,
        buyer_id=rfq.buyer_id,
        supplier_id=supplier_id,
        currency=rfq.currency,
        submitted_at=rfq.closed_at,
        opened_at=now,
        total=sum(line.amount or 0 for line in lines),
        number=next_number(SERIES, supplier_id, now.date()),
    )
    create(quotation, actor=actor, inputs={"recorded_from": file_name, "on_paper": True})
    QuotationLine.objects.bulk_create(_of(quotation, lines))
    return quotation


def _of(quotation: Quotation, lines: Iterable[QuotationLine]) -> list[QuotationLine]:
    rows = list(lines)
    for line in rows:
        line.quotation = quotation
    return rows


def _line(row: Row, asked: RFQLine, currency: str) -> QuotationLine:
    price = row["unit_price"]
    return QuotationLine(
        rfq_line=asked,
        number=asked.number,
        quantity=asked.quantity,
        no_bid=bool(row["no_bid"]),
        unit_price=price,
        net_unit_price=price,
        amount=None if price is None else line_amount(asked.quantity, price, currency).amount,
    )

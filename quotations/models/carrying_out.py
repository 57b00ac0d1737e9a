"""What a confirmed award does: decides each quotation and each line, and creates one order per supplier."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, Value, When

from b2b.policy import CLOCK, Actor
from procurement.models import PurchaseOrder, RFQLine
from procurement.ordering import OrderedLine, order_from
from quotations.models.quotation import held_answers

if TYPE_CHECKING:
    from quotations.models.award import Award, AwardLine
    from quotations.models.quotation import Quotation


def carry_out(award: Award, actor: Actor) -> None:
    """In the caller's transaction, with RFQ and award locked: everything or nothing."""
    by_quotation: dict[Quotation, list[AwardLine]] = defaultdict(list)
    for line in award.lines.select_related("quotation", "rfq_line", "quotation_line").order_by("rfq_line__number"):
        by_quotation[line.quotation].append(line)
    _decide_lines(award)
    decided = _decide_quotations(award, by_quotation)
    if award.creates == "orders":
        for quotation in decided:
            order = _order(award, quotation, by_quotation[quotation], actor)
            quotation.is_held()
            quotation.order(actor=CLOCK, created=f"{order._meta.label_lower}/{order.pk}")


def _decide_lines(award: Award) -> None:
    awarded = When(pk__in=award.lines.values("rfq_line_id"), then=Value(RFQLine.Status.AWARDED))
    award.rfq.lines.update(status=Case(awarded, default=Value(RFQLine.Status.UNAWARDED)))


def _decide_quotations(award: Award, by_quotation: dict[Quotation, list[AwardLine]]) -> list[Quotation]:
    """Awarded where every priced line was taken in full, partially where some was, passed over where none was.

    Answers those that get something, still held.
    """
    held = held_answers(award.rfq, ("opened", "shortlisted"))
    for quotation in held:
        if quotation not in by_quotation:
            quotation.pass_over(actor=CLOCK)
        elif _in_full(quotation, by_quotation[quotation]):
            quotation.award(actor=CLOCK)
        else:
            quotation.part_award(actor=CLOCK)
    return [quotation for quotation in held if quotation in by_quotation]


def _in_full(quotation: Quotation, lines: list[AwardLine]) -> bool:
    offered = sum(quotation.lines.filter(no_bid=False).values_list("quantity", flat=True), Decimal(0))
    return sum((line.quantity for line in lines), Decimal(0)) == offered


def _order(award: Award, quotation: Quotation, lines: list[AwardLine], actor: Actor) -> PurchaseOrder:
    """One order for each supplier; ``source`` makes a repetition find the first (procurement's promise)."""
    return order_from(
        rfq_id=award.rfq_id,
        buyer_id=award.buyer_id,
        supplier_id=quotation.supplier_id,
        source=f"{award._meta.label_lower}/{award.pk}",
        currency=quotation.currency,
        payment_terms=award.rfq.payment_terms,
        incoterm=award.rfq.incoterm,
        place=award.rfq.place,
        title=award.rfq.title,
        lines=[_ordered(line) for line in lines],
        actor=actor,
    )


def _ordered(line: AwardLine) -> OrderedLine:
    asked = line.rfq_line
    return OrderedLine(
        number=asked.number,
        item=asked.item,
        code=asked.code,
        rfq_line_id=asked.pk,
        product_id=asked.product_id,
        quantity=line.quantity,
        unit=asked.unit,
        unit_price=line.unit_price,
        requested_on=asked.required_by,
    )

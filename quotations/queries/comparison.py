"""What a comparison is made of, in one query each."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from b2b.compiled import compiled
from procurement.models import RFQLine
from quotations.models import Quotation, QuotationLine


class AnswerRow(NamedTuple):
    """A quotation line without the cost of a model instance: a comparison has ten thousand."""

    id: UUID
    quotation_id: UUID
    rfq_line_id: UUID
    quantity: Decimal
    unit_price: Decimal | None
    net_unit_price: Decimal | None
    amount: Decimal | None
    lead_time_days: int | None
    note: str


ANSWER = tuple(AnswerRow.__annotations__)


@compiled
def quotations_compared(rfq_id: UUID) -> QuerySet[Quotation]:
    """Every quotation of the RFQ with its supplier, oldest first."""
    return Quotation.objects.opened().filter(rfq_id=rfq_id).select_related("supplier").order_by("pk")


@compiled
def lines_asked(rfq_id: UUID) -> QuerySet[RFQLine, Mapping[str, object]]:
    names = ("id", "number", "item", "section", "quantity", "unit", "mandatory", "estimate_unit_price")
    lines: QuerySet[RFQLine, Any] = RFQLine.objects.filter(rfq_id=rfq_id).order_by("number").values(*names)
    return lines


def answers_of(rfq_id: UUID) -> dict[tuple[UUID, UUID], AnswerRow]:
    """By quotation and RFQ line."""
    return {(row.quotation_id, row.rfq_line_id): row for row in starmap(AnswerRow, _answers(rfq_id))}


@compiled
def _answers(rfq_id: UUID) -> QuerySet[QuotationLine, Any]:
    return QuotationLine.objects.filter(quotation__rfq_id=rfq_id).order_by().values_list(*ANSWER)

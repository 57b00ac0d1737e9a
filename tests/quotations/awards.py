"""Shares of an award, its standstill, and how that passes."""

from __future__ import annotations

from decimal import Decimal

from procurement.models import RequestForQuotation
from quotations.awarding import Allocation
from tests.factories.procurement import in_days
from tests.factories.quotations import Tender

STANDSTILL = {"standstill_days": 10}


def allocation(side: Tender, place: int, line: int, quantity: int = 100, reason: str = "") -> Allocation:
    """So much of a line to the bidder at ``place``."""
    return Allocation(line, side.quotation(place).pk, Decimal(quantity), reason)


def after_standstill(side: Tender) -> None:
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(standstill_ends_at=in_days(-0.001))

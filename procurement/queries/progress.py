"""How far an order has come, by value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Sum
from django.db.models.functions import Least

if TYPE_CHECKING:
    from procurement.models import PurchaseOrder

PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Progress:
    """Shares from 0 to 1 of the ordered value; what goes beyond a line's quantity does not count."""

    received: Decimal
    invoiced: Decimal


def progress_of(order: PurchaseOrder) -> Progress:
    sums = order.lines.aggregate(
        whole=Sum(F("quantity") * F("unit_price")),
        received=Sum(Least("received", "quantity") * F("unit_price")),
        invoiced=Sum(Least("invoiced", "quantity") * F("unit_price")),
    )
    return Progress(_share(sums["received"], sums["whole"]), _share(sums["invoiced"], sums["whole"]))


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal:
    """Rounded down, so that 1 means everything."""
    return (part / whole).quantize(PLACES, ROUND_DOWN) if part and whole else Decimal(0)

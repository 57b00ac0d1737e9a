"""An invoice for all of an order as the factories make it, and what an order remembers of its invoices."""

from __future__ import annotations

from decimal import Decimal

from procurement.models import PurchaseOrder

TOTAL = Decimal(357)


def invoiced(order: PurchaseOrder) -> list[Decimal]:
    """The quantity invoiced of each line, in the order of the lines."""
    return list(order.lines.order_by("number").values_list("invoiced", flat=True))

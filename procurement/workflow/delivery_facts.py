"""What scoring hears of deliveries, one fact for each line of an order.

``received`` is all that came, ``rejected`` the part of it that inspection refused. A fact told again
for the same receipt and line takes the place of the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from b2b import events

if TYPE_CHECKING:
    from procurement.models import GoodsReceipt, PurchaseOrder, PurchaseOrderLine
    from procurement.workflow.arriving import Arrival

DELIVERY = "scoring.delivery"


def announce_receipt(receipt: GoodsReceipt, arrivals: Sequence[Arrival]) -> None:
    """What came, with the order's lines as they stand afterwards."""
    lines = receipt.order.moved
    events.announce_each(
        DELIVERY,
        [
            _of_receipt(receipt, lines[came.order_line_id], received=came.quantity, rejected=came.rejected)
            for came in arrivals
        ],
    )


def announce_reversal(receipt: GoodsReceipt, arrivals: Sequence[Arrival]) -> None:
    """Nothing came, after all."""
    lines = receipt.order.lines.in_bulk([arrival.order_line_id for arrival in arrivals])
    none = Decimal(0)
    events.announce_each(
        DELIVERY, [_of_receipt(receipt, line, received=none, rejected=none) for line in lines.values()]
    )


def announce_missing(order: PurchaseOrder, lines: Iterable[PurchaseOrderLine]) -> None:
    """What was promised and never will come."""
    events.announce_each(DELIVERY, [_fact(order, line, final=True) for line in lines])


def _of_receipt(
    receipt: GoodsReceipt, line: PurchaseOrderLine, *, received: Decimal, rejected: Decimal
) -> dict[str, Any]:
    told = _fact(receipt.order, line, final=line.received >= line.quantity)
    return told | {
        "receipt_id": receipt.pk,
        "received_on": receipt.received_on,
        "received": received,
        "rejected": rejected,
    }


def _fact(order: PurchaseOrder, line: PurchaseOrderLine, *, final: bool) -> dict[str, Any]:
    promised: date | None = line.promised_on
    return {
        "supplier_id": order.supplier_id,
        "buyer_id": order.buyer_id,
        "order_id": order.pk,
        "order_number": order.number,
        "receipt_id": None,
        "line": line.number,
        "promised_on": promised,
        "received_on": None,
        "ordered": line.quantity,
        "received": Decimal(0),
        "rejected": Decimal(0),
        "final": final,
    }

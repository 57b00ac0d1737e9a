"""How far an order is delivered, and what scoring hears when it never was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.utils.translation import gettext

from b2b import events
from b2b.clock import database_now
from b2b.errors import Blocked, Fault

if TYPE_CHECKING:
    from procurement.models import PurchaseOrder

OPEN = Q(received__lt=F("quantity"))
TOUCHED = Q(received__gt=0) | Q(rejected__gt=0)
UNBILLED = Q(invoiced__lt=F("received"))


def state_after_receipt(order: PurchaseOrder) -> str:
    return "partially_received" if order.lines.filter(OPEN).exists() else "received"


def state_after_reversal(order: PurchaseOrder) -> str:
    return "partially_received" if order.lines.filter(TOUCHED).exists() else "acknowledged"


def require_complete_or(reason: str, order: PurchaseOrder) -> None:
    """Raises ``Blocked`` for an order closed without a reason before it is received and invoiced in full."""
    if not reason and (faults := [*_incomplete(order)]):
        raise Blocked(faults=faults)


def _incomplete(order: PurchaseOrder) -> Iterable[Fault]:
    if order.lines.filter(OPEN).exists():
        yield Fault("#/lines", "not-received", gettext("Not everything is received; give a reason to close the rest."))
    if order.lines.filter(UNBILLED).exists():
        yield Fault("#/lines", "not-invoiced", gettext("Not everything received is invoiced; give a reason to close."))


def announce_undelivered(order: PurchaseOrder) -> None:
    """What was promised for a day that has passed and will not come any more counts as late for ever."""
    today = database_now().date()
    missing = order.lines.filter(OPEN, promised_on__lt=today).order_by("number")
    rows = missing.values("number", "promised_on", "quantity", "received")
    events.announce_each("scoring.delivery", [_never_came(order, row, today) for row in rows])


def _never_came(order: PurchaseOrder, row: Mapping[str, Any], today: date) -> dict[str, Any]:
    return {
        "supplier_id": order.supplier_id,
        "buyer_id": order.buyer_id,
        "order_id": order.pk,
        "order_number": order.number,
        "receipt_id": None,
        "line": row["number"],
        "promised_on": row["promised_on"],
        "received_on": None,
        "ordered": row["quantity"],
        "received": 0,
        "rejected": 0,
        "final": True,
    }

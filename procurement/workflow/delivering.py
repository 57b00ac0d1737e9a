"""How far an order is delivered, and what scoring hears when it never was."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Blocked, Fault
from procurement.workflow.delivery_facts import announce_missing

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
    announce_missing(order, missing)

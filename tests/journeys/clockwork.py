"""Time, the only thing a journey moves by hand: what documents wait for comes nearer, and the clock does the rest."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F

from procurement.models import PurchaseOrderLine, RequestForQuotation
from suppliers.models import BankAccount

INSTANTS = ("deadline", "published_at", "closed_at", "standstill_ends_at")


def days_pass(days: int) -> None:
    """Set back every instant documents wait for, as if so many days had gone by."""
    gone = timedelta(days=days)
    RequestForQuotation.objects.update(**{name: F(name) - gone for name in INSTANTS})
    BankAccount.objects.update(usable_from=F("usable_from") - gone)
    PurchaseOrderLine.objects.update(promised_on=F("promised_on") - gone)

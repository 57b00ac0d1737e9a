"""What the clock has to do: documents due for a step at an instant, the longest waiting first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from credit.workflow.account import USABLE
from procurement.models import Invoice, PurchaseOrder, PurchaseOrderLine, RequestForQuotation
from procurement.workflow import answers
from procurement.workflow.invoice_states import UNDECIDED


def rfqs_to_close(at: datetime) -> QuerySet[RequestForQuotation]:
    """Published, and their deadline has come."""
    return RequestForQuotation.objects.filter(state="published", deadline__lte=at).order_by("deadline")


def rfqs_to_fail(at: datetime) -> Iterable[RequestForQuotation]:
    """Closed with fewer quotations than the minimum; none while nobody counts quotations."""
    closed = list(rfqs_closed(at).order_by("closed_at"))
    came = answers.submitted([rfq.pk for rfq in closed])
    if came is None:
        return []
    return [rfq for rfq in closed if came[rfq.pk] < rfq.minimum_quotations]


def rfqs_closed(_at: datetime) -> QuerySet[RequestForQuotation]:
    """Only these can fail for want of quotations."""
    return RequestForQuotation.objects.filter(state="closed")


def orders_to_hold(at: datetime) -> QuerySet[PurchaseOrder]:
    """Approved, while the credit account behind them may not be used and nobody has overridden it."""
    overridden = Q(credit_override_until__gte=at.date())
    return PurchaseOrder.objects.filter(_account_stopped(), ~overridden, state="approved").order_by("pk")


def orders_to_release(at: datetime) -> QuerySet[PurchaseOrder]:
    """On credit hold, though the account may be used again."""
    return PurchaseOrder.objects.filter(~_account_stopped(), state="credit_hold").order_by("pk")


def orders_to_close(at: datetime) -> QuerySet[PurchaseOrder]:
    """Received, every line invoiced as far as it came, and no invoice undecided."""
    unbilled = PurchaseOrderLine.objects.filter(order=OuterRef("pk"), invoiced__lt=F("received"))
    undecided = Invoice.objects.filter(order=OuterRef("pk"), state__in=UNDECIDED)
    return PurchaseOrder.objects.filter(~Exists(unbilled), ~Exists(undecided), state="received").order_by("pk")


def _account_stopped() -> Q:
    return Q(credit_account__isnull=False) & ~Q(credit_account__state__in=USABLE)

"""The states of an invoice, and the groups of them other documents ask for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvoiceState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    MATCHED = "matched", _("Matched")
    EXCEPTION = "exception", _("Exception")
    DISPUTED = "disputed", _("Disputed")
    REJECTED = "rejected", _("Rejected")
    APPROVED = "approved", _("Approved")
    SCHEDULED = "scheduled", pgettext_lazy("payment", "Scheduled")
    PAYMENT_HOLD = "payment_hold", _("Payment hold")
    PARTIALLY_PAID = "partially_paid", _("Partially paid")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


UNDECIDED = ("submitted", "matched", "exception", "disputed")
"""Sent, and neither approved nor refused."""
COUNTED = ("matched", "approved", "scheduled", "payment_hold", "partially_paid", "paid")
"""Their quantities stand in ``invoiced`` of the order's lines."""
DEAD = ("rejected", "cancelled")

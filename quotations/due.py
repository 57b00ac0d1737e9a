"""What time brings about: which quotations, openings and awards are due for which step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from quotations.awarding import due_to_confirm
from quotations.models import Quotation
from quotations.models.quotation import expiring_before
from quotations.opening import due_to_open


def to_lapse(now: datetime) -> Iterable[Quotation]:
    """Invited or drafted, and the RFQ takes no more."""
    waiting = Quotation.objects.filter(state__in=("invited", "draft"))
    return waiting.filter(rfq__deadline__lte=now).order_by("pk")


def to_expire(now: datetime) -> Iterable[Quotation]:
    return expiring_before(now.date()).order_by("pk")


__all__ = ["due_to_confirm", "due_to_open", "to_expire", "to_lapse"]

"""Which contracts the clock has something to do with."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from contracts.models import Contract
from contracts.workflow.contract import CALLABLE


def to_start(at: datetime) -> QuerySet[Contract]:
    return Contract.objects.filter(state="scheduled", starts_on__lte=at.date())


def due_for_notice(at: datetime) -> QuerySet[Contract]:
    """Those that have ended meanwhile need no notice any more."""
    return Contract.objects.filter(state="active", notice_on__lte=at.date(), ends_on__gte=at.date())


def to_end(at: datetime) -> QuerySet[Contract]:
    """The last day is included (UTC)."""
    return Contract.objects.filter(state__in=CALLABLE, ends_on__lt=at.date())

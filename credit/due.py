"""Which accounts the clock has something to do with."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db.models import F, QuerySet

from credit.models import CreditAccount

WATCHED_FROM = Decimal("0.9")
"""Share of the limit in use from which an account is watched."""


def increases_ended(at: datetime) -> QuerySet[CreditAccount]:
    """Accounts whose temporary increase was valid until a day before ``at``."""
    return CreditAccount.objects.filter(state__in=["active", "watch"], increase_until__lt=at.date())


def to_watch(at: datetime) -> QuerySet[CreditAccount]:
    """Active accounts with nine tenths or more of the limit in use."""
    return CreditAccount.objects.filter(state="active", limit__gt=0).filter(
        limit__lte=(F("held") + F("drawn")) / WATCHED_FROM
    )


def watched_no_longer(at: datetime) -> QuerySet[CreditAccount]:
    """Watched accounts that have fallen below nine tenths again."""
    return CreditAccount.objects.filter(state="watch", limit__gt=(F("held") + F("drawn")) / WATCHED_FROM)

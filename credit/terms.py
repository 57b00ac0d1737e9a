"""Payment terms: when an invoice falls due, and what paying early is worth."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _


class Terms(models.TextChoices):
    PREPAID = "prepaid", _("Paid before delivery")
    NET_30 = "net_30", _("30 days net")
    NET_60 = "net_60", _("60 days net")
    NET_90 = "net_90", _("90 days net")
    EOM_30 = "eom_30", _("30 days after the end of the month")
    TWO_TEN_NET_30 = "2_10_net_30", _("2 % within 10 days, 30 days net")


@dataclass(frozen=True, slots=True)
class Rule:
    """Days run from the invoice date, or from the end of its month; a discount may be taken before."""

    days: int
    from_end_of_month: bool = False
    discount_percent: Decimal = Decimal(0)
    discount_days: int = 0


RULES = {
    Terms.PREPAID: Rule(0),
    Terms.NET_30: Rule(30),
    Terms.NET_60: Rule(60),
    Terms.NET_90: Rule(90),
    Terms.EOM_30: Rule(30, from_end_of_month=True),
    Terms.TWO_TEN_NET_30: Rule(30, discount_percent=Decimal(2), discount_days=10),
}


def on_account(terms: str) -> bool:
    """Whether goods are delivered before they are paid, so that credit must cover them."""
    return terms != Terms.PREPAID


def due_date(terms: str, invoiced_on: date) -> date:
    """The last day on which paying is not late."""
    rule = RULES[Terms(terms)]
    start = _end_of_month(invoiced_on) if rule.from_end_of_month else invoiced_on
    return start + timedelta(days=rule.days)


def discount_until(terms: str, invoiced_on: date) -> date | None:
    """The last day on which the early-payment discount may be taken, where the terms grant one."""
    rule = RULES[Terms(terms)]
    return invoiced_on + timedelta(days=rule.discount_days) if rule.discount_percent else None


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])

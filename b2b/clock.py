"""Whose clock counts, and which days are worked.

Deadlines are compared with the database's clock, which all web and worker processes share; within a transaction it
stands still, so everything decided together is decided at one instant.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from functools import cache

import holidays
from django.db import connection
from django.utils.translation import gettext as _

FURTHEST_WORKING_DAYS = 2_500
"""About ten years: nobody means more, and the calendar is walked day by day."""


class UnknownCalendar(ValueError):
    """No working-day calendar for this country."""


def database_now() -> datetime:
    """When the current transaction began, by the database's clock, in UTC; outside one, now."""
    if not connection.in_atomic_block:
        return _asked_now()
    # Django makes a new list of commit hooks whenever a transaction ends, so the list stands for the transaction.
    hooks, known = getattr(connection, "hanse_now", (None, None))
    if known is None or hooks is not connection.run_on_commit:
        known = remember_now(_asked_now())
    return known


def remember_now(told: datetime) -> datetime:
    """``now()`` as another statement of this transaction told it, so that nobody need ask again; returned in UTC."""
    known = told.astimezone(UTC)
    connection.hanse_now = (connection.run_on_commit, known)  # type: ignore[attr-defined]
    return known


def _asked_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        row: tuple[datetime] = cursor.fetchone()
    return row[0].astimezone(UTC)


def today(zone: tzinfo) -> date:
    """The date there, by the database's clock."""
    return database_now().astimezone(zone).date()


def is_working_day(day: date, *, country: str) -> bool:
    """By the public holidays and weekend of an ISO 3166-1 country; China's make-up weekends (调休) are worked."""
    return _calendar(country).is_working_day(day)


def add_working_days(day: date, days: int, *, country: str) -> date:
    """The working day that many after ``day`` (before, when negative); zero gives ``day`` or the next one worked."""
    if abs(days) > FURTHEST_WORKING_DAYS:
        raise ValueError(_("At most %(days)s working days can be counted.") % {"days": FURTHEST_WORKING_DAYS})
    return _calendar(country).get_nth_working_day(day, days)


@cache
def _calendar(country: str) -> holidays.HolidayBase:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        raise UnknownCalendar(_("There is no working-day calendar for “%(country)s”.") % {"country": country}) from None

"""Parsers of days and instants."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import ClassVar

from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b.sheets.amounts import two_readings
from b2b.sheets.cells import Cell, Unreadable, level, shown
from b2b.sheets.days import Order, day_of_serial, days_of, possible_days
from b2b.sheets.parser import Around, Parser, wrong_kind

_TIME_BEHIND = re.compile(
    r"(.*\S)[\sT,]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]\.?m\.?)?(?:\s*Uhr)?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True)
class Day(Parser[date]):
    """A day. ``order`` says how this column writes 03/04/2026, where its source is known to write one way."""

    order: Order | None = None

    expects: ClassVar[str | Promise] = gettext_lazy("a date such as 2026-03-31")
    number_format: ClassVar[str] = "yyyy-mm-dd"

    def read(self, cell: Cell, around: Around) -> date:
        if isinstance(cell, datetime):
            return self._midnight(cell)
        if isinstance(cell, date):
            return cell
        days = self._days(cell, around)
        if len(days) > 1 and (order := around.day_order()):
            days = days_of(str(cell), order)
        if len(days) == 1:
            return days[0]
        if days:
            raise _several([day.isoformat() for day in days])
        detail = _("This is not a date. Write %(expects)s.") % {"expects": self.expects}
        raise Unreadable("not-a-date", detail, lambda: [day.isoformat() for day in possible_days(shown(cell))])

    def write(self, value: date) -> date:
        return value

    def same(self, cell: Cell, value: date) -> bool:
        return isinstance(cell, date) or shown(cell).strip() == value.isoformat()

    def _days(self, cell: Cell, around: Around) -> tuple[date, ...]:
        if isinstance(cell, Decimal):
            day = day_of_serial(cell, from_1904=around.from_1904)
            return (day,) if day else ()
        if isinstance(cell, str):
            return days_of(cell, self.order) or days_of(cell, around.day_order())
        raise wrong_kind(cell, self.expects)

    def _midnight(self, moment: datetime) -> date:
        if moment.time() != time(0):
            raise Unreadable(
                "not-a-date", _("This is a date with a time of day. Write %(expects)s.") % {"expects": self.expects}
            )
        return moment.date()


@dataclass(frozen=True)
class Instant(Parser[datetime]):
    """A moment, kept in UTC; without an offset it is read in the zone the reading was given."""

    expects: ClassVar[str | Promise] = gettext_lazy("a date and time such as 2026-03-31 17:00")
    number_format: ClassVar[str] = "yyyy-mm-dd hh:mm"

    def read(self, cell: Cell, around: Around) -> datetime:
        moment = self._moment(cell, around)
        if moment is None:
            raise Unreadable(
                "not-an-instant", _("This is not a date with a time. Write %(expects)s.") % {"expects": self.expects}
            )
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=around.zone)
        return zoned.astimezone(UTC)

    def write(self, value: datetime) -> str:
        """ISO 8601 with its offset: a spreadsheet's own date would lose the zone."""
        return value.astimezone(UTC).isoformat()

    def same(self, cell: Cell, value: datetime) -> bool:
        return isinstance(cell, datetime) or shown(cell).strip() == self.write(value)

    def _moment(self, cell: Cell, around: Around) -> datetime | None:
        if isinstance(cell, datetime):
            return cell
        if not isinstance(cell, str):
            raise wrong_kind(cell, self.expects)
        if ":" not in level(cell):
            return None  # A bare day would be taken for its first moment.
        try:
            return parse_datetime(cell.strip().replace("/", "-")) or self._written(cell, around)
        except Unreadable:
            raise
        except ValueError:
            return None

    def _written(self, cell: str, around: Around) -> datetime | None:
        """A day in any of its forms, and a time of day behind it."""
        found = _TIME_BEHIND.fullmatch(level(cell).strip())
        days = days_of(found[1]) if found else ()
        if found and len(days) > 1:
            days = days_of(found[1], order) if (order := around.day_order()) else days
        if found is None or not days:
            return None
        clock = _clock(found)
        if len(days) > 1:
            raise _several([datetime.combine(day, clock).isoformat(" ", "minutes") for day in days])
        return datetime.combine(days[0], clock)


def _several(senses: list[str]) -> Unreadable:
    return two_readings(", ".join(senses[:-1]), senses[-1], suggest=senses)


def _clock(found: re.Match[str]) -> time:
    """Raises ``ValueError`` for 25:00 or 13 pm."""
    hour, half = int(found[2]), (found[5] or "").casefold().replace(".", "")
    if half and not 1 <= hour <= 12:  # noqa: PLR2004
        raise ValueError(found[0])
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(found[3]), int(found[4] or 0))

"""Days as people write them. What may be two days is refused with both named, unless the column says its order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

Order = Literal["day-month", "month-day"]

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Day numbers taken for days: October 1954 to January 2119. Other numbers are more likely something else."""
PIVOT = 69
"""Two-digit years from 69 on lie in the 1900s, as POSIX ``strptime`` has it."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]*([a-z]{3,9})[\s.,-]*(\d{4}|\d{2})")
_MONTH_NAME_DAY = re.compile(r"([a-z]{3,9})[\s.-]*(\d{1,2})(?:st|nd|rd|th)?[\s,.-]+(\d{4})")
_MIDNIGHT = re.compile(r"[T ]\s*0{1,2}:00(:00(\.0+)?)?(\s*AM)?$|\s+12:00(:00)?\s*AM$", re.IGNORECASE)


def days_of(text: str, order: Order | None = None) -> tuple[date, ...]:
    """The days ``text`` may mean: none, one, or two where day and month cannot be told apart."""
    wanted = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", text).strip().casefold())
    return tuple(dict.fromkeys(_candidates(wanted, order)))


def day_of_serial(number: Decimal, *, from_1904: bool = False) -> date | None:
    """The day behind a spreadsheet's day number, or behind eight digits such as 20260304; ``None`` if neither."""
    if number != number.to_integral_value():
        return None
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return (EPOCH_1904 if from_1904 else EPOCH_1900) + timedelta(days=int(number))
    found = _COMPACT.fullmatch(f"{number:f}")
    return _day(found[1], found[2], found[3]) if found and 1900 <= int(found[1]) <= 2199 else None  # noqa: PLR2004


def _candidates(text: str, order: Order | None) -> Iterator[date]:
    found = _numeric(text, order) if text[:1].isdigit() and not re.search(r"[a-z]", text) else _named(text)
    yield from (day for day in found if day is not None)


def _numeric(text: str, order: Order | None) -> Iterator[date | None]:
    if (found := _YEAR_FIRST.fullmatch(text)) and _belong(found[2], found[4]):
        yield _day(found[1], found[3], found[5])
    elif found := _COMPACT.fullmatch(text):
        yield _day(found[1], found[2], found[3])
    elif found := _YEAR_LAST.fullmatch(text):
        one, mark, two, year = found.groups()
        # With points only the day comes first, in every country that writes points.
        if order != "month-day":
            yield _day(year, two, one)
        if order != "day-month" and mark != ".":
            yield _day(year, one, two)


def _belong(first: str, second: str) -> bool:
    return (first, second) == ("年", "月") or (first == second and first != "年")


def _named(text: str) -> Iterator[date | None]:
    if found := _DAY_MONTH_NAME.fullmatch(text):
        yield _day(_year(found[3]), _MONTHS.get(found[2], 0), found[1])
    elif found := _MONTH_NAME_DAY.fullmatch(text):
        yield _day(found[3], _MONTHS.get(found[1], 0), found[2])


def _year(text: str) -> int:
    number = int(text)
    if len(text) == 4:  # noqa: PLR2004
        return number
    return number + (1900 if number >= PIVOT else 2000)


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None

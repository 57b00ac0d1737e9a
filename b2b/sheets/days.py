"""Days as people write them. What may be several days is refused with all named, unless the column says its order.

With points the day comes first, also before a year of two digits: of the short forms in Unicode's CLDR only the
Korean ``yy. M. d.`` has it otherwise, and that ends in a point. With strokes all three orders are in use.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from b2b.sheets.cells import level
from b2b.sheets.month_names import is_weekday, month

Order = Literal["day-month", "month-day"]

EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Day numbers taken for days: October 1954 to January 2119. Other numbers are more likely something else."""
PIVOT = 69
"""Two-digit years from 69 on lie in the 1900s, the others in the 2000s, as POSIX has it (``strptime``, ``%y``)."""
LONGEST = 60

_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*([-/.月])\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})")
_SHORT_YEAR = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{2})")
_SHORT_YEAR_FIRST = re.compile(r"(\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_ERA = re.compile(r"(令和|平成|昭和|民国|民國)\s*(\d{1,3}|元)\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?")
_DAY_MONTH_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º|ª)?(?:\s+(?:de|of)\s+|[\s.\-/]*)([^\W\d_]{3,12})(?:\.?\s+(?:de|del)\s+|[\s.,\-/]*)(\d{4}|\d{2})"
)
_MONTH_NAME_DAY = re.compile(r"([^\W\d_]{3,12})[\s.-]*(\d{1,2})(?:st|nd|rd|th)?[\s,.-]+(\d{4}|\d{2})")
_YEAR_MONTH_NAME = re.compile(r"(\d{4})[\s.\-/]*([^\W\d_]{3,12})[\s.\-/]*(\d{1,2})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]0+)?", re.ASCII)
_FIRST_WORD = re.compile(r"^([^\W\d_]{2,12}(?:-[^\W\d_]{2,8})?\.?),?\s+")
_BEHIND = re.compile(
    r"\s*(?:г\.?|года|r\.|星期[一二三四五六日天]|周[一二三四五六日]|\((?:星期|周)?[一二三四五六日天]\))$"
)
_MIDNIGHT = re.compile(r"[t ]\s*0{1,2}:00(:00(\.0+)?)?(\s*am|z)?$|\s+12:00(:00)?\s*am$")


def days_of(text: str, order: Order | None = None) -> tuple[date, ...]:
    """The days ``text`` may mean: none, one, or more where day, month and a short year cannot be told apart."""
    if len(text) > LONGEST:
        return ()
    wanted = _BEHIND.sub("", _MIDNIGHT.sub("", level(text).strip().casefold()))
    return tuple(dict.fromkeys(_candidates(wanted, order)))


def possible_days(text: str) -> tuple[date, ...]:
    """Also what ``days_of`` holds for too doubtful: the day behind a spreadsheet's day number."""
    if found := _SERIAL.fullmatch(level(text).strip()):
        day = day_of_serial(Decimal(found[1]))
        return () if day is None else (day,)
    return days_of(text)


def order_of(text: str) -> Order | None:
    """How the column writes its days, where this text is one day, and that in one order only."""
    day_first, month_first = days_of(text, "day-month"), days_of(text, "month-day")
    if bool(day_first) == bool(month_first) or len(days_of(text)) != 1:
        return None
    return "day-month" if day_first else "month-day"


def day_of_serial(number: Decimal, *, from_1904: bool = False) -> date | None:
    """The day behind a spreadsheet's day number, or behind eight digits such as 20260304; ``None`` if neither."""
    if number != number.to_integral_value():
        return None
    if FIRST_SERIAL <= number <= LAST_SERIAL:
        return (EPOCH_1904 if from_1904 else EPOCH_1900) + timedelta(days=int(number))
    found = _COMPACT.fullmatch(f"{number:f}")
    return _day(found[1], found[2], found[3]) if found and 1900 <= int(found[1]) <= 2199 else None  # noqa: PLR2004


def _candidates(text: str, order: Order | None) -> Iterator[date]:
    found = _named(text) if re.search(r"[^\W\d_年月日号]", text) else _numeric(text, order)
    yield from (day for day in found if day is not None)


def _numeric(text: str, order: Order | None) -> Iterator[date | None]:
    if (found := _YEAR_FIRST.fullmatch(text)) and _belong(found[2], found[4]):
        yield _day(found[1], found[3], found[5])
    elif found := _COMPACT.fullmatch(text):
        yield _day(found[1], found[2], found[3])
    elif found := _YEAR_LAST.fullmatch(text):
        yield from _in_order(found[1], found[3], found[4], found[2], order)
    elif found := _SHORT_YEAR_FIRST.fullmatch(text):
        yield _day(_year(found[1]), found[2], found[3])
    elif found := _SHORT_YEAR.fullmatch(text):
        yield from _short(found, order)


def _in_order(one: str, two: str, year: str | int, mark: str, order: Order | None) -> Iterator[date | None]:
    """With points only the day comes first, in every country that writes points."""
    if order != "month-day":
        yield _day(year, two, one)
    if order != "day-month" and mark != ".":
        yield _day(year, one, two)


def _short(found: re.Match[str], order: Order | None) -> Iterator[date | None]:
    """With two digits of the year and no points, the year may also come first, unless the column has an order."""
    one, mark, two, three = found.groups()
    yield from _in_order(one, two, _year(three), mark, order)
    if order is None and mark != "." and len(one) == 2:  # noqa: PLR2004
        yield _day(_year(one), two, three)


def _belong(first: str, second: str) -> bool:
    return (first, second) == ("年", "月") or (first == second and first != "年")


def _named(text: str) -> Iterator[date | None]:
    if found := _DAY_MONTH_NAME.fullmatch(text):
        yield _day(_year(found[3]), month(found[2]), found[1])
    elif (found := _MONTH_NAME_DAY.fullmatch(text)) and month(found[1]):
        yield _day(_year(found[3]), month(found[1]), found[2])
    elif found := _YEAR_MONTH_NAME.fullmatch(text):
        yield _day(found[1], month(found[2]), found[3])
    elif found := _ERA.fullmatch(text):
        yield _in_era(found)
    elif (found := _FIRST_WORD.match(text)) and is_weekday(found[1]):
        yield from _candidates(text[found.end() :], None)


_ERAS = {
    "令和": (date(2019, 5, 1), date.max),
    "平成": (date(1989, 1, 8), date(2019, 4, 30)),
    "昭和": (date(1926, 12, 25), date(1989, 1, 7)),
    "民国": (date(1912, 1, 1), date.max),
    "民國": (date(1912, 1, 1), date.max),
}
"""The first and the last day of Japan's eras, whose first year is 1 or 元, and the first of the Republic's years."""


def _in_era(found: re.Match[str]) -> date | None:
    first, last = _ERAS[found[1]]
    day = _day(first.year - 1 + (1 if found[2] == "元" else int(found[2])), found[3], found[4])
    return day if day is not None and first <= day <= last else None


def _year(text: str) -> int:
    number = int(text)
    if len(text) == 4:  # noqa: PLR2004
        return number
    return number + (1900 if number >= PIVOT else 2000)


def _day(year: str | int, month_number: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month_number), int(day))
    except ValueError:
        return None

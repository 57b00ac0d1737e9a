"""What a cell's number format makes of its number: a day, a time, a span, a percentage, or just a number.

ECMA-376 part 1, 18.8.30 lists the formats without a code of their own; 27 to 58 are the East Asian ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum

from b2b.sheets.files.columns import Kind
from b2b.sheets.files.telling import Percentage, duration, pack, pack_number, pack_text
from b2b.sheets.signs import meant_by


class Form(Enum):
    """How a number is shown."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    MOMENT = "moment"
    """With hours or seconds, perhaps without a day."""
    SPAN = "span"


@dataclass(frozen=True, slots=True)
class Padded:
    """A number shown with leading zeros, as part numbers are: 4711 in ``000000`` is 004711."""

    digits: int


Shown = Form | Padded

_BUILT_IN = {
    **dict.fromkeys((9, 10), Form.PERCENT),
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, *range(50, 59)), Form.DAY),
    **dict.fromkeys((18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 47), Form.MOMENT),
    46: Form.SPAN,
}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS = re.compile(r"0{2,15}")
_FOR_SEVERAL = re.compile(r"(?:/|\b(?:per|pro|je))\s*1[.,' ]?0{2,}", re.IGNORECASE)
_LITERAL = re.compile(r'\[\$([^\]-]*)(?:-[^\]]*)?\]|"([^"]*)"|\\?([$€£¥])')
_FIRST_OWN = 50
"""Formats of a lower number have the currency of whoever looks at them."""
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_EPOCH_1900, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 — a sheet knows no zone
_BEFORE_LEAP_DAY = 60
"""The serial of 29 February 1900, which Lotus 1-2-3 took for a day and everybody since: days before count from one
day later, and itself is none."""
_LAST_SERIAL = {False: 2_958_466, True: 2_957_004}
"""The first serial beyond the year 9999."""


def form_of(code: str) -> Shown:
    """By the format's code."""
    if _ZEROS.fullmatch(code):
        return Padded(len(code))
    elapsed = _ELAPSED.search(re.sub(r'"[^"]*"|\\.', "", code))
    bare = _QUOTED.sub("", code).casefold()
    if "%" in bare:
        return Form.PERCENT
    if elapsed:
        return Form.SPAN
    if "general" in bare or not re.search(r"[ymdhs]", bare):
        return Form.NUMBER
    return Form.MOMENT if re.search(r"[hs]", bare) else Form.DAY


def sign_of(number: int, codes: Mapping[int, str]) -> str:
    """The currency a format shows its numbers in, or how many a price is for: "$", "EUR", "/100"; else empty."""
    positive = codes.get(number, "").partition(";")[0] if number >= _FIRST_OWN else ""
    literals = ("".join(found).strip() for found in _LITERAL.findall(positive))
    return next((text for text in literals if text and (meant_by(text) or _FOR_SEVERAL.search(text))), "")


def forms_of(number: int, codes: Mapping[int, str]) -> Shown:
    """By the format's number; its own code comes first, for programs use the built-in numbers as they like."""
    return form_of(codes[number]) if number in codes else _BUILT_IN.get(number, Form.NUMBER)


def is_percent(code: str) -> bool:
    """Whether a format shows a number as a percentage: a percent sign that is neither quoted nor escaped."""
    return form_of(code) is Form.PERCENT


def pack_formatted(number: float, form: Shown, *, from_1904: bool) -> tuple[bytes, Kind]:
    """The number as its cell shows it, on the wire."""
    if form is Form.NUMBER or number - number != 0:
        return pack_number(number)
    if isinstance(form, Padded):
        is_short = number == int(number) and 0 <= number < 10 ** (form.digits - 1)
        return pack_text(f"{int(number):0{form.digits}d}") if is_short else pack_number(number)
    if form is Form.PERCENT:
        return pack(Percentage(number))
    if form is Form.SPAN:
        return _span(number)
    return _moment(number, form, from_1904=from_1904)


def _span(days: float) -> tuple[bytes, Kind]:
    if abs(days) > _LAST_SERIAL[False]:
        return pack_number(days)
    return pack_text(duration(timedelta(days=days)))


def _moment(serial: float, form: Shown, *, from_1904: bool) -> tuple[bytes, Kind]:
    """A number that is no day, such as one below zero or the 29 February 1900, stays a number."""
    first = 0 if form is Form.MOMENT or from_1904 else 1
    if not first <= serial < _LAST_SERIAL[from_1904]:
        return pack_number(serial)
    if not from_1904 and _BEFORE_LEAP_DAY <= serial < _BEFORE_LEAP_DAY + 1:
        return pack_number(serial)
    found = day_and_time(serial, from_1904=from_1904)
    if form is Form.MOMENT and serial < 1:
        return pack(found.time())
    is_day = form is Form.DAY and found.time() == datetime.min.time()
    return pack(date(found.year, found.month, found.day)) if is_day else pack(found)


def day_and_time(serial: float, *, from_1904: bool) -> datetime:
    """To the millisecond: more than a double holds of a day in our time is noise."""
    whole = math.floor(serial)
    milliseconds = round((serial - whole) * 86_400_000)
    if not from_1904 and 1 <= serial < _BEFORE_LEAP_DAY:
        whole += 1
    return (_EPOCH_1904 if from_1904 else _EPOCH_1900) + timedelta(days=whole, milliseconds=milliseconds)


def iso_moment(text: str) -> date | datetime | time | None:
    """A day, a time or both as ISO 8601 writes them, which is how Strict Open XML does; without a zone."""
    for kind in (date, time, datetime):
        try:
            return kind.fromisoformat(text.removesuffix("Z"))
        except ValueError:
            continue
    return None

"""What a cell's number format makes of its number: a day, a time, a span, a percentage, or just a number.

ECMA-376 part 1, 18.8.30 lists the formats without a code of their own; 27 to 58 are the East Asian ones.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from itertools import takewhile

from b2b.sheets.files.columns import Kind
from b2b.sheets.files.telling import Percentage, duration, pack, pack_number
from b2b.sheets.signs import SCALED, meant_by


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


@dataclass(frozen=True, slots=True)
class Masked:
    """A whole number shown with letters before it or signs between its digits: 815 in ``"ART-"0000`` is ART-0815.

    ``parts`` are texts, and as numbers how many digits stand there.
    """

    parts: tuple[str | int, ...]

    @property
    def digits(self) -> int:
        return sum(part for part in self.parts if isinstance(part, int))


Shown = Form | Padded | Masked

_BUILT_IN = {
    **dict.fromkeys((9, 10), Form.PERCENT),
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, *range(50, 59)), Form.DAY),
    **dict.fromkeys((18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 47), Form.MOMENT),
    46: Form.SPAN,
}
NOT_ALWAYS_NUMBERS = frozenset(_BUILT_IN)
"""Programs that number their own formats from 50 on use these too, so some readers take their prices for days."""
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS = re.compile(r"0{2,15}")
_MASK = re.compile(r'(?P<text>"[^"]*"|\\.|[-/ ():])|(?P<digits>0+)')
_OPENS_CODE = re.compile(r"[^\W\d_][\w./#-]*")
_FOR_SEVERAL = re.compile(r"(?:/|\b(?:per|pro|je))\s*1[.,' ]?0{2,}", re.IGNORECASE)
_LITERAL = re.compile(r'\[\$([^\]-]*)(?:-[^\]]*)?\]|"([^"]*)"|\\?([$€£¥])')
_SCALED = re.compile(r"[0#?](,+)(?:\.[0#?]*)?[^0#?,]*$")
"""Commas behind the last digit of the whole part: each shows a thousandth."""
_FIRST_OWN = 50
"""Formats of a lower number have the currency of whoever looks at them."""
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
KEPT_DIGITS = 15
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
    if mask := _mask(code):
        return mask
    elapsed = _ELAPSED.search(re.sub(r'"[^"]*"|\\.', "", code))
    bare = _QUOTED.sub("", code).casefold()
    if "%" in bare:
        return Form.PERCENT
    if elapsed:
        return Form.SPAN
    if "general" in bare or not re.search(r"[ymdhs]", bare):
        return Form.NUMBER
    return Form.MOMENT if re.search(r"[hs]", bare) else Form.DAY


def _mask(code: str) -> Masked | None:
    """Letters without a blank behind them and then digits, or digits in several groups; no amount is shown so."""
    found = list(_MASK.finditer(code))
    if "0" not in code or "".join(part[0] for part in found) != code:
        return None
    parts = tuple(len(part["digits"]) if part["digits"] else _literal(part["text"]) for part in found)
    before = "".join(takewhile(lambda part: isinstance(part, str), parts))  # type: ignore[arg-type]
    groups = [part for part in parts if isinstance(part, int)]
    is_code = bool(_OPENS_CODE.fullmatch(before)) and not meant_by(before)
    is_grouped = len(groups) > 1 and groups[0] > 1 and not before
    return Masked(parts) if (is_code or is_grouped) and sum(groups) <= KEPT_DIGITS else None


def sign_of(number: int, codes: Mapping[int, str]) -> str:
    """The currency a format shows its numbers in, how many a price is for, or by how much they are scaled down.

    Such as "$", "EUR", "/100", "×1000"; else empty.
    """
    return sign_in(codes.get(number, "")) if number >= _FIRST_OWN else ""


def sign_in(code: str) -> str:
    positive = code.partition(";")[0]
    if scaled := _SCALED.search(_QUOTED.sub("", positive)):
        return f"{SCALED}{1000 ** len(scaled[1])}"
    return currency_or_base("".join(found).strip() for found in _LITERAL.findall(positive))


def currency_or_base(texts: Iterable[str]) -> str:
    """The first text beside a number that is a currency or says how many a price is for; else nothing."""
    return next((text for text in texts if text and (meant_by(text) or _FOR_SEVERAL.search(text))), "")


def forms_of(number: int, codes: Mapping[int, str]) -> Shown:
    """By the format's number; its own code comes first, for programs use the built-in numbers as they like."""
    return form_of(codes[number]) if number in codes else _BUILT_IN.get(number, Form.NUMBER)


def pack_formatted(number: float, form: Shown, *, from_1904: bool) -> tuple[bytes, Kind]:
    """The number as its cell shows it, on the wire."""
    return pack_number(number) if form is Form.NUMBER else pack(formatted(number, form, from_1904=from_1904))


def formatted(number: float, form: Shown, *, from_1904: bool) -> object:
    """The number as its cell shows it: itself, a text, a percentage, a day or a time."""
    if form is Form.NUMBER or number - number != 0:
        return number
    if isinstance(form, Padded):
        is_short = number == int(number) and 0 <= number < 10 ** (form.digits - 1)
        return f"{int(number):0{form.digits}d}" if is_short else number
    if isinstance(form, Masked):
        fits = number == int(number) and 0 <= number < 10**KEPT_DIGITS
        return _in_mask(int(number), form) if fits else number
    if form is Form.PERCENT:
        return Percentage(number)
    if form is Form.SPAN:
        return number if abs(number) > _LAST_SERIAL[False] else duration(timedelta(days=number))
    return _moment(number, form, from_1904=from_1904)


def _literal(text: str) -> str:
    return text[1:-1] if text.startswith('"') else text.removeprefix("\\")


def _in_mask(number: int, mask: Masked) -> str:
    """Digits that find no place stand before the first group."""
    digits = f"{number:0{mask.digits}d}"
    at = len(digits) - mask.digits
    shown, is_first = [], True
    for part in mask.parts:
        if isinstance(part, str):
            shown.append(part)
            continue
        start, at = (0 if is_first else at), at + part
        shown.append(digits[start:at])
        is_first = False
    return "".join(shown)


def _moment(serial: float, form: Shown, *, from_1904: bool) -> object:
    """A number that is no day, such as one below zero or the 29 February 1900, stays a number."""
    first = 0 if form is Form.MOMENT or from_1904 else 1
    if not first <= serial < _LAST_SERIAL[from_1904]:
        return serial
    if not from_1904 and _BEFORE_LEAP_DAY <= serial < _BEFORE_LEAP_DAY + 1:
        return serial
    found = day_and_time(serial, from_1904=from_1904)
    if form is Form.MOMENT and serial < 1:
        return found.time()
    is_day = form is Form.DAY and found.time() == datetime.min.time()
    return date(found.year, found.month, found.day) if is_day else found


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

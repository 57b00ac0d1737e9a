"""What a number is, where a file tells both the number and the text its cell shows: zeros, letters and currencies.

So do .ods and the web pages spreadsheet programs write. Other formats tell how a number is shown (``formats``).
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from b2b.sheets.files.formats import KEPT_DIGITS, currency_or_base
from b2b.sheets.files.telling import Percentage
from b2b.sheets.numbers import readings
from b2b.sheets.signs import SCALED, meant_by

LONGEST = 60
_AMOUNT = re.compile(r"[-+(]?\d[\d.,'\s\u00a0\u202f]*\)?-?")
_DIGITS = re.compile(r"\d[\d.,'\s\u00a0\u202f]*")
_ITEM = re.compile(r"(?P<before>[^\W\d_][\w./#-]*?)?(?P<digits>\d+(?:[-/ .]\d+)*)", re.ASCII)
_SCALES = 1_000, 1_000_000


def beheld(number: float, shown: str) -> tuple[object, str]:
    """The number, or the text where that is an item number; and the sign beside it, as a format would have it."""
    text = shown.strip()
    if not text or len(text) > LONGEST or number - number != 0:
        return number, ""
    if number == int(number) and 0 <= number < 10**KEPT_DIGITS and _is_item(int(number), text):
        return text, ""
    if _AMOUNT.fullmatch(text):
        return number, _scale(number, text)
    sign = _beside(_DIGITS.sub("0", text))
    found = _DIGITS.findall(text)
    return number, sign or (_scale(abs(number), found[0].strip()) if len(found) == 1 else "")


def of_page(number: float, shown: str) -> tuple[object, str]:
    """The same for a page, which does not say what kind of value it is: its days and yes or no are what is shown."""
    text = shown.strip()
    if text.endswith(("%", "％")) and number - number == 0:
        return Percentage(number), ""
    value, sign = beheld(number, text)
    is_number = not text or not isinstance(value, float) or sign or readings(text, money=True).values()
    return (value, sign) if is_number else (text, "")


def _is_item(number: int, text: str) -> bool:
    """The same digits behind zeros, behind letters, or in groups that are no thousands."""
    found = _ITEM.fullmatch(text)
    if found is None or (found["before"] and meant_by(found["before"])):
        return False
    digits = re.sub(r"\D", "", found["digits"])
    if int(digits) != number:
        return False
    if found["before"] or found["digits"].isdecimal():
        return bool(found["before"]) or (len(digits) > 1 and digits.startswith("0"))
    return len(found["digits"].split("-")) > 1 or digits.startswith("0")


@lru_cache(maxsize=2_000)
def _beside(shape: str) -> str:
    """By the text with a zero for its number."""
    return currency_or_base([part.strip() for part in shape.split("0", 1)])


def _scale(number: float, text: str) -> str:
    """Where the text is no rounding of the number, but of its thousandth."""
    read = readings(text, money=True).values()
    value = Decimal(repr(number))
    if not read or number == 0 or any(_rounds(value, shown) for shown in read):
        return ""
    scales = (scale for scale in _SCALES if any(_rounds(value / scale, shown) for shown in read))
    return next((f"{SCALED}{scale}" for scale in scales), "")


def _rounds(value: Decimal, shown: Decimal) -> bool:
    """Whether ``shown`` is the value to its own places, or a unit more for good measure."""
    return abs(value - shown) <= Decimal(1).scaleb(int(shown.as_tuple().exponent))

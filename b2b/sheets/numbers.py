"""Numbers as people write them, read only where there is one way to read them.

A text is read twice, once with the point as decimal mark and once with the comma. "2,000.000" and "1,5" make
sense in only one of the two; "1000" is the same in both; "1.234" is 1.234 or 1234, and then only other numbers
can tell: first those of the same column, then those of the whole sheet (``decimal_mark``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from b2b.sheets.signs import meant_by

POINT, COMMA = ".", ","
LONGEST = 80

_SIGNS = r"[A-Z]{0,3}\$|[€£¥₹₩₽฿₫₺₱₪₦]"
_BEFORE = re.compile(rf"({_SIGNS}|[A-Z]{{3}}|人民币)\s*(?=[\d.,(+-])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[\d.,)+-])\s*({_SIGNS}|[A-Z]{{3}}|人民币|元|圆|円|圓)$", re.IGNORECASE)


def _pattern(mark: str, groups: str) -> re.Pattern[str]:
    """Whole digits, or groups of three behind a first that is not zero, then perhaps the mark and decimals."""
    grouped = "|".join(rf"[1-9]\d{{0,2}}(?:{group}\d{{3}})+" for group in groups)
    indian = r"|[1-9]\d?(?:,\d\d)+,\d{3}" if mark == POINT else ""
    mark = re.escape(mark)
    return re.compile(
        rf"(?P<whole>\d+|{grouped.replace('.', chr(92) + '.')}{indian})?(?:{mark}(?P<places>\d*))?", re.ASCII
    )


_PATTERNS = {POINT: _pattern(POINT, ", '"), COMMA: _pattern(COMMA, ". '")}


@dataclass(frozen=True, slots=True)
class Readings:
    """What a text says with the point as decimal mark and what with the comma; ``None`` where it says nothing.

    ``currency`` is the sign or code that stood beside the number.
    """

    with_point: Decimal | None
    with_comma: Decimal | None
    currency: str = ""

    @property
    def mark(self) -> str | None:
        """The decimal mark this text gives away, if it does."""
        if self.with_point is None and self.with_comma is not None:
            return COMMA
        if self.with_comma is None and self.with_point is not None:
            return POINT
        return None

    def values(self) -> tuple[Decimal, ...]:
        """The different numbers it may be: none, one or two."""
        found = [value for value in (self.with_point, self.with_comma) if value is not None]
        return tuple(dict.fromkeys(found))

    def by(self, mark: str) -> Decimal | None:
        return self.with_point if mark == POINT else self.with_comma


def readings(text: str, *, money: bool = False) -> Readings:
    """Every way to read ``text`` as a number; with ``money`` a currency may stand before or behind it."""
    rest = _normal(text)
    if len(rest) > LONGEST:
        return Readings(None, None)
    rest, currency = _without_currency(rest) if money else (rest, "")
    rest, sign = _without_sign(rest)
    if money and not currency:
        rest, currency = _without_currency(rest)
    point, comma = (_value(rest, mark, sign) for mark in (POINT, COMMA))
    return Readings(point, comma, currency)


def decimal_mark(texts: Iterable[str], *, money: bool = False) -> str | None:
    """The decimal mark that all telling numbers among ``texts`` agree on; ``None`` if none tells or two differ."""
    marks = {readings(text, money=money).mark for text in texts} - {None}
    return marks.pop() if len(marks) == 1 else None


def _normal(text: str) -> str:
    """ASCII digits, plain spaces and apostrophes, the hyphen as minus."""
    folded = unicodedata.normalize("NFKC", text).strip()
    folded = folded.translate({0x2212: "-", 0x2013: "-", 0x2019: "'", 0x60: "'", 0xB4: "'"})
    return re.sub(r"\s", " ", folded)


def _without_currency(text: str) -> tuple[str, str]:
    """What is left without the currency, and the currency; letters that are no currency stay where they are."""
    start = len(text) - len(text.lstrip("+-("))
    found = _BEFORE.match(text, start) or _AFTER.search(text, 0, len(text.rstrip(")")))
    if found is None or not meant_by(found[1]):
        return text, ""
    return (text[: found.start()] + text[found.end() :]).strip(), found[1].upper()


def _without_sign(text: str) -> tuple[str, int]:
    """Minus before or behind, or bookkeepers' brackets."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), -1
    if text.startswith(("+", "-")):
        return text[1:].strip(), -1 if text[0] == "-" else 1
    if text.endswith("-"):
        return text[:-1].strip(), -1
    return text, 1


def _value(text: str, mark: str, sign: int) -> Decimal | None:
    found = _PATTERNS[mark].fullmatch(text)
    if found is None or not (found["whole"] or found["places"]):
        return None
    whole = re.sub(r"\D", "", found["whole"] or "0")
    return sign * Decimal(f"{whole}.{found['places'] or 0}") if found["places"] else sign * Decimal(whole)

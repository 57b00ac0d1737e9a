"""Numbers as people write them, read only where there is one way to read them.

A text is read twice, once with the point as decimal mark and once with the comma. "2,000.000" and "1,5" make
sense in only one of the two; "1000" is the same in both; "1.234" is 1.234 or 1234, and then only other numbers
can tell: first those of the same column, then those of the whole sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from b2b.sheets.cells import level
from b2b.sheets.signs import meant_by
from b2b.unit import find_unit

POINT, COMMA = ".", ","
LONGEST = 80

_SIGNS = r"\$(?:US|CA|AU)|£(?:GB|UK)|[A-Z]{0,3}[$¥]|[€£₹₩₽฿₫₺₱₪₦₴]"
_NAMES = r"人民币|美元|欧元|港币|港元|日元|英镑|euros?|yuan|z[łl]|Kč|руб\.?|р\.|грн\.?|SFr\.?|Fr\.|Rs\.?"
_BEFORE = re.compile(rf"({_SIGNS}|{_NAMES}|[A-Z]{{3}}|元)\s*(?=[\d.,(+-])", re.IGNORECASE)
_AFTER = re.compile(rf"(?<=[\d.,)+\-万亿萬億])\s*({_SIGNS}|{_NAMES}|[A-Z]{{3}}|元|圆|円|圓)$", re.IGNORECASE)
_EACH = re.compile(r"^(?:à|á|@)\s*(?=\S)")
_PER = re.compile(
    r"(?<=[\d.,)\-元圆円圓$€£¥A-Za-złčÀ-ž])\s*(?:/|\b(?:per|pro|je|par|por|za|за)\b|每)\s*(\S.*)$", re.IGNORECASE
)
_SEVERAL = re.compile(r"([1-9]\d{0,8})\s*([^\s\d.,].*)?")
_NO_CENTS = re.compile(r"(?<=\d)[.,]-{1,2}$")
_MANY = re.compile(r"([万萬]?[亿億]|[万萬])$")
_TIMES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?E([+-])(\d{1,2})", re.IGNORECASE | re.ASCII)
_ROUNDED_FROM = 11
"""A spreadsheet shows numbers of more than eleven digits with an exponent, and drops most of the digits."""
_MARKS = {
    0x2212: "-",
    0x2010: "-",
    0x2011: "-",
    0x2012: "-",
    0x2013: "-",
    0x2014: "-",
    0x2019: "'",
    0x60: "'",
    0xB4: "'",
}


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

    ``currency`` is the sign or code that stood beside the number, ``currencies`` what it may mean; ``per`` the
    code of the unit a price is for. ``is_for_several`` where a price is for several units, such as "5.20/100 pcs":
    then there is no reading, and ``several`` has how many and what else is said, where that is plain; ``is_rounded``
    where a spreadsheet has dropped digits, as in 1.23457E+12.
    """

    with_point: Decimal | None
    with_comma: Decimal | None
    currency: str = ""
    currencies: frozenset[str] = frozenset()
    per: str = ""
    is_for_several: bool = False
    several: tuple[Decimal, Readings] | None = None
    is_rounded: bool = False

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


NOTHING = Readings(None, None)


def readings(text: str, *, money: bool = False) -> Readings:
    """Every way to read ``text`` as a number; with ``money`` a currency and a unit may stand beside it."""
    rest = level(text).translate(_MARKS).strip()
    if len(rest) > LONGEST:
        return NOTHING
    return _price(rest) if money else _number(rest)


def decimal_mark(texts: Iterable[str], *, money: bool = False) -> str | None:
    """The decimal mark that all telling numbers among ``texts`` agree on; ``None`` if none tells or two differ."""
    marks = {readings(text, money=money).mark for text in texts} - {None}
    return marks.pop() if len(marks) == 1 else None


def unmistakable(value: Decimal) -> str:
    """The number written so that it has one reading only: 1.2340, as 1.234 might be 1234."""
    text = f"{value:f}"
    return text if len(readings(text).values()) == 1 else f"{text}0"


def _price(text: str) -> Readings:
    text = _EACH.sub("", text)
    found = _PER.search(text)
    if found is None:
        return _money(text)
    if found[1][0].isdigit() and found[1] != "1":
        price = _money(text[: found.start()])
        return replace(NOTHING, is_for_several=bool(price.values()), several=_several(price, found[1]))
    unit = find_unit(found[1])
    return replace(_money(text[: found.start()]), per=unit.code) if unit else NOTHING


def _several(price: Readings, said: str) -> tuple[Decimal, Readings] | None:
    """The number of "100 pcs" with the price of so many; ``None`` where it is not that plain."""
    found = _SEVERAL.fullmatch(said)
    unit = find_unit(found[2]) if found and found[2] else None
    if found is None or not price.values() or (found[2] and unit is None):
        return None
    return Decimal(found[1]), replace(price, per=unit.code if unit else "")


def _money(text: str) -> Readings:
    """A number with its currency, before it, behind it, or both where they agree."""
    signs: list[str] = []
    text = _without_currency(text, signs)
    text, sign = _without_sign(text)
    text = _without_currency(text, signs)
    meanings = [meant_by(one) for one in signs]
    currencies = frozenset.intersection(*meanings) if meanings else frozenset()
    if signs and not currencies:
        return NOTHING
    read = _unsigned(text, sign)
    return replace(read, currency=min(signs, key=lambda one: len(meant_by(one)), default=""), currencies=currencies)


def _number(text: str) -> Readings:
    return _unsigned(*_without_sign(text))


def _unsigned(text: str, sign: int) -> Readings:
    if cents := _NO_CENTS.search(text):
        mark = text[cents.start()]
        value = _value(text[: cents.start()], mark, sign)
        return Readings(value, None) if mark == POINT else Readings(None, value)
    if found := _SCIENTIFIC.fullmatch(text):
        return _scientific(found, sign)
    times = 1
    if many := _MANY.search(text):
        text = text[: many.start()].rstrip()
        for character in many[1]:
            times *= _TIMES[character]
    return Readings(_value(text, POINT, sign * times), _value(text, COMMA, sign * times))


def _scientific(found: re.Match[str], sign: int) -> Readings:
    """One digit before the mark: whichever mark it is, it is the decimal one."""
    places, exponent = found[2] or "", int(found[3] + found[4])
    value = sign * Decimal(f"{found[1]}.{places or 0}").scaleb(exponent)
    value = Decimal(int(value)) if exponent >= len(places) else value
    is_rounded = exponent >= _ROUNDED_FROM and exponent > len(places)
    return Readings(value, value, is_rounded=is_rounded)


def _without_currency(text: str, signs: list[str]) -> str:
    """What is left without the currency, which is added to ``signs``; letters that are none stay where they are."""
    start = len(text) - len(text.lstrip("+-("))
    if (found := _BEFORE.match(text, start)) and meant_by(found[1]):
        signs.append(found[1].upper())
        text = (text[: found.start()] + text[found.end() :]).strip()
    if (found := _AFTER.search(text, 0, len(text.rstrip(")")))) and meant_by(found[1]):
        signs.append(found[1].upper())
        text = (text[: found.start()] + text[found.end() :]).strip()
    return text


def _without_sign(text: str) -> tuple[str, int]:
    """Minus before or behind, or bookkeepers' brackets."""
    if text.startswith("(") and text.endswith(")"):
        return text[1:-1].strip(), -1
    if text.startswith(("+", "-")):
        return text[1:].strip(), -1 if text[0] == "-" else 1
    if text.endswith("-") and not _NO_CENTS.search(text):
        return text[:-1].strip(), -1
    return text, 1


def _value(text: str, mark: str, times: int) -> Decimal | None:
    found = _PATTERNS[mark].fullmatch(text)
    if found is None or not (found["whole"] or found["places"]):
        return None
    whole = re.sub(r"\D", "", found["whole"] or "0")
    return times * Decimal(f"{whole}.{found['places']}") if found["places"] else times * Decimal(whole)

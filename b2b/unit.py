"""Units of measure: UN/ECE Recommendation 20, Revision 17, and the packages of Recommendation 21.

The tables are ours, in ``b2b/data`` (its README says how they were made). A unit belongs to a dimension when it can
be converted; ``factor`` leads to that dimension's base, exactly. ``unit`` looks up a code, ``find_unit`` reads what
people write.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from b2b.likeness import closest

COUNT = "count"
_MEASURED_PLACES = 3


class UnknownUnit(ValueError):
    """Not a unit code of Rec 20, nor of Rec 21 with its leading X."""

    def __init__(self, text: object) -> None:
        super().__init__(_("“%(text)s” is not a known unit of measure.") % {"text": str(text)[:40]})


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit. A value in it becomes one in the dimension's base by ``(value + offset) * factor``.

    ``status`` is Rec 20's: empty for current, ``D`` deprecated, ``X`` withdrawn (kept, as old documents carry it).
    """

    code: str
    name: str
    symbol: str
    chinese: str
    dimension: str
    factor: Fraction | None
    offset: Fraction
    status: str

    @property
    def is_current(self) -> bool:
        return not self.status

    @property
    def places(self) -> int:
        """Decimal places that make sense for a quantity: none for what is counted, three for what is measured."""
        return 0 if self.dimension == COUNT else _MEASURED_PLACES

    def label(self, language: str | None = None) -> str:
        """For people: the Chinese name for readers of Chinese where there is one, else the English."""
        reads_chinese = (language or get_language() or "").startswith("zh")
        return self.chinese if reads_chinese and self.chinese else self.name


def unit(code: str) -> Unit:
    """Raises ``UnknownUnit``. Codes are exact: capitals, no spaces."""
    try:
        return units()[code]
    except (KeyError, TypeError):
        raise UnknownUnit(code) from None


def find_unit(text: str) -> Unit | None:
    """The unit somebody meant by a spelling, a code, a symbol or a name in English or Chinese; ``None`` if unsure.

    Trade spellings come first, so "KGS" is kilograms although Rec 20 has a code KGS, and "Pa" is nothing, as it may
    be pairs or packets; some count only as they are written, such as "St." for pieces; then codes and symbols
    exactly as written (mW is not MW), then names and codes in any case.
    """
    plain = _plain(text)
    code = _as_written().get(_narrow(text))
    if code is None:
        code = _spellings().get(plain)
    if code is None:
        code = _exact().get(_narrow(text)) or _loose().get(plain)
    return units().get(code or "")


def similar_units(text: str) -> list[Unit]:
    """Units whose spelling or name looks like ``text``, most alike first: for a suggestion, never for a reading."""
    codes = dict.fromkeys(_traded()[name] for name in closest(_plain(text), _traded()))
    return [units()[code] for code in codes]


@cache
def units() -> Mapping[str, Unit]:
    """Every unit by code, withdrawn ones too."""
    chinese = dict(_rows("unit_names_zh.csv"))
    return MappingProxyType({row[0]: _unit(row, chinese.get(row[0], "")) for row in _rows("units.csv")})


def current_units() -> list[Unit]:
    """What a new document may choose from, in the order of codes."""
    return [known for known in units().values() if known.is_current]


def _unit(row: list[str], chinese: str) -> Unit:
    code, name, symbol, dimension, factor, offset, status = row
    scale = Fraction(factor) if factor else None
    return Unit(code, name, symbol, chinese, dimension, scale, Fraction(offset or 0), status)


@cache
def _spellings() -> dict[str, str]:
    """Without a code what could mean several units."""
    return {spelling: code for spelling, code in _rows("unit_spellings.csv") if spelling == _plain(spelling)}


@cache
def _as_written() -> dict[str, str]:
    """Spellings whose capitals and dots tell what is meant: "St." is a piece, "ST" could be several things."""
    return {spelling: code for spelling, code in _rows("unit_spellings.csv") if spelling != _plain(spelling)}


@cache
def _traded() -> dict[str, str]:
    """What people call the units they trade in; most of the recommendation's two thousand are nobody's slip."""
    spellings = {spelling: code for spelling, code in _spellings().items() if code}
    return {_plain(units()[code].name): code for code in spellings.values()} | spellings


@cache
def _exact() -> dict[str, str]:
    symbols = _unambiguous((_narrow(known.symbol), known.code) for known in current_units() if known.factor)
    codes = {code: code for code, known in units().items() if known.status != "X"}
    return symbols | codes


@cache
def _loose() -> dict[str, str]:
    return _unambiguous(
        (_plain(name), known.code)
        for known in current_units()
        for name in {known.code, known.name, f"{known.name}s", known.chinese}
    )


def _unambiguous(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    meanings: dict[str, set[str]] = {}
    for text, code in pairs:
        meanings.setdefault(text, set()).add(code)
    return {text: codes.pop() for text, codes in meanings.items() if text and len(codes) == 1}


def _plain(text: str) -> str:
    """Width, case, dots, hyphens and blanks levelled: "Sq. Yd.", "SQ-YD" and "ｓｑ　ｙｄ" are all "sq yd"."""
    level = _narrow(text).casefold().replace(".", "")
    return re.sub(r"[\s_-]+", " ", level).strip()


def _narrow(text: str) -> str:
    """Full-width and raised characters levelled, case kept: "㎡" and "m²" are "m2"."""
    return unicodedata.normalize("NFKC", text).strip()


def _rows(name: str) -> Iterator[list[str]]:
    with (files("b2b.data") / name).open(encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows)
        yield from rows

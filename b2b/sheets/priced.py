"""What a price is for: so many of a unit, as it stands in a column of units or beside the price itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from b2b.sheets.amounts import QuantityNumber
from b2b.sheets.cells import Cell, level, shown
from b2b.sheets.codes import UnitCode
from b2b.sheets.numbers import unmistakable
from b2b.sheets.parser import Around, Parser, PricedIn
from b2b.sheets.sheet import Row
from b2b.sheets.words import words
from b2b.unit import find_unit

_COUNTED = re.compile(r"(?:(?:/|per|pro|je|par|por|za|за|每)\s*)?(\d[\d.,' ]*)\s*([^\d\s].*)", re.IGNORECASE)
_UNIT, _COUNT = UnitCode(), QuantityNumber()
ONE = Decimal(1)


@dataclass(frozen=True)
class PricedUnit(Parser[PricedIn]):
    """The unit a row's price and quantities are in, or what its price is for, such as "100 pcs".

    The number belongs to the price alone, also in "100 pcs" and "1000 Stk", which are units to other columns.
    """

    expects: ClassVar[str | Promise] = gettext_lazy(
        "a unit such as piece, kg or carton, or how many of one the price is for, such as 100 piece"
    )

    def read(self, cell: Cell, around: Around) -> PricedIn:
        text = words(cell, self.expects)
        found = _COUNTED.fullmatch(level(text))
        if found is None or find_unit(found[2]) is None:
            return PricedIn(ONE, _UNIT.read(text, around))
        return PricedIn(_COUNT.read(found[1].strip(), around), _UNIT.read(found[2], around))

    def write(self, value: PricedIn) -> str:
        named = _UNIT.write(value.unit)
        return named if value.count == ONE else f"{unmistakable(value.count.normalize())} {named}"

    def same(self, cell: Cell, value: PricedIn) -> bool:
        return _UNIT.same(cell, value.unit) if value.count == ONE else shown(cell).strip() == self.write(value)


def other_unit(row: Row, units: Iterable[str], priced_in: str, per: PricedIn) -> str:
    """What the row says, where its price says something else; a row that does not say it takes it from there.

    ``units`` are its columns of units, ``priced_in`` the one that says what the price is for.
    """
    if not priced_in:
        unit = next((row[name] for name in units if row[name]), "")
        return unit if unit != per.unit else ""
    said = row[priced_in]
    both = said.also(per) if said else per
    if both is None:
        return str(said)
    row[priced_in] = both
    return ""

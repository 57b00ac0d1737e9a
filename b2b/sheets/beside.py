"""What stands in a row beside the columns that are read, and makes another number of what is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from b2b.sheets.cells import Cell, is_blank, plain
from b2b.sheets.columns import CellReader
from b2b.sheets.files.wire import LAST_COLUMN
from b2b.sheets.layout import Layout
from b2b.sheets.priced import PricedUnit
from b2b.sheets.sheet import Row, Sheet, Wrong
from b2b.sheets.signs import SCALED
from b2b.sheets.table import Cells, at
from b2b.sheets.texts import UnitCode
from b2b.sheets.trade_words import meanings
from b2b.unit import COUNT, find_unit

_NUMBER = re.compile(r"\s*(\d{1,9})")
_WHOLE = re.compile(r"\s*-?\d+\s*", re.ASCII)
_PLACES = re.compile(r"(?:\d+|\d{3}\.\d+)\s*", re.ASCII)
_MOSTLY = 0.5


class Beside:
    """For one table."""

    def __init__(
        self, sheet: type[Sheet], layout: Layout, readers: list[CellReader], headings: Mapping[int, tuple[str, ...]]
    ) -> None:
        self.sheet = sheet
        self.last = max(headings, default=LAST_COLUMN)
        self.numbers = [reader for reader in readers if reader.column.parse.is_number] if headings else []
        self.readers = readers
        self.priced = [reader for reader in readers if reader.column.parse.carries_currency]
        self.scaled = [(reader, sign) for reader in self.numbers for sign in reader.signs if sign.startswith(SCALED)]
        self.shown = [
            (reader, sign)
            for reader in self.priced
            for sign in reader.signs
            if _NUMBER.search(sign) and not sign.startswith(SCALED)
        ]
        self.bases = [name for name, column in sheet.columns.items() if _means("price_unit", column.names())]
        has_units = any(isinstance(column.parse, (UnitCode, PricedUnit)) for column in sheet.columns.values())
        used = set(layout.columns.values())
        self.units = [
            place
            for place, texts in headings.items()
            if self.priced and not has_units and place not in used and _means("unit", map(plain, texts))
        ]

    @property
    def has_more(self) -> bool:
        """Whether there is anything but the number of cells to look at."""
        return bool(self.units or self.shown or self.scaled)

    def wrong(self, row: Row, cells: Cells) -> Iterator[Wrong]:
        """At the columns whose numbers are not what they seem."""
        if len(cells) > self.last:
            yield from self._split(cells)
        for reader, sign in self.scaled:
            if not is_blank(at(cells, reader.place)):
                yield Wrong(reader.name, "number-scaled", _scaled(sign))
        for reader, sign in self.shown if not any(row[name] for name in self.bases) else ():
            yield Wrong(reader.name, "price-for-several", self._is_for(sign))
        for place in self.units:
            if _is_several(at(cells, place)) and not any(row[name] for name in self.bases):
                for reader in self.priced:
                    yield Wrong(reader.name, "price-for-several", self._is_for(at(cells, place)))

    def _is_for(self, unit: Cell) -> str:
        if not self.bases:
            detail = _("The row is in “%(unit)s”, so this price seems to be for several. Write the price of one.")
            return detail % {"unit": unit}
        detail = _(
            "The row is in “%(unit)s”, so this price seems to be for several. Write the price of one, or how many it "
            "is for in a column “%(base)s”."
        )
        return detail % {"unit": unit, "base": self.sheet.columns[self.bases[0]].here}

    def _split(self, cells: Cells) -> Iterator[Wrong]:
        """In a text where commas part the cells, 1,50 without quotation marks is two of them."""
        if all(is_blank(cell) for cell in cells[self.last :]):
            return
        split = [reader for reader in self.numbers if _is_split(cells, reader.place)]
        for reader in split:
            whole, places = at(cells, reader.place), at(cells, reader.place + 1)
            detail = _(
                "The row has more cells than headings, as if the comma in %(one)s,%(two)s had ended a cell. Put "
                "numbers with a comma in quotation marks, or write them with a point."
            )
            yield Wrong(reader.name, "number-in-two-cells", detail % {"one": whole, "two": places})
        if not split and self.readers and self._is_one_of_few(len(cells)):
            detail = _(
                "The row has more cells than headings, as if a sign within a text had ended a cell, so the others may "
                "stand in wrong columns. Put such texts in quotation marks."
            )
            yield Wrong((self.numbers or self.readers)[0].name, "too-many-cells", detail)

    def _is_one_of_few(self, width: int) -> bool:
        """Whether nothing but texts was read, and most rows are shorter: a remark beside a table is no such row."""
        marks = self.readers[0].table.marks
        read = [marks[reader.place - 1] for reader in self.readers if 0 < reader.place <= len(marks)]
        if width > len(marks) or any(seen.numbers or seen.dates for seen in read):
            return False
        beyond = marks[self.last]
        return beyond.texts <= _MOSTLY * (beyond.texts + beyond.blanks)


def _scaled(sign: str) -> str:
    detail = _(
        "The column is formatted so that it shows its numbers divided by %(times)s. Format it as plain numbers, and "
        "check which number is meant."
    )
    return detail % {"times": sign.removeprefix(SCALED)}


def _means(meaning: str, spellings: Iterable[str]) -> bool:
    return any(spelling in meanings()[meaning] for spelling in spellings)


def _is_split(cells: Cells, place: int) -> bool:
    """Whether 12,50 or 1,234.50 may be what the two cells there were."""
    whole, places = at(cells, place), at(cells, place + 1)
    return (
        isinstance(whole, str)
        and isinstance(places, str)
        and bool(_WHOLE.fullmatch(whole) and _PLACES.fullmatch(places))
    )


def _is_several(cell: Cell) -> bool:
    """More than one of what is counted, such as "100 pcs", "Tsd." or "dozen"."""
    if not isinstance(cell, str) or not cell.strip():
        return False
    number = _NUMBER.match(cell)
    if number is not None and int(number[1]) > 1:
        return True
    unit = find_unit(cell)
    return unit is not None and unit.dimension == COUNT and unit.factor != 1

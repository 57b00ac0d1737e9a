"""What the cells of a column look like, where its heading does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from stdnum import ean

from b2b.sheets.absent import says_no_number
from b2b.sheets.cells import Cell, Unreadable, is_blank, shown
from b2b.sheets.header import Found
from b2b.sheets.layout import Match
from b2b.sheets.moments import Day, Instant
from b2b.sheets.parser import Around, Parser
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import at
from b2b.sheets.texts import Choice, CountryCode, CurrencyCode, Email, UnitCode, YesNo
from b2b.sheets.trade_words import meanings

SEEN = 30
FEWEST = 3
LONGEST_SAMPLE = 60
_TELLING = (UnitCode, CurrencyCode, CountryCode, Email, Day, Instant, Choice, YesNo)
"""Parsers that accept little by chance; a number may be anything."""
_READ = 0.9
BY_CONTENT = 0.75


@dataclass(frozen=True, slots=True)
class Samples:
    """The first filled cells of one column below the headings."""

    cells: tuple[Cell, ...]
    around: Around

    def share_read(self, parse: Parser[Any]) -> float:
        """How many of the cells the parser reads, from 0 to 1; 1 where there is none to read."""
        if not self.cells:
            return 1
        return sum(self._reads(parse, cell) for cell in self.cells) / len(self.cells)

    def telling(self) -> list[Cell]:
        """Those that do not just say that there is nothing."""
        return [cell for cell in self.cells if not (isinstance(cell, str) and says_no_number(cell))]

    def texts(self, most: int) -> list[str]:
        """Different ones, as people see them."""
        return list(dict.fromkeys(" ".join(shown(cell).split())[:LONGEST_SAMPLE] for cell in self.cells))[:most]

    def _reads(self, parse: Parser[Any], cell: Cell) -> bool:
        try:
            parse(cell, self.around)
        except Unreadable as problem:
            return problem.code == "two-readings" and not isinstance(parse, CurrencyCode)
        return True


def samples(table: SurveyedTable, place: int, *, after: int) -> Samples:
    cells = (at(row.cells, place) for row in table.head if row.number > after)
    filled = [cell for cell in cells if not is_blank(cell)]
    return Samples(tuple(filled[:SEEN]), Around(from_1904=table.from_1904))


def by_content(sheet: type[Sheet], table: SurveyedTable, found: Found, *, taken: set[int]) -> dict[str, Match]:
    """Columns that no heading names, where the cells of exactly one other column can be nothing else.

    Only required ones, and barcodes: their check digits cannot fit by chance.
    """
    named = found.fits.keys() | found.twice.keys()
    wanted = [
        name for name, column in sheet.columns.items() if name not in named and (column.required or is_barcode(column))
    ]
    used = taken | {place for places in found.twice.values() for place in places}
    free = [place for place in range(1, table.width + 1) if place not in used]
    likely = {name: set(filter(partial(_fits, table, found, sheet.columns[name]), free)) for name in wanted}
    matches: dict[str, Match] = {}
    while name := next((name for name, places in likely.items() if len(places) == 1), ""):
        (place,) = likely.pop(name)
        matches[name] = Match(place, found.headings.get(place, ""), BY_CONTENT, "content")
        for places in likely.values():
            places.discard(place)
    return matches


def likely_places(sheet: type[Sheet], table: SurveyedTable, name: str, *, after: int) -> Iterator[int]:
    """Where the cells can be read as the column asks."""
    for place in range(1, table.width + 1):
        seen = samples(table, place, after=after)
        if seen.cells and seen.share_read(sheet.columns[name].parse) >= _READ:
            yield place


def is_barcode(column: Column) -> bool:
    """Whether the column is one of GTINs, by what it is called."""
    return any(spelling in meanings()["gtin"] for spelling in column.names())


def _fits(table: SurveyedTable, found: Found, column: Column, place: int) -> bool:
    seen = samples(table, place, after=max(found.rows, default=0))
    if len(seen.cells) < FEWEST:
        return False
    if is_barcode(column):
        return all(isinstance(cell, (str, Decimal)) and ean.is_valid(shown(cell)) for cell in seen.cells)
    parse = column.parse
    if isinstance(parse, _TELLING):
        return seen.share_read(parse) >= _READ
    return parse.carries_currency and all(parse.currencies(cell) for cell in seen.cells)

"""How the headings of a table may be written where they stand once more further down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from b2b.sheets.cells import Cell, shown
from b2b.sheets.columns import CellReader
from b2b.sheets.headings import fits
from b2b.sheets.layout import Layout
from b2b.sheets.sheet import Sheet
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import SourceRow, at

FEWEST = 2
Words = list[tuple[int, frozenset[str]]]


def title_words(
    sheet: type[Sheet],
    table: SurveyedTable,
    layout: Layout,
    readers: Sequence[CellReader],
    headings: Mapping[int, tuple[str, ...]],
) -> Words:
    """By place; empty where the table has no headings."""
    if not layout.header_rows:
        return []
    again = _in_another_language(sheet, table, layout, readers)
    return [(reader.place, frozenset(_words(reader, headings, again))) for reader in readers]


def _words(reader: CellReader, headings: Mapping[int, tuple[str, ...]], again: SourceRow | None) -> Iterator[str]:
    texts = {*headings.get(reader.place, ()), *reader.column.heading, reader.column.title}
    if again:
        texts.add(shown(at(again.cells, reader.place)))
    yield from (text.strip().casefold() for text in texts if text)


def _in_another_language(
    sheet: type[Sheet], table: SurveyedTable, layout: Layout, readers: Sequence[CellReader]
) -> SourceRow | None:
    """The row below the headings, where it only names the same columns again: "Item No." below 货号."""
    row = next((row for row in table.head if row.number == layout.first_row), None)
    if row is None or len(readers) < FEWEST:
        return None
    cells = [at(row.cells, reader.place) for reader in readers]
    named = [_names(sheet, reader, cell) for reader, cell in zip(readers, cells, strict=True)]
    needed = all(is_named for reader, is_named in zip(readers, named, strict=True) if reader.column.required)
    return row if needed and sum(named) >= FEWEST and all(isinstance(cell, str) for cell in cells) else None


def _names(sheet: type[Sheet], reader: CellReader, cell: Cell) -> bool:
    return isinstance(cell, str) and any(fit.column == reader.name for fit in fits(sheet, cell))

"""Tables as a survey gives them, built by hand for the tests of mapping and reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from b2b.sheets.cells import Cell
from b2b.sheets.layout import Layout
from b2b.sheets.mapping import propose
from b2b.sheets.marks import source_rows
from b2b.sheets.marks import surveyed as surveyed_table
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.sheet import Sheet
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import SourceRow, Table


def surveyed(
    *rows: Sequence[Cell],
    name: str = "Sheet1",
    place: int = 1,
    hidden: bool = False,
    hidden_rows: Collection[int] = (),
    hidden_columns: tuple[int, ...] = (),
    merged: tuple[tuple[int, int, int, int], ...] = (),
) -> SurveyedTable:
    table = surveyed_table(Table(name, rows, hidden), place=place)
    head = tuple(replace(row, hidden=row.number in hidden_rows) for row in table.head)
    return replace(table, head=head, hidden_rows=len(hidden_rows), hidden_columns=hidden_columns, merged=merged)


def read_all(
    sheet: type[Sheet],
    table: SurveyedTable,
    layout: Layout | None = None,
    *,
    rows: Iterable[SourceRow] | None = None,
    currency: str = "",
) -> list[ReadRow]:
    """Every row of the table below its headings, by the layout proposed or the one given."""
    reader = RowReader(sheet, layout or propose(sheet, table).layout, table, currency=currency)
    return [reader.read(row) for row in rows or table.head if row.number > reader.header.row]


def sources(*rows: Sequence[Cell]) -> list[SourceRow]:
    return list(source_rows(Table("Sheet1", rows)))

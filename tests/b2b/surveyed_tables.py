"""Tables as a survey gives them, built by hand for the tests of mapping and reading."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from b2b.sheets.cells import Cell
from b2b.sheets.layout import Layout
from b2b.sheets.mapping import propose
from b2b.sheets.marks import source_rows
from b2b.sheets.marks import surveyed as surveyed_table
from b2b.sheets.parsers import choice, day, quantity, text, unit, unit_price
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.sheet import Column, Sheet
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


class Lines(Sheet):
    """Rows under section titles, as a bill of quantities has them."""

    number = Column(("Line", "行号"), text(20), required=False)
    item = Column(("Item", "品名"), text(200))
    section = Column(("Section", "分部"), text(100), required=False, takes_section=True)
    quantity = Column(("Quantity", "数量"), quantity())
    unit = Column(("Unit", "单位"), unit())
    price = Column(("Price", "价格"), unit_price(), required=False)
    needed = Column(("Required by", "需求日期"), day(), required=False)
    kind = Column(("Kind", "类别"), choice({"new": "New", "used": "Used"}), required=False)


LINES = ("Line", "Item", "Quantity", "Unit", "Price")


def reasons(rows: Sequence[ReadRow]) -> dict[int, str]:
    return {row.number: row.left_out for row in rows if row.left_out}


def faults(rows: Sequence[ReadRow]) -> list[tuple[str, str]]:
    return [(fault.cell, fault.code) for row in rows for fault in row.faults]


def told(rows: Sequence[ReadRow]) -> list[tuple[str, str, str]]:
    return [(one.cell, one.shown, one.taken) for row in rows for one in row.conversions]

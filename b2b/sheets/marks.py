"""What the texts of one column give away: its decimal mark, and how it writes days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import overload

from b2b.sheets.cells import Cell, is_blank
from b2b.sheets.files.columns import Tells, tells
from b2b.sheets.survey import HEAD_ROWS, ColumnMarks, SurveyedTable
from b2b.sheets.table import Cells, SourceRow, Table, at

_COUNTS = {Tells.POINT: "point", Tells.COMMA: "comma", Tells.DAY_FIRST: "day_first", Tells.MONTH_FIRST: "month_first"}


def marks_of(cells: Iterable[Cell]) -> ColumnMarks:
    """All counts of one column."""
    counts: Counter[str] = Counter()
    for cell in cells:
        counts[_kind(cell)] += 1
        if isinstance(cell, str) and (told := tells(cell)):
            counts[_COUNTS[told]] += 1
    return ColumnMarks(**counts)  # type: ignore[arg-type]  # all of them are counted


def _kind(cell: Cell) -> str:
    if is_blank(cell):
        return "blanks"
    if isinstance(cell, Decimal):
        return "numbers"
    return "dates" if isinstance(cell, date) else "texts"


class LazyMarks(Sequence[ColumnMarks]):
    """The marks of a table in memory, counted only for a column whose texts are in doubt."""

    def __init__(self, table: Table, width: int) -> None:
        self.table, self.width = table, width
        self.counted: dict[int, ColumnMarks] = {}

    def __len__(self) -> int:
        return self.width

    @overload
    def __getitem__(self, index: int) -> ColumnMarks: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[ColumnMarks]: ...
    def __getitem__(self, index: int | slice) -> ColumnMarks | Sequence[ColumnMarks]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(self.width))]
        if not 0 <= index < self.width:
            raise IndexError(index)
        if index not in self.counted:
            self.counted[index] = marks_of(at(row, index + 1) for row in self.table.rows)
        return self.counted[index]


def source_rows(table: Table) -> Iterator[SourceRow]:
    """The rows of a table in memory that hold something, as a survey gives them."""
    formulas: dict[int, list[int]] = {}
    for row, place in sorted(table.formulas):
        formulas.setdefault(row, []).append(place)
    for number, cells in enumerate(table.rows, start=1):
        if not all(map(is_blank, cells)):
            yield SourceRow(number, tuple(cells), formulas=tuple(formulas.get(number, ())))


def surveyed(table: Table, *, place: int = 1) -> SurveyedTable:
    """A table in memory as if it had been surveyed."""
    rows: list[Cells] = [row for row in table.rows if row]
    width = max((len(row) for row in rows), default=0)
    marks: Sequence[ColumnMarks] = LazyMarks(table, width)
    return SurveyedTable(
        place=place,
        name=table.name,
        hidden=table.hidden,
        from_1904=table.from_1904,
        row_count=len(table.rows),
        width=width,
        filled_rows=len(rows),
        head=tuple(islice(source_rows(table), HEAD_ROWS)),
        hidden_rows=0,
        hidden_columns=(),
        merged=(),
        marks=marks,  # type: ignore[arg-type]  # counted when asked for
    )

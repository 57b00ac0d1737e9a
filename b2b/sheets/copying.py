"""A new workbook with the tables of a file, its faults marked: for files nothing can be marked in, and large ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from b2b.sheets import styles
from b2b.sheets.cells import shown
from b2b.sheets.files.wire import REASONS_HEADING
from b2b.sheets.survey import Survey, SurveyedTable, survey
from b2b.sheets.table import Cells, SourceRow, at
from b2b.sheets.xlsx import Book, ColumnShape, Look, Shape, Worksheet, fragment, shown_width

Fault = tuple[int, int, str]
"""Row, column (0 for the whole row or table), and what to mend."""
Marks = Mapping[int, Mapping[int, Sequence[str]]]
"""Remarks by row and column."""

NARROWEST, WIDEST = 8, 60
MOST_FROZEN = 10
"""Headings further down would leave no room for the rows."""
HUGE_CELLS = 5_000_000


def copy_to(
    target: BinaryIO | Path, data: bytes, filename: str, *, table: str, heading_row: int, faults: Iterable[Fault]
) -> None:
    """Rows are written as they are read: memory does not grow with the file. Raises as ``survey`` does."""
    marks = by_place(faults, heading_row)
    with survey(data, filename) as found, Book(target) as book:
        for surveyed in found.tables:
            if surveyed.name == table:
                _Marked(book, surveyed, heading_row, marks).write(found)
            else:
                _plain(book, surveyed, found)


def by_place(faults: Iterable[Fault], heading_row: int) -> Marks:
    """What is wrong with the whole table is said beside its headings."""
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row, column, remark in faults:
        found[row or heading_row][column if row else 0].append(remark)
    return found


def _plain(book: Book, table: SurveyedTable, found: Survey) -> None:
    worksheet = _sheet(book, table, ())
    style = styles.style(book.looks, Look())
    for row in found.rows(table):
        worksheet.skip_to(row.number)
        worksheet.row([fragment(cell, style) for cell in row.cells], hidden=row.hidden)


class _Marked:
    """One table with a column of reasons behind its last."""

    def __init__(self, book: Book, table: SurveyedTable, heading_row: int, marks: Marks) -> None:
        self.table, self.heading_row, self.marks = table, heading_row, marks
        heading = next((row.cells for row in table.head if row.number == heading_row), ())
        self.place = _earlier(heading) or table.width + 1
        """Where the reasons stand: in the column of an earlier annotation, if there is one."""
        look = {
            name: styles.style(book.looks, getattr(styles, name)) for name in ("FAULT", "REASON", "REASONS_HEADING")
        }
        self.fault, self.reason, self.heading = look["FAULT"], look["REASON"], look["REASONS_HEADING"]
        self.style = styles.style(book.looks, Look())
        frozen = heading_row if heading_row <= MOST_FROZEN else 0
        self.worksheet = _sheet(book, table, (self.place,), frozen_rows=frozen)

    def write(self, found: Survey) -> None:
        """Rows that hold nothing but a fault stand between those that hold a value."""
        waiting = sorted({*self.marks, self.heading_row}, reverse=True)
        for row in found.rows(self.table):
            while waiting and waiting[-1] < row.number:
                self._row(SourceRow(waiting.pop(), ()))
            if waiting and waiting[-1] == row.number:
                waiting.pop()
            self._row(row)
        while waiting:
            self._row(SourceRow(waiting.pop(), ()))

    def _row(self, row: SourceRow) -> None:
        self.worksheet.skip_to(row.number)
        marks = self.marks.get(row.number, {})
        if not marks and row.number != self.heading_row:
            cells = row.cells if len(row.cells) < self.place else without(row.cells, self.place)
            self.worksheet.row([fragment(cell, self.style) for cell in cells], hidden=row.hidden)
            return
        self.worksheet.row(list(self._fragments(row, marks)), hidden=row.hidden)
        for column, remarks in marks.items():
            if column:
                self.worksheet.notice(row.number, column, "\n".join(remarks))

    def _fragments(self, row: SourceRow, marks: Mapping[int, Sequence[str]]) -> Iterator[str]:
        for column in range(1, max(len(row.cells), self.place, *marks, 0) + 1):
            if column == self.place:
                yield self._reasons(row.number, marks)
            else:
                yield fragment(at(row.cells, column), self.fault if column in marks else self.style)

    def _reasons(self, number: int, marks: Mapping[int, Sequence[str]]) -> str:
        remarks = [remark for column in sorted(marks) for remark in marks[column]]
        if number == self.heading_row:
            return fragment("\n".join([REASONS_HEADING, *remarks]), self.heading)
        return fragment("\n".join(remarks), self.reason)


def without(cells: Cells, place: int) -> Cells:
    """The cells of a row with one of them blank."""
    return [None if column == place else cell for column, cell in enumerate(cells, start=1)]


def _earlier(heading: Cells) -> int | None:
    """The column an earlier annotation put its reasons into."""
    texts = (cell if isinstance(cell, str) else "" for cell in heading)
    return next((place for place, text in enumerate(texts, start=1) if text.startswith(REASONS_HEADING)), None)


def _sheet(book: Book, table: SurveyedTable, wide: Sequence[int], *, frozen_rows: int = 0) -> Worksheet:
    width = max(table.width, *wide, 0)
    columns = [
        ColumnShape(WIDEST if place in wide else _width(table, place), hidden=place in table.hidden_columns)
        for place in range(1, width + 1)
    ]
    shape = Shape(columns, frozen_rows=frozen_rows, hidden=table.hidden, huge=table.row_count * width > HUGE_CELLS)
    worksheet = book.sheet(table.name, shape)
    worksheet.merged.extend(table.merged)
    return worksheet


def _width(table: SurveyedTable, place: int) -> float:
    """As wide as what stands in the first rows, within reason."""
    lines = (line for row in table.head for line in shown(at(row.cells, place)).splitlines())
    longest = max((shown_width(line) for line in lines), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)

"""Tables as calamine reads them, with what a second look found put in: calamine drops errors and formats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from b2b.sandbox import Refused
from b2b.sheets.cells import Broken
from b2b.sheets.files.formats import Shown, formatted
from b2b.sheets.files.telling import Budget, Telling
from b2b.sheets.files.wire import METADATA_SHEET

Row = tuple[int, list[object]]


Place = tuple[int, int]


@dataclass
class Marks:
    """Places (row and column from 1) of one sheet that need a second look."""

    broken: dict[Place, str] = field(default_factory=dict)
    numbers: dict[Place, tuple[float, Shown]] = field(default_factory=dict)
    """Those whose cells do not show just the number."""
    signs: set[tuple[int, str]] = field(default_factory=set)
    """By column: the currencies and bases its numbers are shown in."""
    formulas: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a second look at one sheet saw."""

    marks: Marks
    from_1904: bool = False


def sheets_of(data: bytes, budget: Budget, sight_of: Callable[[int, str], Sight]) -> Iterator[bytes]:
    """Every worksheet but our own hidden ones, on the wire; ``sight_of`` is asked by place (from 0) and name."""
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = [
        (place, sheet)
        for place, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and not sheet.name.startswith(METADATA_SHEET)
    ]
    if not sheets:
        raise Refused("no-sheets")
    for place, sheet in sheets:
        sight = sight_of(place, sheet.name)
        hidden = sheet.visible != SheetVisibleEnum.Visible
        telling = Telling(budget, sheet.name, hidden=hidden, from_1904=sight.from_1904)
        yield from _told(telling, rows_of(workbook, sheet.name), sight.marks)


def rows_of(workbook: CalamineWorkbook, name: str) -> Iterator[Row]:
    """Numbered rows; calamine leaves out the empty columns on the left, so they are put back."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return
    left = [None] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, [*left, *row]


def _told(telling: Telling, rows: Iterator[Row], marks: Marks) -> Iterator[bytes]:
    by_row: dict[int, dict[int, object]] = defaultdict(dict)
    for (row, column), formatted_number in marks.numbers.items():
        by_row[row][column] = formatted_number
    for (row, column), shown in marks.broken.items():
        by_row[row][column] = Broken(shown)
    for column, sign in marks.signs:
        telling.columns.show(column - 1, sign)
    formulas: dict[int, list[int]] = defaultdict(list)
    for row, column in sorted(marks.formulas):
        formulas[row].append(column)
    telling.merged, telling.hidden_columns = marks.merged, marks.hidden_columns
    yield telling.begun()
    for number, cells in rows:
        seen = by_row.pop(number, {})
        full = _marked(cells, seen, from_1904=telling.head["from_1904"] is True)
        telling.row(number, full, hidden=number in marks.hidden_rows, formulas=formulas.get(number, ()))
        yield from telling.spoken()
    for number in sorted(by_row):
        full = _marked([], by_row[number], from_1904=telling.head["from_1904"] is True)
        telling.row(number, full, hidden=number in marks.hidden_rows)
    yield from telling.ended()


def _marked(cells: list[object], seen: dict[int, object], *, from_1904: bool) -> list[object]:
    """The row with its errors, and numbers as their cells show them."""
    for column, found in seen.items():
        cells.extend([None] * (column - len(cells)))
        cells[column - 1] = formatted(*found, from_1904=from_1904) if isinstance(found, tuple) else found
    return cells

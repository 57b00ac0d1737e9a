"""What an uploaded file holds: its tables, what is peculiar about each, and their rows one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from b2b.sheets.cells import Cell

HEAD_ROWS = 200


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a table, as the file has it.

    ``number`` counts from 1, as the spreadsheet program shows it; ``cells[0]`` stands in column A; ``formulas`` are
    the columns (from 1) whose value is the stored result of a formula.
    """

    number: int
    cells: tuple[Cell, ...]
    hidden: bool = False
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnMarks:
    """What the texts of one column give away: how many are numbers with only one possible decimal mark, how many
    are dates with only one possible order, and how many cells there are of each kind."""

    point: int = 0
    comma: int = 0
    day_first: int = 0
    month_first: int = 0
    numbers: int = 0
    texts: int = 0
    dates: int = 0
    blanks: int = 0


@dataclass(frozen=True, slots=True)
class SurveyedTable:
    """One table without its rows. Places and rows count from 1; a merged range is its first row, first column,
    last row and last column."""

    place: int
    name: str
    hidden: bool
    from_1904: bool
    row_count: int
    width: int
    head: tuple[SourceRow, ...]
    hidden_rows: int = 0
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    marks: tuple[ColumnMarks, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the file a person should know, such as the encoding that was taken."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)

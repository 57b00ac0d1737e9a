"""One sheet of a workbook, as it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from b2b.sheets.cells import Cell

Cells = Sequence[Cell]


def at(cells: Cells, place: int) -> Cell:
    """The cell in column ``place`` (from 1); blank beyond the row's last."""
    return cells[place - 1] if place <= len(cells) else None


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row of a table, as the file has it.

    ``number`` counts from 1, as the spreadsheet program shows it; ``cells[0]`` is column A. ``formulas`` are the
    columns (from 1) whose value is the stored result of a formula.
    """

    number: int
    cells: Cells
    hidden: bool = False
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """``rows[0]`` is the sheet's first row and ``rows[0][0]`` its cell A1, blank or not.

    ``formulas`` holds the places (row and column from 1) whose value is the stored result of a formula.
    """

    name: str
    rows: Sequence[Cells]
    hidden: bool = False
    formulas: frozenset[tuple[int, int]] = frozenset()
    from_1904: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(cell is not None for row in self.rows for cell in row)

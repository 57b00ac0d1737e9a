"""Cells merged over several rows or columns of a table, as they matter to its data."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from b2b.sheets.cells import Cell, is_blank
from b2b.sheets.layout import Layout
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import Cells, at


class Spans:
    """The merged ranges of one table. True where a column that is read holds cells merged downwards."""

    def __init__(self, table: SurveyedTable, layout: Layout) -> None:
        self.across = {(top, left) for top, left, _, right in table.merged if right > left}
        down: dict[int, list[tuple[int, int]]] = defaultdict(list)
        used = set(layout.columns.values())
        for top, left, bottom, right in table.merged:
            if bottom > top >= layout.first_row and left == right and left in used:
                down[left].append((top, bottom))
        self.down = {place: sorted(ranges) for place, ranges in down.items()}
        self.held: dict[int, tuple[int, Cell]] = {}

    def __bool__(self) -> bool:
        return bool(self.down)

    def is_across(self, row: int, place: int) -> bool:
        """Whether a range over several columns begins there."""
        return (row, place) in self.across

    def filled(self, number: int, cells: Cells) -> tuple[Cells, list[int]]:
        """The row with what cells merged downwards say, and the places where that comes from a row above."""
        full: list[Cell] = list(cells)
        repeated = []
        for place, ranges in self.down.items():
            found = bisect_right(ranges, (number, 1 << 30)) - 1
            if found < 0 or number > ranges[found][1]:
                continue
            top = ranges[found][0]
            if number == top:
                self.held[place] = (top, at(cells, place))
            elif is_blank(at(cells, place)) and self.held.get(place, (0, None))[0] == top:
                full.extend([None] * (place - len(full)))
                full[place - 1] = self.held[place][1]
                repeated.append(place)
        return tuple(full), repeated

"""A declared sheet being drawn into a workbook, from its headings down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from b2b.sheets import styles
from b2b.sheets.column_cells import ColumnCells
from b2b.sheets.files.wire import METADATA_SHEET
from b2b.sheets.hints import heading_of, hint_of
from b2b.sheets.offers import offered
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.xlsx import (
    MOST_ROWS,
    Book,
    Choices,
    ColumnShape,
    Look,
    Shape,
    Worksheet,
    fixed_area,
    fragment,
    shown_width,
)

HEADING_HEIGHT = 36
VALIDATED_ROWS = 10_000
"""How far down drop-downs reach at least."""
LONGEST_LIST = 255
"""Characters of a drop-down's list in the cell rule itself; a longer one stands on a hidden sheet."""
CHOICES_SHEET = f"{METADATA_SHEET}_choices"
ROWS_AT_ONCE = 100
ARROW_WIDTH = 4
"""Characters the filter's arrow takes of a heading, whose letters are bold."""
WIDEST_CHOICE = 24


class Drawing:
    """Rows of values as the parsers give them. A full sheet is followed by another with the same headings.

    ``unlocked`` names the columns that may be changed, and protects everything else; ``choices`` gives columns
    drop-downs of their own, such as the categories there are now.
    """

    def __init__(
        self,
        book: Book,
        sheet: type[Sheet],
        *,
        unlocked: Iterable[str] | None = None,
        choices: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        self.book, self.sheet = book, sheet
        self.unlocked = None if unlocked is None else frozenset(unlocked)
        self.offers = {name: offered(column, (choices or {}).get(name)) for name, column in sheet.columns.items()}
        self.looks = {name: self._look(name, column) for name, column in sheet.columns.items()}
        self.cells = {
            name: ColumnCells(column, styles.style(book.looks, self.looks[name]))
            for name, column in sheet.columns.items()
        }
        self.pages: list[Worksheet] = []
        self._begin()

    @property
    def worksheet(self) -> Worksheet:
        return self.pages[-1]

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Draw them all; answers how many."""
        coming, count = iter(rows), 0
        while some := list(islice(coming, self._room())):
            self.worksheet.rows([cells.lane([row.get(name) for row in some]) for name, cells in self.cells.items()])
            count += len(some)
        return count

    def _room(self) -> int:
        """How many rows to draw next. Column by column they cost a third of what they do one by one."""
        if self.worksheet.is_full:
            self._begin()
        return min(self.worksheet.room, ROWS_AT_ONCE)

    def example(self, values: Mapping[str, Any], note: str) -> None:
        """A row that only shows how it is done."""
        drawn = []
        for name, column in self.sheet.columns.items():
            look = replace(styles.EXAMPLE, number_format=self.looks[name].number_format)
            drawn.append(ColumnCells(column, styles.style(self.book.looks, look)).made(values.get(name)))
        self.worksheet.row(drawn)
        self.worksheet.notice(self.worksheet.row_number, 1, note)

    def finish_rows(self) -> None:
        """The drop-downs of the last sheet; to be called while it is still the book's last."""
        self._rules()

    def lists(self) -> None:
        """The lists of drop-downs that are too long for the rule itself, on a sheet nobody sees."""
        long = {place: options for place, options in self._options() if not _fits(options)}
        if not long:
            return
        hidden = self.book.sheet(CHOICES_SHEET, Shape(very_hidden=True))
        for number in range(max(len(options) for options in long.values())):
            hidden.row(
                [
                    fragment(long[place][number] if place in long and number < len(long[place]) else None)
                    for place in range(1, max(long) + 1)
                ]
            )

    def _begin(self) -> None:
        """A sheet with its headings; the full one before it gets its drop-downs."""
        if self.pages:
            self._rules()
        columns = [
            ColumnShape(
                _width(column, self.offers[name]),
                Look(number_format=column.parse.number_format, is_open=self.unlocked is not None),
            )
            for name, column in self.sheet.columns.items()
        ]
        shape = Shape(columns, frozen_rows=1, filtered=True, protected=self.unlocked is not None)
        self.pages.append(self.book.sheet(str(self.sheet.title) or self.sheet.code, shape))
        self.worksheet.row([self._heading(column) for column in self.sheet.columns.values()], height=HEADING_HEIGHT)
        for place, column in enumerate(self.sheet.columns.values(), start=1):
            self.worksheet.notice(1, place, hint_of(column))

    def _heading(self, column: Column) -> str:
        look = styles.REQUIRED if column.required else styles.OPTIONAL
        return fragment(heading_of(column), styles.style(self.book.looks, look))

    def _look(self, name: str, column: Column) -> Look:
        look = Look(number_format=column.parse.number_format)
        if self.unlocked is None or name not in self.unlocked:
            return look
        return replace(look, is_open=True, fill=styles.WARM, line=styles.LINE)

    def _options(self) -> Iterable[tuple[int, tuple[str, ...]]]:
        for place, name in enumerate(self.sheet.columns, start=1):
            if self.offers[name]:
                yield place, self.offers[name]

    def _rules(self) -> None:
        last = min(max(VALIDATED_ROWS, self.worksheet.row_number), MOST_ROWS)
        for place, options in self._options():
            source = f'"{",".join(options)}"' if _fits(options) else _listed(place, options)
            self.worksheet.rules.append(Choices(place, 2, last, source))


def _width(column: Column, offers: Iterable[str]) -> int:
    """What is declared, or what the heading's lines and, within reason, the drop-down's choices need."""
    heading = max(shown_width(line) for line in heading_of(column).splitlines()) + ARROW_WIDTH
    longest = max((shown_width(offer) for offer in offers), default=0)
    return max(column.width, heading, min(longest, WIDEST_CHOICE))


def _fits(options: Sequence[str]) -> bool:
    return len(",".join(options)) <= LONGEST_LIST and not any("," in option or '"' in option for option in options)


def _listed(place: int, options: Sequence[str]) -> str:
    return f"'{CHOICES_SHEET}'!{fixed_area(1, place, len(options), place)}"

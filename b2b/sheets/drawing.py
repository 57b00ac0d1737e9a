"""A declared sheet being drawn into a workbook, from its headings down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import getitem
from typing import Any

from b2b.sheets import styles
from b2b.sheets.files.wire import METADATA_SHEET
from b2b.sheets.hints import heading_of, hint_of
from b2b.sheets.offers import offered
from b2b.sheets.parser import Parser
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.xlsx import (
    MOST_ROWS,
    Book,
    Choices,
    ColumnShape,
    Look,
    Shape,
    Style,
    Worksheet,
    fixed_area,
    fragment,
    text_writer,
)

HEADING_HEIGHT = 36
VALIDATED_ROWS = 10_000
"""How far down drop-downs reach at least."""
LONGEST_LIST = 255
"""Characters of a drop-down's list in the cell rule itself; a longer one stands on a hidden sheet."""
CHOICES_SHEET = f"{METADATA_SHEET}_choices"
MOST_REMEMBERED = 5_000
LONGEST_REMEMBERED = 200


class ColumnCells(dict[Any, str]):
    """The cells of one column by value. Units, currencies and categories repeat on every row: some are remembered."""

    def __init__(self, column: Column, style: Style) -> None:
        self.parse, self.style = column.parse, style
        self.text = text_writer(style) if type(column.parse).write is Parser.write else None
        self[None] = fragment(None, style)

    def __missing__(self, value: Any) -> str:
        is_text = type(value) is str
        made = self.text(value) if is_text and self.text is not None else self.made(value)
        # Equal numbers are one text only where a column writes numbers.
        alike = is_text or self.parse.is_number or isinstance(value, date)
        if alike and len(self) < MOST_REMEMBERED and len(made) < LONGEST_REMEMBERED:
            self[value] = made
        return made

    def made(self, value: Any) -> str:
        return fragment(None if value is None else self.parse.write(value), self.style)


class UnhashableCells:
    """The cells of a column whose values nothing can be remembered by, such as a product's attributes."""

    def __init__(self, cells: ColumnCells) -> None:
        self.made = cells.made

    def __getitem__(self, value: Any) -> str:
        return self.made(value)


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
        self.names = tuple(sheet.columns)
        self.cells: list[ColumnCells | UnhashableCells] = [
            ColumnCells(column, styles.style(book.looks, self.looks[name])) for name, column in sheet.columns.items()
        ]
        self.pages: list[Worksheet] = []
        self._begin()

    @property
    def worksheet(self) -> Worksheet:
        return self.pages[-1]

    def rows(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """Draw them all; answers how many."""
        count = 0
        for count, values in enumerate(rows, start=1):  # noqa: B007 — the last one is the answer
            self.row(values)
        return count

    def row(self, values: Mapping[str, Any]) -> None:
        if self.worksheet.is_full:
            self._begin()
        picked = [values.get(name) for name in self.names]
        try:
            fragments = tuple(map(getitem, self.cells, picked))
        except TypeError:
            self.cells = [_remembering(cells, value) for cells, value in zip(self.cells, picked, strict=True)]
            fragments = tuple(map(getitem, self.cells, picked))
        self.worksheet.row(fragments)

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
            ColumnShape(column.width, Look(number_format=column.parse.number_format, is_open=self.unlocked is not None))
            for column in self.sheet.columns.values()
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


def _remembering(cells: ColumnCells | UnhashableCells, value: object) -> ColumnCells | UnhashableCells:
    """Mappings and lists can be no keys; and no tuple that holds one."""
    if isinstance(cells, UnhashableCells) or _is_hashable(value):
        return cells
    return UnhashableCells(cells)


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _fits(options: Sequence[str]) -> bool:
    return len(",".join(options)) <= LONGEST_LIST and not any("," in option or '"' in option for option in options)


def _listed(place: int, options: Sequence[str]) -> str:
    return f"'{CHOICES_SHEET}'!{fixed_area(1, place, len(options), place)}"

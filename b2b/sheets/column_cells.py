"""The cells of one column on their way into a workbook, a few rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from b2b.sheets.parser import Parser, Written
from b2b.sheets.sheet import Column
from b2b.sheets.xlsx import Lane, Style, fragment, plain_texts, text_writer

MOST_REMEMBERED = 5_000
LONGEST_REMEMBERED = 200


class ColumnCells(dict[Any, str]):
    """By value: units, currencies and categories repeat on every row, so some are remembered."""

    def __init__(self, column: Column, style: Style) -> None:
        self.parse, self.style = column.parse, style
        self.writes_as_is = type(column.parse).write is Parser.write
        self.text = text_writer(style)
        self[None] = fragment(None, style)

    def lane(self, values: Sequence[Any]) -> Lane:
        """The column's part of some rows."""
        if self.writes_as_is and (plain := plain_texts(values, self.style)):
            return plain
        try:
            return Lane("", list(map(self.__getitem__, values)))
        except TypeError:  # Mappings and lists can be no keys; and no tuple that holds one.
            written = [None if value is None else self.parse.write(value) for value in values]
            return plain_texts(written, self.style) or Lane("", list(map(self.drawn, written)))

    def __missing__(self, value: Any) -> str:
        is_text = type(value) is str
        made = self.text(value) if is_text and self.writes_as_is else self.made(value)
        # Equal numbers are one text only where a column writes numbers.
        alike = is_text or self.parse.is_number or isinstance(value, date)
        if alike and len(self) < MOST_REMEMBERED and len(made) < LONGEST_REMEMBERED:
            self[value] = made
        return made

    def made(self, value: Any) -> str:
        return self.drawn(None if value is None else self.parse.write(value))

    def drawn(self, written: Written) -> str:
        return self.text(written) if type(written) is str else fragment(written, self.style)

"""Read the rows below the headings: each cell by its column, then what only the row or the whole table can tell."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from b2b.sheets.cells import Cell, Unreadable, is_blank, shown
from b2b.sheets.faults import Conversion, cell_fault
from b2b.sheets.findings import Reading
from b2b.sheets.header import Header
from b2b.sheets.numbers import decimal_mark
from b2b.sheets.parser import Around
from b2b.sheets.sheet import Column, Row
from b2b.sheets.table import Cells, Table, at
from b2b.sheets.texts import CurrencyCode

MOST_REMEMBERED = 5_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What a cell was read as; ``literally`` where it already said exactly that."""

    value: Any
    literally: bool


class CellReader:
    """Reads the cells of one column, and remembers its texts: units, currencies and choices repeat on every row."""

    def __init__(self, name: str, column: Column, place: int, around: Around) -> None:
        self.name, self.column, self.place, self.around = name, column, place, around
        self.remembered: dict[str, Taken | Unreadable] = {}

    def read(self, cell: Cell) -> Taken:
        """Raises ``Unreadable``."""
        if not isinstance(cell, str):
            return self._fresh(cell)
        taken = self.remembered.get(cell)
        if taken is None:
            taken = self._outcome(cell)
            if len(self.remembered) < MOST_REMEMBERED:
                self.remembered[cell] = taken
        if isinstance(taken, Unreadable):
            raise taken
        return taken

    def _outcome(self, cell: Cell) -> Taken | Unreadable:
        try:
            return self._fresh(cell)
        except Unreadable as problem:
            return problem

    def _fresh(self, cell: Cell) -> Taken:
        value = self.column.parse(cell, self.around)
        return Taken(value, self.column.parse.same(cell, value))


class RowReader:
    """One pass over one table; rows, faults and conversions go into the reading."""

    def __init__(self, reading: Reading, table: Table, header: Header, *, zone: ZoneInfo, currency: str) -> None:
        self.reading, self.table, self.header, self.currency = reading, table, header, currency
        self.sheet = reading.sheet
        self.mark_of = cache(self._mark_of)
        self.readers = {name: self._reader(name, place, zone) for name, place in header.places.items()}
        self.priced = [reader for reader in self.readers.values() if reader.column.parse.carries_currency]
        self.currencies = [
            name for name, reader in self.readers.items() if isinstance(reader.column.parse, CurrencyCode)
        ]
        self.blank = dict.fromkeys(self.sheet.columns)
        self.first_with: dict[tuple[Hashable, ...], Row] = {}
        self.named_twice: set[int] = set()
        self.example = self.sheet.example()

    def _reader(self, name: str, place: int, zone: ZoneInfo) -> CellReader:
        around = Around(partial(self._mark, name), self.table.from_1904, zone)
        return CellReader(name, self.sheet.columns[name], place, around)

    def read(self) -> None:
        for number, cells in self._body():
            before = len(self.reading.faults)
            found = {name: self._value(cells, number, reader) for name, reader in self.readers.items()}
            row = Row(number, self.blank | found)
            sound = len(self.reading.faults) == before
            if sound and self._is_example(row):
                self.reading.left_out[number] = "example"
                continue
            if sound:
                self._check(row, cells)
            self._only_once(row, cells)
            if len(self.reading.faults) == before:
                self.reading.rows.append(row)
        self._settle()

    def _settle(self) -> None:
        """Nothing is sound while a required column is missing; of a key that stands twice, neither row is."""
        reading = self.reading
        if self.header.twice or self.header.missing(self.sheet):
            reading.rows.clear()
        reading.rows[:] = [row for row in reading.rows if row.number not in self.named_twice]
        reading.faults.sort(key=lambda fault: (fault.row, fault.column))

    # --- Which rows ---------------------------------------------------------------------------------
    def _body(self) -> Iterator[tuple[int, Cells]]:
        """Rows below the headings, without blank ones and without the headings repeated."""
        titles = self.table.rows[self.header.row - 1]
        for number, cells in enumerate(self.table.rows[self.header.row :], start=self.header.row + 1):
            if all(is_blank(cell) for cell in cells):
                continue
            if self._repeats(titles, cells):
                self.reading.left_out[number] = "repeated-headings"
                continue
            yield number, cells

    def _repeats(self, titles: Cells, cells: Cells) -> bool:
        places = self.header.places.values()
        return bool(places) and all(at(titles, place) == at(cells, place) for place in places)

    def _is_example(self, row: Row) -> bool:
        """Whether the row is the template's example, left as it was."""
        return self.example is not None and all(row[name] == self.example.get(name) for name in self.readers)

    # --- One cell -----------------------------------------------------------------------------------
    def _value(self, cells: Cells, number: int, reader: CellReader) -> Any:
        cell = at(cells, reader.place)
        if is_blank(cell):
            self._missing(number, cell, reader)
            return None
        try:
            taken = reader.read(cell)
        except Unreadable as problem:
            self._fault(reader.name, number, cell, problem.code, problem.detail)
            return None
        if not taken.literally or (number, reader.place) in self.table.formulas:
            self._convert(reader, number, cell, taken.value)
        return taken.value

    def _missing(self, number: int, cell: Cell, reader: CellReader) -> None:
        if reader.column.required:
            detail = _("This cell may not be empty. Write %(expects)s.") % {"expects": reader.column.parse.expects}
            self._fault(reader.name, number, cell, "required", detail)

    def _convert(self, reader: CellReader, number: int, cell: Cell, value: Any) -> None:
        taken = shown(value) if isinstance(value, (Decimal, str)) else str(value)
        if (number, reader.place) in self.table.formulas:
            taken = _("%(value)s (stored result of the formula)") % {"value": taken}
        self.reading.conversions.append(
            Conversion(self.table.name, number, reader.place, reader.column.here, shown(cell), taken)
        )

    def _fault(self, name: str, number: int, cell: Cell, code: str, detail: str) -> None:
        self.reading.faults.append(
            cell_fault(
                code,
                detail,
                sheet=self.table.name,
                row=number,
                column=self.header.places.get(name, 0),
                heading=self.sheet.columns[name].here,
                value=shown(cell),
            )
        )

    # --- What only the row, or another row, can tell ------------------------------------------------
    def _check(self, row: Row, cells: Cells) -> None:
        for reader in self.priced:
            self._same_currency(reader, row, at(cells, reader.place))
        for wrong in self.sheet.check(row):
            self._fault(wrong.column, row.number, self._cell(wrong.column, cells), wrong.code, wrong.detail)

    def _same_currency(self, reader: CellReader, row: Row, cell: Cell) -> None:
        meant = reader.column.parse.currencies(cell)
        expected = next((row[name] for name in self.currencies if row[name]), self.currency)
        if meant is not None and expected and expected not in meant:
            detail = _("The price carries another currency than %(currency)s. Correct the sign or the currency.")
            self._fault(reader.name, row.number, cell, "currency-differs", detail % {"currency": expected})

    def _only_once(self, row: Row, cells: Cells) -> None:
        """The same key twice is a fault of both rows: which one is meant, nobody can know."""
        key = tuple(row[name] for name in self.sheet.key)
        if not key or any(row[name] is None and self.sheet.columns[name].required for name in self.sheet.key):
            return
        first = self.first_with.setdefault(key, row)
        if first is row:
            return
        name = self.sheet.key[0]
        detail = _("Row %(row)s has the same key. Keep one of the two.")
        cell = self._cell(name, cells)
        if first.number not in self.named_twice:
            self.named_twice.add(first.number)
            self._fault(name, first.number, cell, "duplicate-key", detail % {"row": row.number})
        self._fault(name, row.number, cell, "duplicate-key", detail % {"row": first.number})

    def _cell(self, name: str, cells: Cells) -> Cell:
        place = self.header.places.get(name)
        return at(cells, place) if place else None

    # --- The decimal mark ---------------------------------------------------------------------------
    def _mark(self, name: str) -> str | None:
        """The decimal mark of this column, or else of the sheet's other numbers."""
        own = self.mark_of(name)
        if own:
            return own
        numbers = (other for other, reader in self.readers.items() if reader.column.parse.is_number)
        marks = {self.mark_of(other) for other in numbers} - {None}
        return marks.pop() if len(marks) == 1 else None

    def _mark_of(self, name: str) -> str | None:
        reader = self.readers[name]
        cells = (at(row, reader.place) for row in self.table.rows[self.header.row :])
        texts = (cell for cell in cells if isinstance(cell, str))
        return decimal_mark(texts, money=reader.column.parse.carries_currency)

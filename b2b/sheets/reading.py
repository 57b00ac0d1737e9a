"""Read a table by its declaration: every row and every fault, nothing written, nothing guessed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from b2b.sheets.cells import Broken, Cell, Unreadable, is_blank, shown
from b2b.sheets.faults import CellFault, Conversion, Faulty, SheetEmpty, cell_fault
from b2b.sheets.header import Header, find_header
from b2b.sheets.numbers import decimal_mark
from b2b.sheets.parser import UTC, Around
from b2b.sheets.sheet import Column, Row, Sheet
from b2b.sheets.table import Cells, Table
from b2b.sheets.texts import CurrencyCode


@dataclass
class Reading:
    """What a file says. ``rows`` are the sound rows only: those with a fault are in ``faults``."""

    sheet: type[Sheet]
    table: str
    header: Header | None = None
    rows: list[Row] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    """Headings of the file that the sheet does not know; their cells are not read."""
    left_out: dict[int, str] = field(default_factory=dict)
    """Rows that are no data, with the reason: "repeated-headings" as in printed lists, or our own "example"."""

    def fault(self, row: Row, column: str, code: str, detail: str) -> CellFault:
        """Add a fault found later, against the database, at the cell it belongs to."""
        place = self.header.places.get(column, 0) if self.header else 0
        declared = self.sheet.columns[column]
        value = row.get(column)
        text = "" if value is None else shown(value) if isinstance(value, (Decimal, str, bool)) else str(value)
        found = cell_fault(
            code, detail, sheet=self.table, row=row.number, column=place, heading=_label(declared), value=text
        )
        self.faults.append(found)
        return found

    def sound(self) -> list[Row]:
        """All rows, when every one is sound. Raises ``Faulty`` with all faults, or ``SheetEmpty``."""
        if self.faults:
            raise Faulty(self.faults)
        if not self.rows:
            raise SheetEmpty(_("The table has headings but no rows below them."))
        return self.rows


def read(sheet: type[Sheet], table: Table, *, zone: ZoneInfo = UTC, currency: str = "") -> Reading:
    """Read every row of ``table``.

    ``zone`` is where instants without an offset are; ``currency`` the one all prices are in, for a sheet whose
    rows do not say it: a price with another currency's sign is a fault.
    """
    header = find_header(sheet, table)
    reading = Reading(sheet, table.name, header)
    if header is None:
        reading.faults.append(_no_header(sheet, table))
        return reading
    reading.unknown_columns.extend(header.unknown.values())
    reading.faults.extend(_heading_faults(sheet, table, header))
    _Reader(reading, table, header, zone, currency).read()
    return reading


def best_table(sheet: type[Sheet], tables: Iterable[Table]) -> Table:
    """The table that looks most like the sheet: the most headings found, visible before hidden, first of equals.

    Raises ``SheetEmpty`` where there is none at all.
    """
    ranked = [(_likeness(sheet, table), not table.hidden, -place, table) for place, table in enumerate(tables)]
    if not ranked:
        raise SheetEmpty
    return max(ranked, key=lambda entry: entry[:3])[3]


def _likeness(sheet: type[Sheet], table: Table) -> int:
    header = find_header(sheet, table)
    return len(header.places) + len(header.twice) if header else 0


class _Reader:
    """One pass over one table."""

    def __init__(self, reading: Reading, table: Table, header: Header, zone: ZoneInfo, currency: str) -> None:
        self.reading, self.table, self.header, self.currency = reading, table, header, currency
        self.sheet = reading.sheet
        self.mark_of = cache(self._mark_of)
        self.around = {name: Around(partial(self._mark, name), table.from_1904, zone) for name in self.sheet.columns}
        self.first_with: dict[tuple[Hashable, ...], Row] = {}
        self.named_twice: set[int] = set()
        self.example = self.sheet.example()

    def read(self) -> None:
        for number, cells in self._body():
            before = len(self.reading.faults)
            row = Row(number, {name: self._value(name, number, cells) for name in self.sheet.columns})
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

    def _is_example(self, row: Row) -> bool:
        """Whether the row is the template's example, left as it was."""
        if self.example is None:
            return False
        return all(row[name] == self.example.get(name) for name in self.header.places)

    def _settle(self) -> None:
        """Nothing is sound while a required column is missing; of a key that stands twice, neither row is."""
        reading = self.reading
        if self.header.twice or self.header.missing(self.sheet):
            reading.rows.clear()
        reading.rows[:] = [row for row in reading.rows if row.number not in self.named_twice]
        reading.faults.sort(key=lambda fault: (fault.row, fault.column))

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
        return bool(places) and all(_at(titles, place) == _at(cells, place) for place in places)

    def _value(self, name: str, number: int, cells: Cells) -> Any:
        column = self.sheet.columns[name]
        place = self.header.places.get(name)
        if place is None:
            return None
        cell = _at(cells, place)
        if is_blank(cell):
            if column.required:
                detail = _("This cell may not be empty. Write %(expects)s.") % {"expects": column.parse.expects}
                self._fault(name, number, cell, "required", detail)
            return None
        return self._parsed(name, number, cell)

    def _parsed(self, name: str, number: int, cell: Cell) -> Any:
        column = self.sheet.columns[name]
        try:
            value = column.parse(cell, self.around[name])
        except Unreadable as problem:
            self._fault(name, number, cell, problem.code, problem.detail)
            return None
        place = self.header.places[name]
        if (number, place) in self.table.formulas or not column.parse.same(cell, value):
            self._convert(column, number, place, cell, value)
        return value

    def _convert(self, column: Column, number: int, place: int, cell: Cell, value: Any) -> None:
        taken = shown(value) if isinstance(value, (Decimal, str)) else str(value)
        if (number, place) in self.table.formulas:
            taken = _("%(value)s (stored result of the formula)") % {"value": taken}
        self.reading.conversions.append(Conversion(self.table.name, number, place, _label(column), shown(cell), taken))

    def _check(self, row: Row, cells: Cells) -> None:
        """What only the whole row can tell."""
        for name in self.sheet.columns:
            self._same_currency(name, row, cells)
        for wrong in self.sheet.check(row):
            self._fault(wrong.column, row.number, self._cell(wrong.column, cells), wrong.code, wrong.detail)

    def _same_currency(self, name: str, row: Row, cells: Cells) -> None:
        cell = self._cell(name, cells)
        meant = self.sheet.columns[name].parse.currencies(cell) if not isinstance(cell, Broken) else None
        expected = self._currency_of(row)
        if meant is not None and expected and expected not in meant:
            detail = _("The price carries another currency than %(currency)s. Correct the sign or the currency.")
            self._fault(name, row.number, cell, "currency-differs", detail % {"currency": expected})

    def _currency_of(self, row: Row) -> str:
        own = (row[name] for name, column in self.sheet.columns.items() if isinstance(column.parse, CurrencyCode))
        return next((code for code in own if code), self.currency)

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
        return _at(cells, place) if place else None

    def _fault(self, name: str, number: int, cell: Cell, code: str, detail: str) -> None:
        column = self.sheet.columns[name]
        self.reading.faults.append(
            cell_fault(
                code,
                detail,
                sheet=self.table.name,
                row=number,
                column=self.header.places.get(name, 0),
                heading=_label(column),
                value=shown(cell),
            )
        )

    def _mark(self, name: str) -> str | None:
        """The decimal mark of this column, or else of the sheet's other numbers."""
        own = self.mark_of(name)
        if own:
            return own
        marks = {self.mark_of(other) for other, column in self.sheet.columns.items() if column.parse.is_number} - {None}
        return marks.pop() if len(marks) == 1 else None

    def _mark_of(self, name: str) -> str | None:
        place = self.header.places.get(name)
        if place is None:
            return None
        cells = (_at(row, place) for row in self.table.rows[self.header.row :])
        texts = (cell for cell in cells if isinstance(cell, str))
        return decimal_mark(texts, money=self.sheet.columns[name].parse.carries_currency)


def _at(cells: Cells, place: int) -> Cell:
    return cells[place - 1] if place <= len(cells) else None


def _label(column: Column) -> str:
    return column.label(get_language() or "en")


def _no_header(sheet: type[Sheet], table: Table) -> CellFault:
    wanted = ", ".join(f"“{_label(column)}”" for column in sheet.columns.values() if column.required)
    return cell_fault(
        "no-header",
        _("No row of headings was found in the first 50 rows. The table needs the columns %(columns)s.")
        % {"columns": wanted},
        sheet=table.name,
    )


def _heading_faults(sheet: type[Sheet], table: Table, header: Header) -> Iterator[CellFault]:
    missing = (
        cell_fault(
            "missing-column",
            _("The column “%(heading)s” is missing. Add it to the row of headings.") % {"heading": _label(column)},
            sheet=table.name,
            row=header.row,
            heading=_label(column),
        )
        for column in header.missing(sheet)
    )
    twice = (
        cell_fault(
            "heading-twice",
            _("Several columns may be “%(heading)s”. Leave the one that is meant and rename the others.")
            % {"heading": _label(sheet.columns[name])},
            sheet=table.name,
            row=header.row,
            column=place,
            heading=_label(sheet.columns[name]),
            value=shown(_at(table.rows[header.row - 1], place)),
        )
        for name, places in header.twice.items()
        for place in places
    )
    return chain(missing, twice)

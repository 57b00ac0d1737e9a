"""Read the rows below the headings one by one, each cell by its column; no row needs the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from b2b.sheets import asides
from b2b.sheets.beside import Beside
from b2b.sheets.cells import Cell, Unreadable, is_blank, shown
from b2b.sheets.columns import CellReader, Taken, agreed_mark
from b2b.sheets.faults import CellFault, Conversion, cell_fault
from b2b.sheets.header import Header
from b2b.sheets.layout import Layout
from b2b.sheets.parser import UTC
from b2b.sheets.priced import PricedUnit, other_unit
from b2b.sheets.repeats import title_words
from b2b.sheets.resting import Resting
from b2b.sheets.said import Said, said_of_prices
from b2b.sheets.sheet import Row, Sheet, Wrong
from b2b.sheets.spans import Spans
from b2b.sheets.survey import SurveyedTable
from b2b.sheets.table import Cells, SourceRow, at
from b2b.sheets.texts import CurrencyCode, Text, UnitCode

NO_VALUES = Row(0, {})


@dataclass(slots=True)
class ReadRow:
    """What one row of a file says: ``row`` unless something is wrong with it or it is no data.

    ``left_out`` says why it is no data: "title", "repeated-headings", "total", "section", "note", "example",
    "hidden" or "blank-key".
    """

    number: int
    cells: Cells
    row: Row | None = None
    faults: list[CellFault] = field(default_factory=list)
    conversions: list[Conversion] = field(default_factory=list)
    left_out: str = ""
    values: Row = field(default_factory=lambda: NO_VALUES)
    """What could be read, also where something else in the row is wrong."""
    unread: frozenset[str] = frozenset()
    """The columns that could not be read when the others were compared with each other."""
    repeated: Sequence[int] = ()
    """The places whose cells are merged with one above."""
    beside: list[tuple[CellReader, Cell, Taken]] = field(default_factory=list)
    """Prices with a currency or a unit beside them."""


class RowReader:
    """Reads rows by a layout, from the first one on.

    What one row says for those below it (sections, cells merged downwards) is kept here; a reader that starts
    further down is told the rows above by ``pass_over``.
    """

    def __init__(
        self, sheet: type[Sheet], layout: Layout, table: SurveyedTable, *, zone: ZoneInfo = UTC, currency: str = ""
    ) -> None:
        self.sheet, self.layout, self.table, self.currency = sheet, layout, table, currency
        self.headings = _headings(table, layout)
        used = set(layout.columns.values())
        unknown = {place: texts[-1] for place, texts in self.headings.items() if place not in used}
        self.header = Header(layout.first_row - 1, layout.columns, {}, unknown)
        self.readers = self._readers(zone)
        self.by_name = {reader.name: reader for reader in self.readers}
        self.wrong_constants: list[tuple[str, str, Unreadable]] = []
        self.blank: dict[str, Any] = dict.fromkeys(sheet.columns) | self._constants(zone)
        self.spans = Spans(table, layout)
        self.first_row = layout.first_row
        self.section: Any = None
        self.section_column = next((name for name, column in sheet.columns.items() if column.takes_section), "")
        self._titles = title_words(sheet, table, layout, self.readers, self.headings)
        self._set_rules()

    def read(self, source: SourceRow) -> ReadRow:
        """One row of the file."""
        cells = source.cells
        if source.number < self.first_row:
            reason = "repeated-headings" if source.number in self.layout.header_rows else "title"
            return ReadRow(source.number, cells, left_out=reason)
        if source.hidden and not self.layout.include_hidden_rows:
            return ReadRow(source.number, cells, left_out="hidden")
        if self._repeats_headings(cells):
            return ReadRow(source.number, cells, left_out="repeated-headings")
        return self._judged(self.read_cells(source.number, cells, source.formulas), source)

    def pass_over(self, source: SourceRow) -> None:
        """Take from a row that was read before what the rows below need."""
        if self.spans or (self.section_column and asides.only_text(source.cells)):
            self.read(source)

    def read_cells(self, number: int, cells: Cells, formulas: Sequence[int] = ()) -> ReadRow:
        """A row of data whatever it looks like: also for a row whose cells somebody mended."""
        read = ReadRow(number, cells)
        if self.spans:
            cells, read.repeated = self.spans.filled(number, cells)
        if len(cells) < self.width:
            cells = (*cells, *[None] * (self.width - len(cells)))
        row = read.values = Row(number, self.blank)
        for (name, reader), cell in zip(self.entries, self.picked(cells), strict=True):
            # What a cell said before is looked up here, without a call: there are as many as the table has cells.
            known = reader.nothing if cell is None else reader.remembered[type(cell)].get(cell)
            taken = known or reader.taken(cell)
            if taken.is_plain:
                row[name] = taken.value
            else:
                self._unusual(read, reader, cell, taken)
        self._tell_more(read, cells, formulas)
        if self.section is not None and row[self.section_column] is None:
            row[self.section_column] = self.section
        if self.is_checked or len(cells) > self.beside.last:
            self._check(read, row, cells)
        if not read.faults:
            read.row = row
        return read

    # --- What is set once ---------------------------------------------------------------------------
    def _readers(self, zone: ZoneInfo) -> list[CellReader]:
        table, numbers = (
            self.table,
            [place for name, place in self.layout.columns.items() if self.sheet.columns[name].parse.is_number],
        )
        return [
            CellReader(
                name, self.sheet.columns[name], place, table, agreed=lambda: agreed_mark(table, numbers), zone=zone
            )
            for name, place in self.layout.columns.items()
            if name in self.sheet.columns
        ]

    def _constants(self, zone: ZoneInfo) -> dict[str, Any]:
        """What holds for every row; one the column cannot hold is a fault of every row."""
        found: dict[str, Any] = {}
        for name, text in self.layout.constants.items():
            if name in self.sheet.columns:
                taken = CellReader(name, self.sheet.columns[name], 0, self.table, zone=zone).taken(text)
                found[name] = taken.value
                if taken.problem is not None:
                    self.wrong_constants.append((name, text, taken.problem))
        return found

    def _set_rules(self) -> None:
        columns, self.resting = self.sheet.columns, Resting(self.sheet)
        priced = [reader for reader in self.readers if reader.column.parse.carries_currency]
        self.currencies = [name for name, column in columns.items() if isinstance(column.parse, CurrencyCode)]
        is_named = not priced or any(
            name in self.layout.columns or name in self.layout.constants for name in self.currencies
        )
        said = Said() if is_named else said_of_prices(self.table, self.layout.header_rows)
        for reader in priced:
            reader.told_by(" ".join(self.headings.get(reader.place, ())))
            if reader.currencies is None:
                reader.currencies = said.currencies or None
        self.headed = [reader for reader in priced if reader.currencies]
        self.mixed = [] if is_named else [reader for reader in priced if reader.currencies == frozenset()]
        self.units = [name for name, column in columns.items() if isinstance(column.parse, UnitCode)]
        self.priced_in = next((name for name, column in columns.items() if isinstance(column.parse, PricedUnit)), "")
        identity = self.sheet.key or tuple(
            name for name, column in columns.items() if column.required and isinstance(column.parse, Text)
        )
        self.identity = [place for name in identity if (place := self.layout.columns.get(name))]
        self.required = {reader.place for reader in self.readers if reader.column.required}
        self.example = self.sheet.example()
        self.beside = Beside(self.sheet, self.layout, self.readers, self.headings)
        self.has_rules = self.sheet.check.__func__ is not Sheet.check.__func__  # type: ignore[attr-defined]
        self.is_checked = bool(priced) or self.has_rules or self.beside.has_more
        self.width = max((reader.place for reader in self.readers), default=0)
        self.entries = [(reader.name, reader) for reader in self.readers]
        indexes = [reader.place - 1 for reader in self.readers]
        self.exemplary = [(name, (self.example or {}).get(name)) for name, _reader in self.entries]
        self.picked: Callable[[Cells], Cells] = (
            itemgetter(*indexes) if len(indexes) > 1 else lambda cells: [cells[index] for index in indexes]
        )

    # --- Which rows are data ------------------------------------------------------------------------
    def _repeats_headings(self, cells: Cells) -> bool:
        width = len(cells)
        for place, words in self._titles:
            cell = cells[place - 1] if place <= width else None
            if not isinstance(cell, str) or cell.strip().casefold() not in words:
                return False
        return bool(self._titles)

    def _judged(self, read: ReadRow, source: SourceRow) -> ReadRow:
        """What was read, unless the row turns out to be no data."""
        reason = self._no_data(read, source) if read.faults else self._sound_but_no_data(read)
        if not reason:
            return read
        left_out = ReadRow(read.number, read.cells, left_out=reason)
        if reason == "section":
            self._open_section(left_out)
        return left_out

    def _sound_but_no_data(self, read: ReadRow) -> str:
        row = read.row
        if row is not None and self.example is not None and self._is_example(row):
            return "example"
        for place in self.identity:
            cell = at(read.cells, place)
            if type(cell) is str and asides.is_total(cell):
                return "total" if self._is_no_key(read.cells, asides.is_total) else ""
        return ""

    def _is_example(self, row: Row) -> bool:
        """Whether the row is the template's example, left as it was."""
        for name, value in self.exemplary:
            if row[name] != value:
                return False
        return len(self.exemplary) > 1

    def _no_data(self, read: ReadRow, source: SourceRow) -> str:
        cells = read.cells
        if any(isinstance(cell, str) and asides.opens_total(cell) for cell in cells) and self._is_no_key(
            cells, asides.opens_total
        ):
            return "total"
        if asides.is_rule(cells):
            return "note"
        if not read.repeated and (only := asides.only_text(cells)):
            return self._title_or_note(source.number, *only)
        filled = {place for place, cell in enumerate(cells, start=1) if not is_blank(cell)}
        if source.formulas and filled <= set(source.formulas) and not filled.intersection(self.identity):
            return "blank-key"
        return ""

    def _title_or_note(self, number: int, place: int, text: str) -> str:
        """A title over the rows below it, a note that belongs to no row, or data with most of it missing."""
        if len(self.readers) > 1 and (
            self.spans.is_across(number, place) or (place in self.required and not asides.looks_like_code(text))
        ):
            return "section"
        if place in self.required:
            return ""
        return "section" if place <= min(self.layout.columns.values(), default=0) else "note"

    def _is_no_key(self, cells: Cells, is_label: Any) -> bool:
        """Whether what tells one row from the others is missing, or is only the label of a sum."""
        first = next((cell for cell in cells if not is_blank(cell)), None)
        found = [at(cells, place) for place in self.identity] or [first]
        return all(is_blank(cell) or (isinstance(cell, str) and is_label(cell)) for cell in found)

    def _open_section(self, read: ReadRow) -> None:
        if not self.section_column:
            return
        place, text = asides.only_text(read.cells) or (0, "")
        column = self.sheet.columns[self.section_column]
        reader = CellReader(self.section_column, column, place, self.table)
        taken = reader.taken(text)
        if taken.problem is None:
            self.section = taken.value
            told = _("“%(value)s” for the rows below") % {"value": taken.value}
            read.conversions.append(Conversion(self.table.name, read.number, place, column.here, text, told, "section"))

    # --- Cells merged downwards ---------------------------------------------------------------------
    def _tell_repeated(self, read: ReadRow, cells: Cells) -> None:
        for reader in self.readers:
            if reader.place not in read.repeated:
                continue
            if reader.column.parse.repeats_when_merged:
                told = _("%(value)s (merged with the cell above)") % {"value": _shown(read.values[reader.name])}
                self._convert_anew(read, reader, at(cells, reader.place), told, "merged")
            else:
                detail = _("This number is merged over several rows. Write each row's own number.")
                self._fault(read, reader.name, at(cells, reader.place), "merged-number", detail)

    # --- One cell -----------------------------------------------------------------------------------
    def _unusual(self, read: ReadRow, reader: CellReader, cell: Cell, taken: Taken) -> None:
        if taken.problem is not None:
            problem = taken.problem
            self._fault(read, reader.name, cell, problem.code, problem.detail, problem.suggestions)
        elif taken.is_blank:
            if reader.column.required:
                detail = _("This cell may not be empty. Write %(expects)s.") % {"expects": reader.column.parse.expects}
                self._fault(read, reader.name, cell, "required", detail)
            elif not is_blank(cell):
                self._convert(read, reader, cell, _("blank"), "blank")
        else:
            read.values[reader.name] = taken.value
            self._convert(read, reader, cell, taken.told)
            if taken.currencies or taken.per:
                read.beside.append((reader, cell, taken))

    def _tell_more(self, read: ReadRow, cells: Cells, formulas: Sequence[int]) -> None:
        """What is to say of a row besides what each of its cells says."""
        for name, text, problem in self.wrong_constants:
            self._fault(read, name, text, problem.code, problem.detail, problem.suggestions)
        if formulas:
            self._tell_formulas(read, formulas)
        if read.repeated:
            self._tell_repeated(read, cells)

    def _tell_formulas(self, read: ReadRow, formulas: Sequence[int]) -> None:
        for reader in self.readers:
            value = read.values[reader.name]
            if reader.place in formulas and value is not None:
                told = _("%(value)s (stored result of the formula)") % {"value": _shown(value)}
                self._convert_anew(read, reader, at(read.cells, reader.place), told, "formula")

    def _convert_anew(self, read: ReadRow, reader: CellReader, cell: Cell, told: str, kind: str) -> None:
        """Say it instead of what was said of the cell before."""
        read.conversions = [one for one in read.conversions if one.column != reader.place]
        self._convert(read, reader, cell, told, kind)
        read.conversions.sort(key=lambda conversion: conversion.column)

    def _convert(self, read: ReadRow, reader: CellReader, cell: Cell, told: str, kind: str = "") -> None:
        read.conversions.append(
            Conversion(self.table.name, read.number, reader.place, reader.column.here, shown(cell), told, kind)
        )

    def _fault(
        self, read: ReadRow, name: str, cell: Cell, code: str, detail: str, suggestions: tuple[str, ...] = ()
    ) -> None:
        read.faults.append(
            cell_fault(
                code,
                detail,
                sheet=self.table.name,
                row=read.number,
                column=self.header.places.get(name, 0),
                heading=self.sheet.columns[name].here,
                value=shown(cell),
                suggestions=suggestions,
            )
        )

    # --- What only the row can tell -----------------------------------------------------------------
    def _check(self, read: ReadRow, row: Row, cells: Cells) -> None:
        if not read.faults:
            self._find_wrong(read, row, cells)
            return
        read.unread, unreadable, read.faults = self.resting.columns_of(read.faults), read.faults, []
        self._find_wrong(read, row, cells)
        read.faults = [*unreadable, *self.resting.apart(read.faults, read.unread)]

    def _find_wrong(self, read: ReadRow, row: Row, cells: Cells) -> None:
        for reader, cell, taken in read.beside:
            self._same_money(read, row, reader, cell, taken)
        for reader in self.headed:
            if not is_blank(cell := at(cells, reader.place)) and not reader.taken(cell).currencies:
                self._same_currency(read, row, reader, cell, reader.currencies)
        for reader in self.mixed:
            detail = _(
                "The prices of this column are shown in several currencies. Give each row's in a column of its own."
            )
            self._fault(read, reader.name, at(cells, reader.place), "currency-mixed", detail)
        if len(cells) > self.beside.last or self.beside.has_more:
            self._tell_wrong(read, self.beside.wrong(row, cells), cells)
        if self.has_rules:
            self._tell_wrong(read, self.sheet.check(row), cells)

    def _tell_wrong(self, read: ReadRow, found: Iterable[Wrong], cells: Cells) -> None:
        for wrong in found:
            place = self.header.places.get(wrong.column)
            self._fault(read, wrong.column, at(cells, place) if place else None, wrong.code, wrong.detail)

    def _same_money(self, read: ReadRow, row: Row, reader: CellReader, cell: Cell, taken: Taken) -> None:
        """The currency and the unit that stand beside a price must be those of its row."""
        self._same_currency(read, row, reader, cell, taken.currencies)
        other = other_unit(row, self.units, self.priced_in, taken.per) if taken.per else ""
        if other:
            detail = _("The price is for another unit than the row's, %(unit)s. Correct the price or the unit.")
            self._fault(read, reader.name, cell, "unit-differs", detail % {"unit": other})

    def _same_currency(
        self, read: ReadRow, row: Row, reader: CellReader, cell: Cell, meant: frozenset[str] | None
    ) -> None:
        implied = self.currency if read.unread.isdisjoint(self.currencies) else ""
        expected = next((row[name] for name in self.currencies if row[name]), implied)
        if meant and expected and expected not in meant:
            detail = _("The price carries another currency than %(currency)s. Correct the sign or the currency.")
            self._fault(read, reader.name, cell, "currency-differs", detail % {"currency": expected})


def _shown(value: Any) -> str:
    return shown(value) if isinstance(value, (Decimal, str)) else str(value)


def _headings(table: SurveyedTable, layout: Layout) -> dict[int, tuple[str, ...]]:
    """The texts that stand in the rows of headings, by place."""
    found: dict[int, tuple[str, ...]] = {}
    for row in table.head:
        if row.number in layout.header_rows:
            for place, cell in enumerate(row.cells, start=1):
                if not is_blank(cell):
                    found[place] = (*found.get(place, ()), shown(cell).strip())
    return found

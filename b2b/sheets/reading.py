"""Read a whole table by its declaration: every row and every fault, nothing written, nothing guessed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from b2b.sheets.cells import shown
from b2b.sheets.faults import CellFault, SheetEmpty, cell_fault
from b2b.sheets.findings import Reading
from b2b.sheets.header import Header, find
from b2b.sheets.layout import Proposal
from b2b.sheets.mapping import propose
from b2b.sheets.marks import source_rows, surveyed
from b2b.sheets.parser import UTC
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.sheet import Sheet
from b2b.sheets.table import Table, at

__all__ = ["Reading", "best_table", "read"]


def read(sheet: type[Sheet], table: Table, *, zone: ZoneInfo = UTC, currency: str = "") -> Reading:
    """Read every row of ``table``; headings that only look like a column's are not taken for it.

    ``zone`` is where instants without an offset are; ``currency`` the one all prices are in, for a sheet whose
    rows do not say it: a price with another currency's sign is a fault.
    """
    seen = surveyed(table)
    proposal = propose(sheet, seen)
    reading = Reading(sheet, table.name)
    if not proposal.layout.header_rows or not (proposal.layout.columns or _twice(proposal)):
        reading.faults.append(_no_header(sheet, table))
        return reading
    reader = RowReader(sheet, proposal.layout, seen, zone=zone, currency=currency)
    reading.header = Header(reader.header.row, proposal.layout.columns, _twice(proposal), _unknown(proposal))
    reading.unknown_columns.extend(reading.header.unknown.values())
    reading.faults.extend(_heading_faults(sheet, table, reading.header, proposal))
    twice = _Twice(reading)
    for source in source_rows(table):
        if source.number > reader.header.row:
            _take(reading, twice, reader.read(source))
    _settle(reading, twice, proposal)
    return reading


def best_table(sheet: type[Sheet], tables: Iterable[Table]) -> Table:
    """The table that looks most like the sheet: the best headings, visible before hidden, first of equals.

    Raises ``SheetEmpty`` where there is none at all.
    """
    ranked = [(_likeness(sheet, table), not table.hidden, -place, table) for place, table in enumerate(tables)]
    if not ranked:
        raise SheetEmpty
    return max(ranked, key=lambda entry: entry[:3])[3]


def _likeness(sheet: type[Sheet], table: Table) -> int:
    """How many columns its headings name."""
    found = find(sheet, surveyed(table))
    return len(found.fits) + len(found.twice) if found else 0


def _take(reading: Reading, twice: _Twice, read: ReadRow) -> None:
    reading.conversions.extend(read.conversions)
    reading.faults.extend(read.faults)
    if read.left_out:
        reading.left_out[read.number] = read.left_out
        return
    twice.note(read)
    if read.row is not None:
        reading.rows.append(read.row)


def _settle(reading: Reading, twice: _Twice, proposal: Proposal) -> None:
    """Nothing is sound while a required column is missing; of a key that stands twice, no row is."""
    if reading.header and (reading.header.twice or _missing(reading.sheet, proposal)):
        reading.rows.clear()
    reading.rows[:] = [row for row in reading.rows if row.number not in twice.rows]
    reading.faults.sort(key=lambda fault: (fault.row, fault.column))


@dataclass
class _Twice:
    """The same key twice is a fault of every row that has it: which one is meant, nobody can know."""

    reading: Reading
    first_with: dict[tuple[Hashable, ...], ReadRow] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def note(self, read: ReadRow) -> None:
        sheet = self.reading.sheet
        values = read.values
        key = tuple(values[name] for name in sheet.key)
        if not key or any(values[name] is None and sheet.columns[name].required for name in sheet.key):
            return
        first = self.first_with.setdefault(key, read)
        if first is read:
            return
        if first.number not in self.rows:
            self._fault(first, read)
        self._fault(read, first)

    def _fault(self, read: ReadRow, other: ReadRow) -> None:
        self.rows.add(read.number)
        name = self.reading.sheet.key[0]
        place = self.reading.header.places.get(name, 0) if self.reading.header else 0
        detail = _("Row %(row)s has the same key. Keep one of the two.") % {"row": other.number}
        self.reading.faults.append(
            cell_fault(
                "duplicate-key",
                detail,
                sheet=self.reading.table,
                row=read.number,
                column=place,
                heading=self.reading.sheet.columns[name].here,
                value=shown(at(read.cells, place)) if place else "",
            )
        )


def _no_header(sheet: type[Sheet], table: Table) -> CellFault:
    wanted = ", ".join(f"“{column.here}”" for column in sheet.columns.values() if column.required)
    return cell_fault(
        "no-header",
        _("No row of headings was found in the first 50 rows. The table needs the columns %(columns)s.")
        % {"columns": wanted},
        sheet=table.name,
    )


def _twice(proposal: Proposal) -> dict[str, tuple[int, ...]]:
    asked = (question.about for question in proposal.questions if question.code == "column-twice")
    return {about["column"]: tuple(one["place"] for one in about["candidates"]) for about in asked}


def _unknown(proposal: Proposal) -> dict[int, str]:
    """The headings whose cells are not read."""
    unsure = {match.place: match.heading for match in proposal.matches.values() if not match.is_sure and match.heading}
    return dict(sorted((dict(proposal.unknown) | unsure).items()))


def _missing(sheet: type[Sheet], proposal: Proposal) -> list[str]:
    known = {*proposal.layout.columns, *proposal.layout.constants, *_twice(proposal)}
    return [name for name, column in sheet.columns.items() if column.required and name not in known]


def _heading_faults(sheet: type[Sheet], table: Table, header: Header, proposal: Proposal) -> Iterator[CellFault]:
    for name in _missing(sheet, proposal):
        heading = sheet.columns[name].here
        detail = _("The column “%(heading)s” is missing. Add it to the row of headings.") % {"heading": heading}
        yield cell_fault("missing-column", detail, sheet=table.name, row=header.row, heading=heading)
    for name, places in header.twice.items():
        heading = sheet.columns[name].here
        detail = _("Several columns may be “%(heading)s”. Leave the one that is meant and rename the others.")
        for place in places:
            yield cell_fault(
                "heading-twice",
                detail % {"heading": heading},
                sheet=table.name,
                row=header.row,
                column=place,
                heading=heading,
                value=shown(at(table.rows[header.row - 1], place)),
            )

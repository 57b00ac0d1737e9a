"""Read a table by its declaration: every row and every fault, nothing written, nothing guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from b2b.sheets.cells import shown
from b2b.sheets.faults import CellFault, SheetEmpty, cell_fault
from b2b.sheets.findings import Reading
from b2b.sheets.header import Header, find_header
from b2b.sheets.parser import UTC
from b2b.sheets.rows import RowReader
from b2b.sheets.sheet import Sheet
from b2b.sheets.table import Table, at

__all__ = ["Reading", "best_table", "read"]


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
    RowReader(reading, table, header, zone=zone, currency=currency).read()
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


def _no_header(sheet: type[Sheet], table: Table) -> CellFault:
    wanted = ", ".join(f"“{column.here}”" for column in sheet.columns.values() if column.required)
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
            _("The column “%(heading)s” is missing. Add it to the row of headings.") % {"heading": column.here},
            sheet=table.name,
            row=header.row,
            heading=column.here,
        )
        for column in header.missing(sheet)
    )
    twice = (
        cell_fault(
            "heading-twice",
            _("Several columns may be “%(heading)s”. Leave the one that is meant and rename the others.")
            % {"heading": sheet.columns[name].here},
            sheet=table.name,
            row=header.row,
            column=place,
            heading=sheet.columns[name].here,
            value=shown(at(table.rows[header.row - 1], place)),
        )
        for name, places in header.twice.items()
        for place in places
    )
    return chain(missing, twice)

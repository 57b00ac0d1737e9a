"""What reading a table found: its sound rows, and everything that has to be said about the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from b2b.sheets.cells import shown
from b2b.sheets.faults import CellFault, Conversion, Faulty, SheetEmpty, cell_fault
from b2b.sheets.header import Header
from b2b.sheets.sheet import Row, Sheet


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
            code, detail, sheet=self.table, row=row.number, column=place, heading=declared.here, value=text
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

"""An uploaded table, from its bytes to a document's lines, with every fault at its cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from b2b.errors import Invalid
from b2b.sheets import workbook
from b2b.sheets.annotating import annotate_reading
from b2b.sheets.faults import Faulty
from b2b.sheets.reading import Reading, best_table, read
from b2b.sheets.sheet import Row, Sheet

OF_A_LINE = re.compile(r"#/lines/(\d+)/(\w+)")
"""How the rules about lines point at what they find."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent, and which sheet it should be."""

    sheet: type[Sheet]
    data: bytes
    filename: str
    currency: str

    def reading(self) -> Reading:
        """Raises a ``SheetRefused`` for what is no readable spreadsheet."""
        table = best_table(self.sheet, workbook.open(self.data, self.filename))
        return read(self.sheet, table, currency=self.currency)

    def apply(self, write: Callable[[list[Row]], None]) -> None:
        """Hand over all rows, or none. Raises ``Faulty`` with a fault by cell, ``SheetEmpty``, ``SheetRefused``."""
        reading = self.reading()
        rows = reading.sound()
        try:
            write(rows)
        except Invalid as refusal:
            if not place(refusal, reading, rows):
                raise
            raise Faulty(reading.faults) from None

    def annotated(self, judge: Callable[[list[Row]], None]) -> bytes:
        """The file with every fault marked; ``judge`` is asked about sound rows as ``write`` would be."""
        reading = self.reading()
        if not reading.faults:
            rows = list(reading.rows)
            try:
                judge(rows)
            except Invalid as refusal:
                place(refusal, reading, rows)
        return annotate_reading(self.data, self.filename, reading)


def place(refusal: Invalid, reading: Reading, rows: Sequence[Row]) -> bool:
    """Move faults about lines to the cells they came from; whether there was any."""
    found = [(OF_A_LINE.match(fault.pointer), fault) for fault in refusal.faults]
    for match, fault in found:
        if match is not None:
            reading.fault(rows[int(match[1])], _column(reading, match[2]), fault.code, fault.detail)
    return any(match is not None for match, _fault in found)


def _column(reading: Reading, name: str) -> str:
    """A rule may speak of a column the sheet calls otherwise."""
    known: Any = reading.sheet.columns
    aliases = {"product": "sku", "code": "item_number"}
    wanted = aliases.get(name, name)
    return wanted if wanted in known else next(iter(known))


def numbered(rows: Sequence[Row]) -> list[int]:
    """The lines' numbers as written, else their place in the table."""
    return [row["number"] or place for place, row in enumerate(rows, 1)]

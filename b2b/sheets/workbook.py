"""Small tables in memory, for callers that want a whole table at once; ``b2b.sheets.survey`` does the reading."""

from __future__ import annotations

from collections.abc import Iterator

from b2b.sheets.files import wire
from b2b.sheets.judging import judged, real_suffix
from b2b.sheets.refusals import refusal
from b2b.sheets.survey import Survey, SurveyedTable, limits_for, log, survey
from b2b.sheets.table import SourceRow, Table

__all__ = ["LIMITS", "judged", "log", "open", "real_suffix", "stream"]

MOST_HELD_CELLS = 10_000_000
"""Filled cells and blank ones before them, of one table; a larger one is for ``survey``."""
LIMITS = limits_for(0)


def open(data: bytes, filename: str) -> list[Table]:  # noqa: A001 — workbook.open reads as what it does
    """Every table of the file that holds a value, hidden ones included and marked.

    Raises ``SheetFormat``, ``SheetHostile``, ``SheetUnreadable`` or ``SheetEmpty``, each with a sentence.
    """
    return list(stream(data, filename))


def stream(data: bytes, filename: str) -> Iterator[Table]:
    """The tables one after the other; raises as ``open`` does, before the first."""
    with survey(data, filename) as found:
        for table in found.tables:
            yield _held(found, table)


def _held(found: Survey, table: SurveyedTable) -> Table:
    head = {"name": table.name, "hidden": table.hidden, "from_1904": table.from_1904}
    return wire.in_memory(head, _bounded(found.rows(table)))


def _bounded(rows: Iterator[SourceRow]) -> Iterator[SourceRow]:
    left = MOST_HELD_CELLS
    for row in rows:
        left -= len(row.cells)
        if left < 0:
            raise refusal("too-many-cells", most=MOST_HELD_CELLS)
        yield row

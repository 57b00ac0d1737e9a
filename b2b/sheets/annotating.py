"""The user's own file back: faulty cells coloured and commented, and a column that says what to mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from b2b.sandbox import MIB, Limits, Refused, Stopped, run
from b2b.sheets import styles, workbook
from b2b.sheets.cells import Broken, Cell, shown
from b2b.sheets.exporting import saved
from b2b.sheets.faults import CellFault
from b2b.sheets.files.wire import REASONS_HEADING
from b2b.sheets.parser import Written
from b2b.sheets.reading import Reading
from b2b.sheets.table import Cells, Table

LIMITS = Limits(memory_bytes=2048 * MIB, cpu_seconds=120, wall_seconds=150, file_bytes=512 * MIB)
WIDEST = 60


def annotate(data: bytes, filename: str, reading: Reading) -> bytes:
    """An .xlsx: the file itself where it is one, otherwise a new workbook with the same table.

    Also a workbook too large or too unusual to be changed in place comes back as a new one. Raises as
    ``workbook.open`` does.
    """
    if workbook.judged(data, filename) == ".xlsx":
        try:
            return b"".join(_in_place(data, reading))
        except (Refused, Stopped) as ended:
            workbook.log.info("annotated as a new workbook", extra={"reason": str(ended)})
    return _anew(data, filename, reading)


def _in_place(data: bytes, reading: Reading) -> Iterator[bytes]:
    return run(
        "b2b.sheets.files.annotation:annotate",
        data,
        limits=LIMITS,
        sheet=reading.table,
        heading_row=reading.header.row if reading.header else 1,
        faults=[[fault.row, fault.column, _remark(fault)] for fault in reading.faults],
    )


def _remark(fault: CellFault) -> str:
    """The sentence, with the column's heading where the cell does not stand under it."""
    return fault.detail if fault.column or not fault.heading else f"{fault.heading}: {fault.detail}"


def _anew(data: bytes, filename: str, reading: Reading) -> bytes:
    table = next(table for table in workbook.stream(data, filename) if table.name == reading.table)
    copy = Workbook(write_only=True)
    worksheet: Any = copy.create_sheet(styles.sheet_title(table.name))
    width = max((len(row) for row in table.rows), default=0)
    _shape(worksheet, table, width)
    wrong = _by_row(reading)
    heading = reading.header.row if reading.header else 1
    for number, cells in enumerate(table.rows, start=1):
        worksheet.append(_row(worksheet, cells, wrong.get(number, {}), width, is_heading=number == heading))
    return saved(copy)


def _row(
    worksheet: Any,
    cells: Cells,
    wrong: Mapping[int, list[str]],
    width: int,
    *,
    is_heading: bool,
) -> list[Any]:
    written = [_cell(worksheet, cell, wrong.get(place, [])) for place, cell in enumerate(cells, start=1)]
    written += [_cell(worksheet, None, wrong.get(place, [])) for place in range(len(cells) + 1, width + 1)]
    remarks = [remark for place in sorted(wrong) for remark in wrong[place]]
    last = styles.cell(worksheet, "\n".join(([REASONS_HEADING] if is_heading else []) + remarks) or None)
    if last.value:
        last.fill, last.alignment = styles.REASON_FILL, styles.WRAPPED
    return [*written, last]


def _cell(worksheet: Any, value: Cell, remarks: list[str]) -> Any:
    cell = styles.cell(worksheet, _written(value))
    if remarks:
        cell.fill, cell.comment = styles.FAULT_FILL, styles.comment("\n".join(remarks))
    return cell


def _written(value: Cell) -> Written:
    return shown(value) if isinstance(value, (Broken, time)) else value


def _shape(worksheet: Any, table: Table, width: int) -> None:
    for place in range(1, width + 1):
        longest = max((len(shown(row[place - 1])) for row in table.rows[:200] if len(row) >= place), default=8)
        worksheet.column_dimensions[get_column_letter(place)].width = min(max(longest + 2, 8), WIDEST)
    worksheet.column_dimensions[get_column_letter(width + 1)].width = WIDEST


def _by_row(reading: Reading) -> dict[int, dict[int, list[str]]]:
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    heading = reading.header.row if reading.header else 1
    for fault in reading.faults:
        found[fault.row or heading][fault.column].append(_remark(fault))
    return found

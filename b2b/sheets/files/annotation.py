"""Mark the faults in a copy of an .xlsx: openpyxl reads the whole file, so this too runs in the sandbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from b2b.sandbox import Refused
from b2b.sheets.files import gate
from b2b.sheets.files.wire import REASONS_HEADING

FAULT = PatternFill("solid", start_color="FFFFC7CE")
REASON = PatternFill("solid", start_color="FFFFF2CC")
WRAPPED = Alignment(wrap_text=True, vertical="top")
AUTHOR = "Hanse"
REASONS_WIDTH = 60
CHUNK = 1024 * 1024


def annotate(
    data: bytes, *, sheet: str, heading_row: int, faults: Sequence[tuple[int, int, str]], without_macros: bool
) -> Iterator[bytes]:
    """The workbook with ``faults`` (row, column, remark; 0 for none) marked on ``sheet``. Raises ``Refused``."""
    gate.passed(data)
    workbook = load_workbook(BytesIO(data), keep_vba=False, keep_links=False, rich_text=True)
    if sheet not in workbook.sheetnames:
        raise Refused("no-sheets")  # openpyxl sees none in a Strict Open XML file.
    worksheet: Any = workbook[sheet]
    place = _reasons_place(worksheet, heading_row)  # Before touching cells, which would widen the sheet.
    _forget(worksheet, place)
    _mark(worksheet, faults)
    _reasons(worksheet, heading_row, faults, place)
    target = BytesIO()
    workbook.save(target)
    copy = target.getvalue()
    for start in range(0, len(copy), CHUNK):
        yield copy[start : start + CHUNK]


def _forget(worksheet: Any, place: int) -> None:
    """Take away what an earlier annotation left, so that a mended cell is clean again."""
    for row in worksheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()
    for row in worksheet.iter_rows(min_col=place, max_col=place):
        row[0].value = None


def _mark(worksheet: Any, faults: Sequence[tuple[int, int, str]]) -> None:
    remarks: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row, column, remark in faults:
        if row and column:
            remarks[row, column].append(remark)
    for (row, column), texts in remarks.items():
        cell = _top_left(worksheet, row, column)
        own = [cell.comment.text] if cell.comment is not None else []
        cell.fill = FAULT
        cell.comment = Comment(_clean("\n".join(own + texts)), AUTHOR, width=320, height=120)


def _reasons(worksheet: Any, heading_row: int, faults: Sequence[tuple[int, int, str]], place: int) -> None:
    """One column behind the last: every row's remarks in the order of its cells."""
    texts: dict[int, list[str]] = defaultdict(list, {heading_row: [REASONS_HEADING]})
    for row, _column, remark in sorted(faults, key=lambda fault: fault[:2]):
        texts[row or heading_row].append(remark)
    for row, lines in texts.items():
        cell = worksheet.cell(row, place)
        cell.value = _clean("\n".join(lines))
        cell.data_type = "s"
        cell.fill, cell.alignment = REASON, WRAPPED
    worksheet.column_dimensions[get_column_letter(place)].width = REASONS_WIDTH


def _reasons_place(worksheet: Any, heading_row: int) -> int:
    for cell in worksheet[heading_row]:
        if isinstance(cell.value, str) and cell.value.startswith(REASONS_HEADING):
            return int(cell.column)
    return int(worksheet.max_column) + 1


def _top_left(worksheet: Any, row: int, column: int) -> Any:
    """The cell, or the one that shows for it where several are merged."""
    cell = worksheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    merged = next(area for area in worksheet.merged_cells.ranges if cell.coordinate in area)
    return worksheet.cell(merged.min_row, merged.min_col)


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)

"""Mark the faults in a copy of an .xlsx: openpyxl reads the whole file, so this too runs in the sandbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter

from b2b.sandbox import MIB, Refused
from b2b.sheets.files import gate, stored_values
from b2b.sheets.files.wire import REASONS_HEADING

FAULT = PatternFill("solid", start_color="FFFFC7CE")
REASON = PatternFill("solid", start_color="FFFFF2CC")
WRAPPED = Alignment(wrap_text=True, vertical="top")
AUTHOR = "Hanse"
BETWEEN = "\n———\n"
"""Stands between our remarks and a comment that was there before, which comes back when the remarks go."""
WITHOUT_MACROS = "This copy holds no macros. 此副本不含宏。"
REASONS_WIDTH = 60
LARGEST_SHEETS = 16 * MIB
"""Of XML, all sheets together: openpyxl takes about fifty times as much memory, and a second for each megabyte."""
CHUNK = 1024 * 1024

Faults = Sequence[tuple[int, int, str]]


def annotate(
    data: bytes, *, sheet: str, heading_row: int, faults: Faults, without_macros: bool = False
) -> Iterator[bytes]:
    """The workbook with ``faults`` (row, column, remark; 0 for none) marked on ``sheet``. Raises ``Refused``."""
    archive = gate.opened(data, macros=without_macros)
    gate.searched(archive, macros=without_macros)
    _judge(archive)
    workbook = load_workbook(BytesIO(data), keep_vba=False, keep_links=False, rich_text=not _escapes(archive))
    if sheet not in workbook.sheetnames:
        raise Refused("no-sheets")  # openpyxl sees none in a Strict Open XML file.
    worksheet: Any = workbook[sheet]
    place = _reasons_place(worksheet, heading_row)  # Before touching cells, which would widen the sheet.
    _forget(worksheet, place)
    _mark(worksheet, faults)
    _reasons(worksheet, heading_row, faults, place)
    if without_macros:
        worksheet.cell(heading_row, place).comment = Comment(WITHOUT_MACROS, AUTHOR)
    target = BytesIO()
    workbook.save(target)
    copy = stored_values.put_back(workbook, target.getvalue(), data)
    for start in range(0, len(copy), CHUNK):
        yield copy[start : start + CHUNK]


def _judge(archive: ZipFile) -> None:
    """What would take too long, or would not open again, comes back as a new workbook instead."""
    sheets = (entry for entry in archive.infolist() if "/worksheets/sheet" in entry.filename.casefold())
    if sum(entry.file_size for entry in sheets) > LARGEST_SHEETS:
        raise Refused("too-large-to-mark")
    if gate.has_links(archive):
        raise Refused("links-to-mark")  # Formulas that lead to them would be left without.


def _escapes(archive: ZipFile) -> bool:
    """Whether a text looks like an escape and is escaped itself: among rich texts, openpyxl takes that away."""
    texts = (entry for entry in archive.infolist() if entry.filename.casefold().endswith(".xml"))
    return any(b"_x005F_" in archive.read(entry) for entry in texts)


def _forget(worksheet: Any, place: int) -> None:
    """Take away what an earlier annotation left, so that a mended cell is clean again."""
    for row in worksheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                _remarks, _between, own = cell.comment.text.partition(BETWEEN)
                cell.comment = Comment(own, "") if own else None
                cell.fill = PatternFill()
    for row in worksheet.iter_rows(min_col=place, max_col=place):
        if not isinstance(row[0], MergedCell):
            row[0].value = None
            row[0].fill = PatternFill()


def _mark(worksheet: Any, faults: Faults) -> None:
    remarks: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row, column, remark in faults:
        if row and column:
            remarks[_top_left(worksheet, row, column)].append(remark)
    for place, texts in remarks.items():
        cell = worksheet.cell(*place)
        own = BETWEEN + str(cell.comment.text) if cell.comment is not None else ""
        cell.fill = FAULT
        cell.comment = Comment(_clean("\n".join(texts) + own), AUTHOR, width=320, height=120)


def _top_left(worksheet: Any, row: int, column: int) -> tuple[int, int]:
    """The cell's place, or that of the one which shows for it where several are merged."""
    cell = worksheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return row, column
    merged = next(area for area in worksheet.merged_cells.ranges if cell.coordinate in area)
    return merged.min_row, merged.min_col


def _reasons(worksheet: Any, heading_row: int, faults: Faults, place: int) -> None:
    """One column behind the last: every row's remarks in the order of its cells."""
    texts: dict[int, list[str]] = defaultdict(list, {heading_row: [REASONS_HEADING]})
    for row, _column, remark in sorted(faults, key=lambda fault: fault[:2]):
        texts[row or heading_row].append(remark)
    for row, lines in texts.items():
        cell = worksheet.cell(row, place)
        if isinstance(cell, MergedCell):
            continue
        cell.value = _clean("\n".join(lines))
        cell.data_type = "s"
        cell.fill, cell.alignment = REASON, WRAPPED
    worksheet.column_dimensions[get_column_letter(place)].width = REASONS_WIDTH


def _reasons_place(worksheet: Any, heading_row: int) -> int:
    for cell in worksheet[heading_row]:
        if isinstance(cell.value, str) and cell.value.startswith(REASONS_HEADING):
            return int(cell.column)
    return int(worksheet.max_column) + 1


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text)

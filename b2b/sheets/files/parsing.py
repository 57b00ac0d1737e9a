"""Parse one file into tables: the work the sandbox runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO

import olefile
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from b2b.sandbox import Refused
from b2b.sheets.files import biff, delimited, gate, ooxml, opendocument
from b2b.sheets.files.wire import METADATA_SHEET, Raw, batches, lines


def parse(data: bytes, *, suffix: str, name: str, most_cells: int) -> Iterator[bytes]:
    """Every table of the file, on the wire. Raises ``Refused``."""
    count = _Count(most_cells)
    try:
        for raw in _READERS[suffix](data, name, suffix):
            raw.rows = count.over(raw.rows)
            yield from batches(lines(raw))
    except CalamineError as damage:
        raise Refused("damaged") from damage


def metadata(data: bytes) -> Iterator[bytes]:
    """The hidden sheet of an .xlsx of ours, on the wire; nothing where there is none. Raises ``Refused``."""
    gate.passed(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        if METADATA_SHEET in workbook.sheet_names:
            yield from batches(lines(Raw(METADATA_SHEET, _rows(workbook, METADATA_SHEET))))
    except CalamineError as damage:
        raise Refused("damaged") from damage


class _Count:
    """Cells that hold something, over all tables of a file: what a file says of its size is not believed."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most

    def over(self, rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
        for row in rows:
            self.left -= sum(cell is not None and cell != "" for cell in row)
            if self.left < 0:
                raise Refused("too-many-cells", most=self.most)
            yield row


def _text(data: bytes, name: str, suffix: str) -> Iterator[Raw]:
    yield delimited.table(data, name, suffix)


def _xlsx(data: bytes, _name: str, suffix: str) -> Iterator[Raw]:
    if data.startswith(olefile.MAGIC):
        biff.look_inside(data)  # Refuses one with a password, which is such a file.
        raise Refused("named-otherwise", suffix=suffix, real=".xls")
    archive = gate.passed(data)
    book = ooxml.book(archive)
    for raw in _calamine(data, lambda place, name: ooxml.marks(archive, book, name)):
        raw.from_1904 = book.from_1904
        yield raw


def _ods(data: bytes, _name: str, _suffix: str) -> Iterator[Raw]:
    found = opendocument.marks(gate.passed(data))
    yield from _calamine(data, lambda place, name: found.get(name, ooxml.Marks()))


def _xls(data: bytes, _name: str, _suffix: str) -> Iterator[Raw]:
    book = biff.book(biff.look_inside(data))
    for raw in _calamine(data, lambda place, name: book.sheets[place] if place < len(book.sheets) else ooxml.Marks()):
        raw.from_1904 = book.from_1904
        yield raw


_READERS: dict[str, Callable[[bytes, str, str], Iterator[Raw]]] = {
    ".xlsx": _xlsx,
    ".xls": _xls,
    ".ods": _ods,
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
}


def _calamine(data: bytes, marks_of: Callable[[int, str], ooxml.Marks]) -> Iterator[Raw]:
    workbook = CalamineWorkbook.from_filelike(BytesIO(data))
    sheets = [
        (place, sheet)
        for place, sheet in enumerate(workbook.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and not sheet.name.startswith(METADATA_SHEET)
    ]
    if not sheets:
        raise Refused("no-sheets")
    for place, sheet in sheets:
        marks = marks_of(place, sheet.name)
        yield Raw(
            sheet.name,
            _rows(workbook, sheet.name),
            hidden=sheet.visible != SheetVisibleEnum.Visible,
            broken=marks.broken,
            percent=frozenset(marks.percent),
            formulas=frozenset(marks.formulas),
        )


def _rows(workbook: CalamineWorkbook, name: str) -> Iterator[list[object]]:
    """Rows from the sheet's first; calamine leaves out the empty columns on the left, so they are put back."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return
    left = [None] * sheet.start[1]
    for row in sheet.iter_rows():
        yield [*left, *row]

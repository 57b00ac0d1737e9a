"""What calamine does not tell of an old .xls, from its records.

Errors, formulas, percentages, the date system, what is hidden and what is merged; of Excel 5 to 2003 (BIFF 5 and 8).

Record layouts: [MS-XLS] 2.4. A workbook stream is a run of records: a type, a length, and that many bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import olefile

from b2b.sandbox import Refused
from b2b.sheets.files.calamined import Marks
from b2b.sheets.files.formats import is_percent

BOF, EOF, BOUNDSHEET, DATE_1904, FORMAT, XF = 0x0809, 0x000A, 0x0085, 0x0022, 0x041E, 0x00E0
FORMULA, BOOLERR, NUMBER, RK, MULRK, FILEPASS = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD, 0x002F
ROW, COLINFO, MERGED = 0x0208, 0x007D, 0x00E5
BIFF5 = 0x0500
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_BUILTIN_PERCENT = {9, 10}
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NOT_A_NUMBER = 0xFFFF


@dataclass
class OldBook:
    """The marks of each sheet, in the workbook's order of sheets, and the date system."""

    sheets: list[Marks] = field(default_factory=list)
    from_1904: bool = False


def look_inside(data: bytes) -> olefile.OleFileIO:
    """The compound file, when it holds a plain workbook. Raises ``Refused``."""
    try:
        box = olefile.OleFileIO(BytesIO(data))
        folders = [[name.casefold() for name in path] for path in box.listdir(streams=True, storages=True)]
    except (OSError, ValueError, IndexError, struct.error, RecursionError) as damage:
        raise Refused("damaged") from damage
    top = {path[0] for path in folders}
    if "encryptedpackage" in top:
        raise Refused("password")
    if "_vba_project_cur" in top or any("vba" in path for path in folders):
        raise Refused("macros")
    if any(name.startswith("mbd") for name in top):
        raise Refused("embedded-objects")
    return box


def book(box: olefile.OleFileIO) -> OldBook:
    """The marks of a workbook of Excel 5 or later. An older one has none that we can tell."""
    name = next((name for name in ("Workbook", "Book") if box.exists(name)), None)
    if name is None:
        return OldBook()
    try:
        return _read(box.openstream(name).read())
    except (OSError, struct.error, IndexError, ValueError) as damage:
        raise Refused("damaged") from damage


def _read(stream: bytes) -> OldBook:
    found = OldBook()
    is_old = False
    formats, styles, starts = set(_BUILTIN_PERCENT), list[int](), list[int]()
    for kind, body in _records(stream, 0):
        if kind == FILEPASS:
            raise Refused("password")
        if kind == BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == DATE_1904:
            found.from_1904 = body[:2] == b"\x01\x00"
        elif kind == BOF:
            is_old = body[:2] == struct.pack("<H", BIFF5)
        elif kind == FORMAT and is_percent(_old_format(body) if is_old else _format(body)):
            formats.add(struct.unpack_from("<H", body)[0])
        elif kind == XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    percent = frozenset(place for place, number in enumerate(styles) if number in formats)
    found.sheets = [_marks(stream, start, percent) for start in starts]
    return found


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records from ``start`` to the end of that substream."""
    place = start
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield kind, stream[place + 4 : place + 4 + length]
        if kind == EOF:
            return
        place += 4 + length


def _format(body: bytes) -> str:
    """A format's text: behind its number and its length stands a flag for two-byte characters."""
    length, wide = struct.unpack_from("<HB", body, 2)
    return (
        body[5 : 5 + length * 2].decode("utf-16-le", "replace") if wide & 1 else body[5 : 5 + length].decode("latin-1")
    )


def _old_format(body: bytes) -> str:
    return body[3 : 3 + body[2]].decode("latin-1")


def _marks(stream: bytes, start: int, percent: frozenset[int]) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, start):
        if kind in (FORMULA, BOOLERR, NUMBER, RK):
            _one_cell(marks, kind, body, percent)
        elif kind == MULRK:
            _many_cells(marks, body, percent)
        elif kind == ROW and struct.unpack_from("<I", body, 12)[0] & _ROW_HIDDEN:
            marks.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLINFO and struct.unpack_from("<H", body, 8)[0] & _COLUMN_HIDDEN:
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif kind == MERGED:
            marks.merged += _areas(body)
    return marks


def _many_cells(marks: Marks, body: bytes, percent: frozenset[int]) -> None:
    """Numbers side by side: row, first column, and six bytes for each, of which two are its style."""
    row, column = struct.unpack_from("<HH", body)
    styles = (struct.unpack_from("<H", body, 4 + 6 * place)[0] for place in range((len(body) - 6) // 6))
    marks.percent.update((row + 1, column + place + 1) for place, style in enumerate(styles) if style in percent)


def _areas(body: bytes) -> Iterator[tuple[int, int, int, int]]:
    for place in range(min(struct.unpack_from("<H", body)[0], (len(body) - 2) // 8)):
        top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * place)
        yield top + 1, left + 1, bottom + 1, right + 1


def _one_cell(marks: Marks, kind: int, body: bytes, percent: frozenset[int]) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    place = row + 1, column + 1
    error = _error(kind, body)
    if error is not None:
        marks.broken[place] = error
    elif kind == FORMULA:
        marks.formulas.add(place)
    if style in percent and error is None:
        marks.percent.add(place)


def _error(kind: int, body: bytes) -> str | None:
    if kind == BOOLERR and body[7]:
        return _ERRORS.get(body[6], "#VALUE!")
    if kind == FORMULA and struct.unpack_from("<H", body, 12)[0] == _NOT_A_NUMBER and body[6] == 2:  # noqa: PLR2004
        return _ERRORS.get(body[8], "#VALUE!")
    return None

"""What calamine does not tell of an old .xls, from its records.

Errors, formulas, how numbers are shown, the date system, what is hidden and merged; of Excel 5 to 2003 (BIFF 5 and 8).

Record layouts: [MS-XLS] 2.4. A workbook stream is a run of records: a type, a length, and that many bytes.
"""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

import olefile

from b2b.sandbox import Refused
from b2b.sheets.files.calamined import Marks, Place
from b2b.sheets.files.formats import NOT_ALWAYS_NUMBERS, Form, Shown, forms_of, sign_of

BOF, EOF, BOUNDSHEET, DATE_1904, FORMAT, XF, CODEPAGE = 0x0809, 0x000A, 0x0085, 0x0022, 0x041E, 0x00E0, 0x0042
FORMULA, BOOLERR, NUMBER, RK, MULRK, FILEPASS = 0x0006, 0x0205, 0x0203, 0x027E, 0x00BD, 0x002F
ROW, COLINFO, MERGED = 0x0208, 0x007D, 0x00E5
BIFF5 = 0x0500
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_LIKE_A_DATE = re.compile("[dmyhs]", re.IGNORECASE)
"""Letters for which calamine may take a number for a date, as in ``0.00" USD"``."""
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_NOT_A_NUMBER = 0xFFFF
_LONGEST_RECORD = 8_224
"""Bytes of a record's body; what does not fit goes on in the next ([MS-XLS] 2.1.4)."""


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


@dataclass(slots=True)
class Look:
    """How one cell style shows a number. ``is_odd`` where the cell does not hold just what calamine makes of it."""

    form: Shown
    sign: str
    is_odd: bool


def _read(stream: bytes) -> OldBook:
    found = OldBook()
    starts: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == FILEPASS:
            raise Refused("password")
        if kind == BOUNDSHEET:
            starts.append(struct.unpack_from("<I", body)[0])
        elif kind == DATE_1904:
            found.from_1904 = body[:2] == b"\x01\x00"
    seen = looks(stream)
    found.sheets = [_marks(stream, start, seen) for start in starts]
    return found


def looks(stream: bytes) -> list[Look]:
    """How each cell style of the workbook shows numbers."""
    is_old, codepage = False, "cp1252"
    codes, styles = dict[int, str](), list[int]()
    for kind, body in _records(stream, 0):
        if kind == BOF:
            is_old = body[:2] == struct.pack("<H", BIFF5)
        elif kind == CODEPAGE:
            codepage = _codec(struct.unpack_from("<H", body)[0])
        elif kind == FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _old_format(body, codepage) if is_old else _format(body)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    known = {number: _look(number, codes) for number in set(styles)}
    return [known[number] for number in styles]


def _look(number: int, codes: Mapping[int, str]) -> Look:
    form = forms_of(number, codes)
    is_odd = form is not Form.NUMBER or number in NOT_ALWAYS_NUMBERS or _LIKE_A_DATE.search(codes.get(number, ""))
    return Look(form, sign_of(number, codes), bool(is_odd))


def _codec(codepage: int) -> str:
    """The name of a Windows code page, where Python knows it."""
    try:
        return codecs.lookup(f"cp{codepage}").name
    except LookupError:
        return "cp1252"


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records from ``start`` to the end of that substream, without those of charts within it.

    Raises ``Refused`` where it breaks off or makes no sense: else the rows behind that would be missing unseen.
    """
    place, depth = start, 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        place += 4 + length
        if length > _LONGEST_RECORD or (kind == EOF and length) or kind == length == 0:
            raise Refused("damaged")
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 1:
            yield kind, stream[place - length : place]
        if depth <= 0:
            _require_end(stream, place)
            return
    raise Refused("damaged")


def _require_end(stream: bytes, place: int) -> None:
    """Behind a substream another begins, or nothing is left but padding."""
    following = struct.unpack_from("<H", stream, place)[0] if place + 2 <= len(stream) else 0
    if following not in (0, BOF):
        raise Refused("damaged")


def _format(body: bytes) -> str:
    """A format's text: behind its number and its length stands a flag for two-byte characters."""
    length, wide = struct.unpack_from("<HB", body, 2)
    return (
        body[5 : 5 + length * 2].decode("utf-16-le", "replace") if wide & 1 else body[5 : 5 + length].decode("latin-1")
    )


def _old_format(body: bytes, codepage: str) -> str:
    return body[3 : 3 + body[2]].decode(codepage, "replace")


def _marks(stream: bytes, start: int, looks: Sequence[Look]) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, start):
        if kind in (FORMULA, BOOLERR, NUMBER, RK):
            _one_cell(marks, kind, body, looks)
        elif kind == MULRK:
            _many_cells(marks, body, looks)
        elif kind == ROW and struct.unpack_from("<I", body, 12)[0] & _ROW_HIDDEN:
            marks.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == COLINFO and struct.unpack_from("<H", body, 8)[0] & _COLUMN_HIDDEN:
            first, last = struct.unpack_from("<HH", body)
            marks.hidden_columns.update(range(first + 1, min(last, 255) + 2))
        elif kind == MERGED:
            marks.merged += _areas(body)
    return marks


def _many_cells(marks: Marks, body: bytes, looks: Sequence[Look]) -> None:
    """Numbers side by side: row, first column, and six bytes for each, of which two are its style."""
    row, column = struct.unpack_from("<HH", body)
    for place in range((len(body) - 6) // 6):
        style, number = struct.unpack_from("<HI", body, 4 + 6 * place)
        _number(marks, (row + 1, column + place + 1), _rk(number), style, looks)


def _number(marks: Marks, place: Place, number: float, style: int, looks: Sequence[Look]) -> None:
    look = looks[style] if style < len(looks) else None
    if look is None:
        return
    if look.is_odd:
        marks.numbers[place] = number, look.form
    if look.sign:
        marks.signs.add((place[1], look.sign))


def _rk(number: int) -> float:
    """Four bytes: a whole number or the upper half of a double, perhaps a hundredfold ([MS-XLS] 2.5.217)."""
    value = float((number - (1 << 32) if number >> 31 else number) >> 2)
    if not number & 2:
        value = struct.unpack("<d", struct.pack("<II", 0, number & 0xFFFFFFFC))[0]
    return value / 100 if number & 1 else value


def _areas(body: bytes) -> Iterator[tuple[int, int, int, int]]:
    for place in range(min(struct.unpack_from("<H", body)[0], (len(body) - 2) // 8)):
        top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + 8 * place)
        yield top + 1, left + 1, bottom + 1, right + 1


def _one_cell(marks: Marks, kind: int, body: bytes, looks: Sequence[Look]) -> None:
    row, column, style = struct.unpack_from("<HHH", body)
    place = row + 1, column + 1
    error = _error(kind, body)
    if error is not None:
        marks.broken[place] = error
        return
    if kind == FORMULA:
        marks.formulas.add(place)
    if kind == RK:
        _number(marks, place, _rk(struct.unpack_from("<I", body, 6)[0]), style, looks)
    elif kind == NUMBER or (kind == FORMULA and struct.unpack_from("<H", body, 12)[0] != _NOT_A_NUMBER):
        _number(marks, place, struct.unpack_from("<d", body, 6)[0], style, looks)


def _error(kind: int, body: bytes) -> str | None:
    if kind == BOOLERR and body[7]:
        return _ERRORS.get(body[6], "#VALUE!")
    if kind == FORMULA and struct.unpack_from("<H", body, 12)[0] == _NOT_A_NUMBER and body[6] == 2:  # noqa: PLR2004
        return _ERRORS.get(body[8], "#VALUE!")
    return None

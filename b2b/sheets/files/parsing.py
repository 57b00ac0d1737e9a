"""Parse one file into tables: the work the sandbox runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import olefile
from python_calamine import CalamineError, CalamineWorkbook

from b2b.sandbox import Refused
from b2b.sheets.files import biff, delimited, gate, ooxml, opendocument
from b2b.sheets.files.calamined import Sight, rows_of, sheets_of
from b2b.sheets.files.telling import Budget, Telling
from b2b.sheets.files.wire import METADATA_SHEET


def parse(data: bytes, *, suffix: str, name: str, most_cells: int) -> Iterator[bytes]:
    """Every table of the file, on the wire. Raises ``Refused``."""
    try:
        yield from _READERS[suffix](data, name, suffix, Budget(most_cells))
    except CalamineError as damage:
        raise Refused("damaged") from damage


def metadata(data: bytes) -> Iterator[bytes]:
    """The hidden sheet of an .xlsx of ours, on the wire; nothing where there is none. Raises ``Refused``."""
    gate.passed(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        if METADATA_SHEET in workbook.sheet_names:
            yield from Telling(Budget(100_000), METADATA_SHEET).whole(rows_of(workbook, METADATA_SHEET))
    except CalamineError as damage:
        raise Refused("damaged") from damage


def _text(data: bytes, name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    yield from Telling(budget, name).whole(enumerate(delimited.table(data, suffix), start=1))


def _xlsx(data: bytes, _name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    if data.startswith(olefile.MAGIC):
        biff.look_inside(data)  # Refuses one with a password, which is such a file.
        raise Refused("named-otherwise", suffix=suffix, real=".xls")
    archive = gate.passed(data)
    book = ooxml.book(archive)
    yield from sheets_of(data, budget, lambda _place, name: Sight(ooxml.marks(archive, book, name), book.from_1904))


def _ods(data: bytes, _name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    found = opendocument.marks(gate.passed(data))
    yield from sheets_of(data, budget, lambda _place, name: Sight(found.get(name, ooxml.Marks())))


def _xls(data: bytes, _name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    book = biff.book(biff.look_inside(data))

    def sight(place: int, _name: str) -> Sight:
        return Sight(book.sheets[place] if place < len(book.sheets) else ooxml.Marks(), book.from_1904)

    yield from sheets_of(data, budget, sight)


_READERS: dict[str, Callable[[bytes, str, str, Budget], Iterator[bytes]]] = {
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".xls": _xls,
    ".ods": _ods,
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
}

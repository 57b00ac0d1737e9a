"""Parse one file into tables: the work the sandbox runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import olefile
from python_calamine import CalamineError

from b2b.sandbox import Refused
from b2b.sheets.files import biff, delimited, gate, ooxml, opendocument, webpage, xml2003
from b2b.sheets.files.calamined import Marks, Sight, sheets_of
from b2b.sheets.files.markup import Archive
from b2b.sheets.files.ooxml_cells import Cells
from b2b.sheets.files.strings import Strings, strings_of
from b2b.sheets.files.telling import Budget, Telling, note
from b2b.sheets.files.wire import METADATA_SHEET
from b2b.sheets.files.worksheet import Worksheet

_CONTENT = re.compile(r"content\.xml")
_STREAMED = re.compile(r"(?:.*/)?worksheets/[^/]*\.xml|(?:.*/)?sharedstrings\.xml")


def parse(data: bytes, *, suffix: str, name: str, most_cells: int) -> Iterator[bytes]:
    """Every table of the file, on the wire. Raises ``Refused``."""
    try:
        yield from _READERS[suffix](data, name, suffix, Budget(most_cells))
    except CalamineError as damage:
        raise Refused("damaged") from damage


def metadata(data: bytes) -> Iterator[bytes]:
    """The hidden sheet of an .xlsx of ours, on the wire; nothing where there is none. Raises ``Refused``."""
    archive = Archive(gate.passed(data))
    book = ooxml.book(archive)
    yield from _sheets(archive, book, [sheet for sheet in book.sheets if sheet.name == METADATA_SHEET], Budget(100_000))


def _text(data: bytes, name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    yield from delimited.tables(data, name, suffix, budget)


def _text_named_xls(data: bytes, name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    yield note("plain-text", suffix=".xls")
    yield from delimited.tables(data, name, suffix, budget)


def _page(data: bytes, name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    yield from webpage.tables(data, name, ".xls", budget)


def _pages(data: bytes, name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    yield from webpage.packed(data, name, ".xls", budget)


def _xml(data: bytes, _name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    yield from xml2003.tables(data, ".xls", budget)


def _xlsx(data: bytes, _name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    if data.startswith(olefile.MAGIC):
        biff.look_inside(data)  # Refuses one with a password, which is such a file.
        raise Refused("named-otherwise", suffix=suffix, real=".xls")
    macros = suffix == ".xlsm"
    zipped = gate.opened(data, streamed=_STREAMED, macros=macros)
    archive = Archive(zipped)
    book = ooxml.book(archive)
    gate.searched(zipped, but=book.streamed, macros=macros)
    if gate.has_macros(zipped):
        yield note("macros-ignored")
    if gate.has_links(zipped):
        yield note("links-not-followed")
    tables = [sheet for sheet in book.sheets if not sheet.name.startswith(METADATA_SHEET)]
    if not tables:
        raise Refused("no-sheets")
    yield from _sheets(archive, book, tables, budget)


def _sheets(archive: Archive, book: ooxml.Book, sheets: Sequence[ooxml.SheetPart], budget: Budget) -> Iterator[bytes]:
    strings = strings_of(archive, book.strings) if sheets else Strings()
    for sheet in sheets:
        telling = Telling(budget, sheet.name, hidden=sheet.hidden, from_1904=book.from_1904)
        yield telling.begun()
        for _piece in Worksheet(telling, Cells(book, strings)).read(archive.chunks(sheet.part)):
            yield from telling.spoken()
        yield from telling.ended()


def _ods(data: bytes, _name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    zipped = gate.opened(data, streamed=_CONTENT)
    gate.searched(zipped, but=[opendocument.CONTENT])
    yield from opendocument.tables(Archive(zipped), budget)


def _xls(data: bytes, _name: str, _suffix: str, budget: Budget) -> Iterator[bytes]:
    book = biff.book(biff.look_inside(data))

    def sight(place: int, _name: str) -> Sight:
        return Sight(book.sheets[place] if place < len(book.sheets) else Marks(), book.from_1904)

    yield from sheets_of(data, budget, sight)


_READERS: dict[str, Callable[[bytes, str, str, Budget], Iterator[bytes]]] = {
    ".xlsx": _xlsx,
    ".xlsm": _xlsx,
    ".xls": _xls,
    ".ods": _ods,
    ".html": _page,
    ".mht": _pages,
    ".xml": _xml,
    ".text": _text_named_xls,
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
}

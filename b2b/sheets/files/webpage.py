"""Read the tables of a web page: what many a program calls an .xls. Python's own parser, which loads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from html.parser import HTMLParser
from io import BytesIO, TextIOWrapper

from b2b.sandbox import Refused
from b2b.sheets.files import elements
from b2b.sheets.files.beheld import of_page
from b2b.sheets.files.encodings import Encoding, encoding_notes, encoding_of
from b2b.sheets.files.markup import RAISED
from b2b.sheets.files.telling import Budget, Telling, note
from b2b.sheets.files.wire import LAST_COLUMN, LAST_ROW

PIECE_LETTERS = 64 * 1024
MOST_SPANNED = 1_000
MOST_NESTED = 20
FEWEST_ROWS = FEWEST_COLUMNS = 2
"""For a table within a cell to be one, and no means to place something there."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_CODECS = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "windows-1252": "cp1252",
    "iso-8859-1": "cp1252",
    "windows-1250": "cp1250",
    "iso-8859-2": "iso8859-2",
    "windows-1251": "cp1251",
    "koi8-r": "koi8-r",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "big5": "cp950",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
}
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,20})?(?:[eE][+-]?[0-9]{1,2})?")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def tables(data: bytes, name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    """Every table of the page, on the wire; one within a cell is also text of that cell. Raises ``Refused``."""
    yield note("web-page", suffix=suffix)
    yield from _tables(data, _encoding(data), _Page(budget, _Titles(name)))


def _tables(data: bytes, encoding: Encoding, page: _Page) -> Iterator[bytes]:
    yield from encoding_notes(encoding)
    with TextIOWrapper(BytesIO(data), encoding.codec, "replace") as text:
        while piece := text.read(PIECE_LETTERS):
            page.feed(piece)
            yield from page.spoken()
    page.close()
    page.finish()
    yield from page.spoken()


def packed(data: bytes, name: str, suffix: str, budget: Budget) -> Iterator[bytes]:
    """The tables of all pages that are packed in one file as mails are: what Excel calls a single file web page."""
    yield note("web-page", suffix=suffix)
    titles = _Titles(name)
    for part in message_from_bytes(data).walk():
        content = part.get_payload(decode=True) if part.get_content_type() == "text/html" else None
        if not isinstance(content, bytes):
            continue
        encoding = _encoding(content, part.get_content_charset() or "")
        yield from _tables(content, encoding, _Page(budget, titles))


def _encoding(data: bytes, said: str = "") -> Encoding:
    """As the page says, or what holds it, unless its first bytes say better."""
    named = _CHARSET.search(data[:4096])
    codec = _CODECS.get((named[1].decode("ascii") if named else said).casefold())
    if codec is None or data[:2] in (b"\xff\xfe", b"\xfe\xff") or data.startswith(b"\xef\xbb\xbf"):
        return encoding_of(data)
    return Encoding(codec)


@dataclass(slots=True)
class _Titles:
    """What the tables of a file are called; ``last`` is the number of the latest."""

    name: str
    last: int = 0

    def following(self) -> str:
        self.last += 1
        return self.name if self.last == 1 else f"{self.name} {self.last}"


class _Page(HTMLParser):
    def __init__(self, budget: Budget, titles: _Titles, *, level: int = 0) -> None:
        super().__init__(convert_charrefs=True)
        self.budget, self.titles, self.level = budget, titles, level
        self.said: list[bytes] = []
        self.telling: Telling | None = None
        self.depth = self.row = self.size = 0
        self.inner: _Page | None = None
        """The table within a cell, while it lasts; ``after`` holds those that have ended, until this one has."""
        self.after: list[bytes] = []
        self.rows = self.width = self.place = 0
        self.cells: dict[int, object] = {}
        self.spans: dict[int, int] = {}
        """By column: how many rows below are taken by a cell from above."""
        self.column = 0
        self.hidden = self.in_row = self.is_raised = False
        self.texts: list[str] | None = None
        self.number = ""

    def spoken(self) -> Iterator[bytes]:
        yield from self.said
        self.said.clear()
        if self.telling:
            yield from self.telling.spoken()

    def finish(self) -> None:
        """Close what the page left open."""
        if self.inner:
            self.inner.finish()
            self._take(self.inner)
        self._leave_row()
        if self.telling:
            self.rows, self.width = self.telling.rows, self.telling.width
            self.said.extend(self.telling.ended())
            self.telling = None
        if not self.level:
            self.said.extend(self.after)
            self.after.clear()

    def _take(self, inner: _Page) -> None:
        """Keep a table within a cell, unless it only places something there."""
        self.inner = None
        if inner.rows >= FEWEST_ROWS and inner.width >= FEWEST_COLUMNS:
            self.after.extend(inner.spoken())
        else:
            self.budget.tables -= 1
            self.titles.last -= self.titles.last == inner.place
        self.after.extend(inner.after)

    # --- What the parser calls ----------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self.inner:
            self.inner.handle_starttag(tag, attrs)
        elif tag == "table":
            self._enter_table()
        elif tag == "sup":
            self.is_raised = True
        elif tag == "br" and self.texts is not None:
            self.texts.append("\n")
        elif self.depth == 1 and tag == "tr":
            self._enter_row(attributes)
        elif self.depth == 1 and tag in ("td", "th"):
            self._enter_cell(attributes)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inner:
            self.inner.handle_endtag(tag)
            if not self.inner.depth:
                self._take(self.inner)
        elif tag == "sup":
            self.is_raised = False
        elif tag == "table" and self.depth:
            self.depth -= 1
            if not self.depth:
                self.finish()
        elif self.depth == 1 and tag in ("td", "th"):
            self._leave_cell()
        elif self.depth == 1 and tag == "tr":
            self._leave_row()

    def handle_data(self, data: str) -> None:
        if self.inner and self.cdata_elem is None:
            self.inner.handle_data(data)
        if self.texts is not None and self.cdata_elem is None:
            text = re.sub(r"[ \t\r\n]+", " ", data)
            self.texts.append(text.translate(RAISED) if self.is_raised else text)
            self.size += len(data)
            if self.size > elements.LONGEST_ELEMENT:
                raise Refused("row-too-long")

    # --- Tables, rows, cells ------------------------------------------------------------------------
    def _enter_table(self) -> None:
        if self.depth and self.level < MOST_NESTED:
            self.inner = _Page(self.budget, self.titles, level=self.level + 1)
            self.inner.handle_starttag("table", [])
            return
        self.depth += 1
        if self.depth > 1:
            return
        self.telling = Telling(self.budget, self.titles.following())
        self.place = self.titles.last
        self.said.append(self.telling.begun())
        self.row, self.cells, self.spans = 0, {}, {}

    def _enter_row(self, attributes: dict[str, str]) -> None:
        self._leave_row()
        self.in_row = True
        self.row += 1
        self.column = self.size = 0
        self.cells = {}
        self.hidden = "hidden" in attributes or _HIDDEN.search(attributes.get("style", "")) is not None

    def _enter_cell(self, attributes: dict[str, str]) -> None:
        self._leave_cell()
        if not self.in_row:
            self._enter_row({})  # Pages leave out what a browser would put in.
        self.column += 1
        while self.spans.get(self.column):
            self.column += 1
        down, right = _span(attributes, "rowspan"), _span(attributes, "colspan")
        self._merge(down, right)
        self.texts, self.number = [], attributes.get("x:num") or attributes.get("sdval", "")
        self.is_raised = False
        self.cells[self.column] = None
        self.column += right - 1

    def _merge(self, down: int, right: int) -> None:
        if self.column + right - 1 > LAST_COLUMN:
            raise Refused("beyond-the-sheet")
        if self.telling and (down > 1 or right > 1) and len(self.telling.merged) < elements.MOST_AREAS:
            bottom = min(self.row + down - 1, LAST_ROW)
            self.telling.merged.append((self.row, self.column, bottom, self.column + right - 1))
        if down > 1:
            # The row itself is counted off when it ends.
            self.spans |= dict.fromkeys(range(self.column, self.column + right), down)

    def _leave_cell(self) -> None:
        if self.texts is None:
            return
        text = "\n".join(line.strip(" ") for line in "".join(self.texts).split("\n")).strip("\n")
        place = max(self.cells, default=1)
        self.cells[place] = self._number(place, text) if _NUMBER.fullmatch(self.number) else text
        self.texts = None

    def _number(self, place: int, text: str) -> object:
        """What Excel (``x:num``) or LibreOffice (``sdval``) says the number is whose text the cell shows."""
        value, sign = of_page(float(self.number), text)
        if sign and self.telling:
            self.telling.columns.show(place - 1, sign)
        return value

    def _leave_row(self) -> None:
        self._leave_cell()
        if not self.in_row:
            return  # Its end was said; the next row's beginning says it once more.
        self.spans = {column: left - 1 for column, left in self.spans.items() if left > 1}
        if self.telling and self.cells:
            width = max(self.cells)
            self.telling.row(self.row, [self.cells.get(column) for column in range(1, width + 1)], hidden=self.hidden)
        self.cells, self.in_row = {}, False


def _span(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1").strip()
    return max(1, min(int(text[:6]), MOST_SPANNED)) if text.isascii() and text.isdecimal() else 1

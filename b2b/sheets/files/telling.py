"""The child's side of the wire: says a table row by row, and keeps count of what only the whole table can tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from json.encoder import encode_basestring as _encode

from b2b.sandbox import Refused
from b2b.sheets.cells import ERROR_VALUES, Broken
from b2b.sheets.files import wire
from b2b.sheets.files.columns import MOST_REMEMBERED, Columns, Kind, tells

BATCH_BYTES = 256 * 1024
MOST_TABLES = 500
MOST_MERGED = 20_000
LONGEST_GAP = 64
"""More blank cells on end than this are sent as their number."""
_LONGEST_ROW_BYTES = 16 * 1024 * 1024
BLANK = b"null"
NO_CHARACTER = "\ufffd"
"""What stands for a character that cannot be kept: no database has a NUL in a text."""


@dataclass(frozen=True, slots=True)
class Percentage:
    """A number that its cell shows as a percentage."""

    fraction: float


class Budget:
    """What all tables of a file may hold together: what a file says of its size is not believed."""

    def __init__(self, most_cells: int) -> None:
        self.most = self.left = most_cells
        self.tables = 0

    def one_more_table(self) -> None:
        self.tables += 1
        if self.tables > MOST_TABLES:
            raise Refused("too-many-tables", most=MOST_TABLES)


class Telling:
    """One table on its way. Rows may come in any order; a reader hands over cells by column from 0."""

    def __init__(self, budget: Budget, name: str, *, hidden: bool = False, from_1904: bool = False) -> None:
        budget.one_more_table()
        self.budget = budget
        self.head = {"name": clean(name), "hidden": hidden, "from_1904": from_1904}
        self.columns = Columns()
        self.rows = self.last_row = self.width = self.hidden_rows = 0
        self.in_order = True
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[int, int, int, int]] = []
        self.lines: list[bytes] = []
        self.size = 0

    def row(self, number: int, cells: Sequence[object], *, hidden: bool = False, formulas: Sequence[int] = ()) -> None:
        """A row of Python's own values; a blank one is passed over."""
        parts: list[bytes] = []
        places: list[int] = []
        for place, cell in enumerate(cells):
            packed, kind = pack(cell)
            if kind is not Kind.BLANK:
                self.columns.add(place, kind, tells(cell) if kind is Kind.TEXT and isinstance(cell, str) else 0)
                parts.append(packed)
                places.append(place)
        if parts:
            self.line(number, flags_of(hidden, formulas), joined(parts, places), places[-1] + 1, len(parts))

    def line(self, number: int, flags: bytes, text: bytes, width: int, filled: int) -> None:
        """A row as it travels: ``text`` is its cells without the brackets, up to the last that holds something."""
        if number > self.last_row:
            self.last_row = number
        else:
            self.in_order = False
        if width > self.width:
            self._widen(width)
        self.rows += 1
        if flags and flags[:1] == b"h":
            self.hidden_rows += 1
        self.budget.left -= filled
        line = b"%d\t%b\t[%b]\n" % (number, flags, text)
        self.lines.append(line)
        self.size += len(line)
        if self.budget.left < 0 or len(line) > _LONGEST_ROW_BYTES:
            raise Refused("row-too-long") if self.budget.left >= 0 else Refused("too-many-cells", most=self.budget.most)

    def _widen(self, width: int) -> None:
        if width > wire.LAST_COLUMN:
            raise Refused("beyond-the-sheet")
        self.width = width
        self.columns.widen(width)

    def begun(self) -> bytes:
        return wire.HEAD + _json(self.head)

    def spoken(self, *, at_least: int = BATCH_BYTES) -> Iterator[bytes]:
        """What has gathered, when it is worth sending."""
        if self.lines and self.size >= at_least:
            yield wire.ROWS + b"".join(self.lines)
            self.lines.clear()
            self.size = 0

    def ended(self) -> Iterator[bytes]:
        yield from self.spoken(at_least=0)
        told = {
            "hidden": self.head["hidden"],  # Some formats say so only now.
            "rows": self.rows,
            "last_row": self.last_row,
            "in_order": self.in_order,
            "hidden_rows": self.hidden_rows,
            "hidden_columns": sorted(self.hidden_columns)[: wire.LAST_COLUMN],
            "merged": sorted(self.merged, key=_importance)[:MOST_MERGED],
            "marks": self.columns.marks(self.rows),
            "signs": [[place, sorted(signs)] for place, signs in sorted(self.columns.signs.items())],
        }
        yield wire.END + _json(told)

    def whole(self, numbered: Iterable[tuple[int, Sequence[object]]]) -> Iterator[bytes]:
        """The table from its head to its end, for readers that have nothing else to tell."""
        yield self.begun()
        for number, cells in numbered:
            self.row(number, cells)
            yield from self.spoken()
        yield from self.ended()

    def texts(self, numbered: Iterable[tuple[int, Sequence[str]]]) -> Iterator[bytes]:
        """The table from its head to its end, for readers that know only texts."""
        yield self.begun()
        known: dict[str, tuple[bytes, Kind, int]] = {}
        for number, cells in numbered:
            parts: list[bytes] = []
            places: list[int] = []
            for place, cell in enumerate(cells):
                packed, kind, told = known.get(cell) or _learned(known, cell)
                if kind is not Kind.BLANK:
                    self.columns.add(place, kind, told)
                    parts.append(packed)
                    places.append(place)
            if parts:
                self.line(number, b"", joined(parts, places), places[-1] + 1, len(parts))
                yield from self.spoken()
        yield from self.ended()


def _learned(known: dict[str, tuple[bytes, Kind, int]], text: str) -> tuple[bytes, Kind, int]:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    packed, kind = pack_text(text)
    found = known[text] = packed, kind, tells(text) if kind is Kind.TEXT else 0
    return found


def note(code: str, **values: str | int) -> bytes:
    return wire.NOTE + _json({"code": code, "values": values})


def flags_of(hidden: bool, formulas: Sequence[int]) -> bytes:  # noqa: FBT001 — the row's own two marks
    return (b"h" if hidden else b"") + ",".join(map(str, formulas)).encode()


def joined(parts: Sequence[bytes], places: Sequence[int]) -> bytes:
    """Cells with the blank ones between them; ``places`` count from 0 and rise."""
    full: list[bytes] = []
    at = 0
    for part, place in zip(parts, places, strict=True):
        gap = place - at
        full += [BLANK] * gap if gap <= LONGEST_GAP else [b'{"k":%d}' % gap]
        full.append(part)
        at = place + 1
    return b",".join(full)


def pack(cell: object) -> tuple[bytes, Kind]:
    """A value as it travels. A text of nothing but spaces is blank."""
    if isinstance(cell, str):
        return pack_text(cell)
    if cell is None:
        return BLANK, Kind.BLANK
    if isinstance(cell, bool):
        return (b"true" if cell else b"false"), Kind.OTHER
    if isinstance(cell, (int, float)):
        return pack_number(cell)
    return _pack_moment(cell)


def pack_text(text: str) -> tuple[bytes, Kind]:
    if not text or text.isspace():
        return BLANK, Kind.BLANK
    if text in ERROR_VALUES:
        return pack_error(text), Kind.OTHER
    return _encode(text.replace("\0", NO_CHARACTER)).encode("utf-8", "replace"), Kind.TEXT


def pack_error(shown: str) -> bytes:
    """An error value, or with nothing shown a formula whose value was never stored."""
    return b'{"e":%b}' % _encode(shown).encode("utf-8", "replace")


def pack_number(number: float) -> tuple[bytes, Kind]:
    if number - number != 0:
        return pack_error("#NUM!"), Kind.OTHER
    return kept(number).encode(), Kind.NUMBER


def kept(number: float) -> str:
    """The number with the fifteen digits a spreadsheet keeps."""
    return f"{number or 0:.15g}"


def percentage(number: float) -> str:
    """A number as a percentage shows it: ``12.5%``."""
    return f"{(Decimal(kept(number)) * 100).normalize():f}%"


def _pack_moment(cell: object) -> tuple[bytes, Kind]:
    if isinstance(cell, datetime):
        return b'{"m":"%b"}' % cell.isoformat().encode(), Kind.DATE
    if isinstance(cell, date):
        return b'{"d":"%b"}' % cell.isoformat().encode(), Kind.DATE
    if isinstance(cell, time):
        return b'{"t":"%b"}' % cell.isoformat().encode(), Kind.DATE
    if isinstance(cell, Broken):
        return pack_error(cell.shown), Kind.OTHER
    if isinstance(cell, Percentage):
        return b'"%b"' % percentage(cell.fraction).encode(), Kind.NUMBER
    return pack_text(duration(cell)) if isinstance(cell, timedelta) else (pack_error("#VALUE!"), Kind.OTHER)


def duration(span: timedelta) -> str:
    """Hours, minutes and seconds, as a cell of elapsed time shows them: ``36:00:00``."""
    seconds = round(abs(span).total_seconds())
    sign = "-" if span < timedelta(0) else ""
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def clean(text: str) -> str:
    """Without lone surrogates, which no encoding can carry, and NUL, which no database keeps."""
    text = text.replace("\0", NO_CHARACTER)
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _importance(area: tuple[int, int, int, int]) -> tuple[int, ...]:
    """The tall ones first: they stand for values that belong to several rows."""
    return (-(area[2] - area[0]), -(area[3] - area[1]), *area)

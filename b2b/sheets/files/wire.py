"""Tables between the child and us, in pieces whose first byte says what they are.

``T`` begins a table and ``E`` ends it, each with one JSON object; between them ``R`` carries rows, a line each:

    17 <tab> h3,4 <tab> ["M8",12.5,null,{"d":"2026-03-04"}]

the row's number, then ``h`` for a hidden row and the columns whose value a formula left (mostly nothing), then its
cells as JSON. Numbers travel as JSON numbers of at most 15 digits; whatever JSON has no word for is an object of one
letter. ``N`` is a note. Rows are kept as they came and decoded only when somebody asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from b2b.sheets.cells import Broken, Cell
from b2b.sheets.table import SourceRow, Table

METADATA_SHEET = "_hanse"
"""Our own hidden sheet in workbooks we hand out; it is no table, nor is any whose name begins so."""
REASONS_HEADING = "To mend 待修改"
"""The heading of the column an annotated copy adds; reading such a copy passes over it."""
HEAD, ROWS, END, NOTE = b"T", b"R", b"E", b"N"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""How far a sheet reaches in every program that writes one."""


class Nonsense(ValueError):
    """The child sent what is no table: whoever broke it may speak in its name."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """So many blank cells on end."""

    cells: int


def told(piece: bytes) -> dict[str, Any]:
    """The object behind a piece's first byte. Raises ``Nonsense``."""
    try:
        found = json.loads(piece[1:])
    except (ValueError, RecursionError):
        raise Nonsense("no object") from None
    if not isinstance(found, dict):
        raise Nonsense("no object")
    return found


def rows(lines: Iterable[str]) -> Iterator[SourceRow]:
    """Decode lines, which bear no line end. Raises ``Nonsense``."""
    marks: dict[str, tuple[bool, tuple[int, ...]]] = {"": (False, ()), "h": (True, ())}
    scan = _SCANNER.scan_once
    try:
        for line in lines:
            number, flags, text = line.split("\t", 2)
            cells, _end = scan(text, 0)
            kinds = set(map(type, cells))
            if not kinds <= _KINDS:
                cells = _unusual(cells, kinds)
            if flags not in marks:
                marks = _remembered(marks, flags)
            yield SourceRow(int(number), tuple(cells), *marks[flags])
    except (
        LookupError,
        TypeError,
        ValueError,
        ArithmeticError,
        RecursionError,
        StopIteration,
        RuntimeError,
    ) as problem:
        raise Nonsense(type(problem).__name__) from None


def tables(received: Iterable[bytes]) -> Iterator[Table]:
    """Each table as soon as it is complete, in memory. Raises ``Nonsense``."""
    head: dict[str, Any] = {}
    gathered: list[SourceRow] = []
    for piece in received:
        kind = piece[:1]
        if kind == HEAD:
            head, gathered = told(piece), []
        elif kind == ROWS:
            gathered += rows(lines_of(piece[1:]))
        elif kind == END:
            yield in_memory(head, gathered)


def lines_of(block: bytes) -> list[str]:
    """Whole lines, without their ends. Raises ``Nonsense``."""
    try:
        return block.decode().split("\n")[:-1]
    except UnicodeDecodeError:
        raise Nonsense("UnicodeDecodeError") from None


def in_memory(head: dict[str, Any], source: Iterable[SourceRow]) -> Table:
    """A table with a place for every row from the first, blank or not."""
    filled: list[tuple[Cell, ...]] = []
    formulas: set[tuple[int, int]] = set()
    for row in source:
        filled.extend([()] * (row.number - 1 - len(filled)))
        filled.append(tuple(row.cells))
        formulas.update((row.number, column) for column in row.formulas)
    return Table(str(head["name"]), filled, bool(head["hidden"]), frozenset(formulas), bool(head["from_1904"]))


def _remembered(marks: dict[str, tuple[bool, tuple[int, ...]]], flags: str) -> dict[str, tuple[bool, tuple[int, ...]]]:
    """``marks`` with one more, or begun anew where there are too many different ones."""
    hidden = flags.startswith("h")
    columns = tuple(int(column) for column in flags.lstrip("h").split(",") if column)
    return (marks if len(marks) < 1000 else {}) | {flags: (hidden, columns)}  # noqa: PLR2004


def _unusual(cells: list[Any], kinds: set[type]) -> list[Cell]:
    if not kinds <= _KINDS | {_Gap}:
        raise Nonsense("no cell")
    full: list[Cell] = []
    for cell in cells:
        full += [None] * cell.cells if isinstance(cell, _Gap) else [cell]
    if len(full) > LAST_COLUMN:
        raise Nonsense("too wide")
    return full


def _no_number(text: str) -> Cell:
    raise ValueError(text)


def _object(found: dict[str, Any]) -> Cell | _Gap:
    ((kind, text),) = found.items()
    return _READERS[kind](text)


def _gap(cells: Decimal) -> _Gap:
    if not 0 < cells < LAST_COLUMN:
        raise ValueError
    return _Gap(int(cells))


_READERS: dict[str, Callable[[Any], Cell | _Gap]] = {
    "e": lambda shown: Broken(str(shown)),
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "m": datetime.fromisoformat,
    "k": _gap,
}
_KINDS = frozenset([str, Decimal, bool, date, datetime, time, Broken, type(None)])
_SCANNER: Any = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=_no_number, object_hook=_object)

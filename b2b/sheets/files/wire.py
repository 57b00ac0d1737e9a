"""Tables between the child and us: lines of JSON, a table's name and then its rows.

Numbers travel as JSON numbers and arrive as decimals of the 15 digits a spreadsheet keeps; whatever JSON has no word
for travels as an object with one letter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from b2b.sheets.cells import ERROR_VALUES, Broken, Cell
from b2b.sheets.table import Table

METADATA_SHEET = "_hanse"
"""Our own hidden sheet in workbooks we hand out; it is no table, nor is any whose name begins so."""
REASONS_HEADING = "To mend 待修改"
"""The heading of the column an annotated copy adds; reading such a copy passes over it."""
BATCH_BYTES = 256 * 1024
KEPT_DIGITS = 15


@dataclass
class Raw:
    """A sheet as a parser gives it, before it travels. Places are rows and columns from 1."""

    name: str
    rows: Iterable[Sequence[object]]
    hidden: bool = False
    from_1904: bool = False
    broken: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: frozenset[tuple[int, int]] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()


# --- In the child -------------------------------------------------------------------------------
def lines(raw: Raw) -> Iterator[str]:
    """One table on the wire."""
    yield _json({"table": raw.name, "hidden": raw.hidden, "from_1904": raw.from_1904})
    marked = _by_row(raw)
    number = 0
    for number, cells in enumerate(raw.rows, start=1):
        packed = [_packed(cell) for cell in cells]
        yield _json(_marked(packed, marked[number]) if number in marked else _trimmed(packed))
    for beyond in range(number + 1, max(marked, default=0) + 1):
        yield _json(_marked([], marked.get(beyond, [])))
    for row, column in sorted(raw.formulas):
        yield _json({"f": [row, column]})


def batches(parts: Iterable[str]) -> Iterator[bytes]:
    """Lines gathered into pieces of a quarter of a megabyte or so."""
    gathered: list[str] = []
    size = 0
    for line in parts:
        gathered.append(line)
        size += len(line)
        if size >= BATCH_BYTES:
            yield ("\n".join(gathered) + "\n").encode()
            gathered, size = [], 0
    if gathered:
        yield ("\n".join(gathered) + "\n").encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _packed(cell: object) -> object:
    if cell is None or cell == "":
        return None
    if isinstance(cell, str):
        return {"e": cell} if cell in ERROR_VALUES else _clean(cell)
    if isinstance(cell, (bool, int)):
        return cell
    if isinstance(cell, float):
        return cell if cell - cell == 0 else {"e": "#NUM!"}
    return _moment(cell)


def _clean(text: str) -> str:
    """Without lone surrogates, which no encoding can carry."""
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def _moment(cell: object) -> object:
    if isinstance(cell, datetime):
        return {"m": cell.isoformat()}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    if isinstance(cell, time):
        return {"t": cell.isoformat()}
    return str(cell) if isinstance(cell, timedelta) else {"e": "#VALUE!"}


def _trimmed(cells: list[object]) -> list[object]:
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _by_row(raw: Raw) -> dict[int, list[tuple[int, str | None]]]:
    """By row: the columns with an error value, and with ``None`` for it those shown as a percentage."""
    found: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
    for row, column in raw.percent:
        found[row].append((column, None))
    for (row, column), shown in raw.broken.items():
        found[row].append((column, shown))
    return found


def _marked(cells: list[object], marks: list[tuple[int, str | None]]) -> list[object]:
    """The row with its errors and percentages put in: parsers lose both."""
    for column, error in marks:
        cells.extend([None] * (column - len(cells)))
        cell = cells[column - 1]
        if error is not None:
            cells[column - 1] = {"e": error}
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
            cells[column - 1] = f"{(_kept(cell) * 100).normalize():f}%"
    return _trimmed(cells)


def _kept(number: float) -> Decimal:
    return Decimal(f"{number:.{KEPT_DIGITS}g}")


# --- In the parent ------------------------------------------------------------------------------
@dataclass
class _Growing:
    head: dict[str, Any]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    formulas: set[tuple[int, int]] = field(default_factory=set)

    def table(self) -> Table:
        while self.rows and not self.rows[-1]:
            self.rows.pop()
        head = self.head
        return Table(head["table"], self.rows, head["hidden"], frozenset(self.formulas), head["from_1904"])


class Nonsense(ValueError):
    """The child sent what is no table: whoever broke it may speak in its name."""


def tables(received: Iterable[bytes]) -> Iterator[Table]:
    """Each table as soon as it is complete. Raises ``Nonsense``."""
    try:
        yield from _tables(received)
    except (LookupError, TypeError, ValueError, ArithmeticError, RecursionError) as problem:
        raise Nonsense(type(problem).__name__) from None


def _tables(received: Iterable[bytes]) -> Iterator[Table]:
    growing: _Growing | None = None
    for line in _received_lines(received):
        told = json.loads(line, parse_float=_decimal, parse_int=Decimal, parse_constant=_no_number)
        if isinstance(told, list) and growing:
            growing.rows.append(tuple([_cell(value) for value in told]))
        elif "f" in told and growing:
            growing.formulas.add((int(told["f"][0]), int(told["f"][1])))
        else:
            if growing:
                yield growing.table()
            growing = _Growing(told)
    if growing:
        yield growing.table()


def _received_lines(received: Iterable[bytes]) -> Iterator[bytes]:
    """The child sends whole lines in each piece."""
    for piece in received:
        yield from piece.split(b"\n")[:-1]


def _decimal(text: str) -> Decimal:
    return Decimal(f"{float(text):.{KEPT_DIGITS}g}")


def _no_number(text: str) -> Cell:
    raise ValueError(text)


def _cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    ((kind, text),) = value.items()
    return _KINDS[kind](text)


_KINDS: dict[str, Callable[[str], Cell]] = {
    "e": Broken,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "m": datetime.fromisoformat,
}

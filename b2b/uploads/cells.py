"""Cells of a file as rows of an upload keep them: JSON, with numbers as numbers of any length."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from b2b.sheets.cells import Broken, Cell

_KINDS: dict[str, Callable[[str], Cell]] = {
    "e": Broken,
    "d": date.fromisoformat,
    "m": datetime.fromisoformat,
    "t": time.fromisoformat,
}


def dumped(cells: Iterable[Cell]) -> str:
    """A row's cells as a JSON array."""
    return f"[{','.join(map(_dumped, cells))}]"


def _dumped(cell: Cell) -> str:
    if cell is None:
        return "null"
    if isinstance(cell, str):
        return encode_basestring(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return json.dumps({_kind(cell): cell.shown if isinstance(cell, Broken) else cell.isoformat()})


def _kind(cell: Broken | date | time) -> str:
    if isinstance(cell, Broken):
        return "e"
    if isinstance(cell, datetime):
        return "m"
    return "d" if isinstance(cell, date) else "t"


def loaded(kept: Sequence[Any]) -> tuple[Cell, ...]:
    """The cells again; ``kept`` as ``CellDecoder`` gives it."""
    return tuple(_loaded(value) for value in kept)


def _loaded(value: Any) -> Cell:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _KINDS[kind](text)
    return value  # type: ignore[no-any-return]


class CellDecoder(json.JSONDecoder):
    """Numbers as decimals, so that none of their digits is lost."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal, "parse_int": Decimal})


def decoded(text: str) -> Any:
    """A row kept as text, with its numbers as decimals."""
    return json.loads(text, cls=CellDecoder)

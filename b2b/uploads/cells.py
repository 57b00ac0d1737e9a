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
    return f"[{','.join([_WRITERS[type(cell)](cell) for cell in cells])}]"


def _object(cell: Any) -> str:
    return f'{{"{_kind(cell)}": {encode_basestring(cell.shown if isinstance(cell, Broken) else cell.isoformat())}}}'


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _blank: "null",
    str: encode_basestring,
    Decimal: "{:f}".format,
    bool: lambda cell: "true" if cell else "false",
    date: lambda cell: f'{{"d": "{cell.isoformat()}"}}',
    **dict.fromkeys((Broken, datetime, time), _object),
}


def _kind(cell: Broken | datetime | time) -> str:
    if isinstance(cell, Broken):
        return "e"
    return "m" if isinstance(cell, datetime) else "t"


def loaded(kept: Sequence[Any]) -> tuple[Cell, ...]:
    """The cells again; ``kept`` as ``CellDecoder`` gives it."""
    return tuple([_loaded(value) if type(value) is dict else value for value in kept])


def _loaded(value: dict[str, str]) -> Cell:
    ((kind, text),) = value.items()
    return _KINDS[kind](text)


class CellDecoder(json.JSONDecoder):
    """Numbers as decimals, so that none of their digits is lost."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "parse_float": Decimal, "parse_int": Decimal})


def decoded(text: str) -> Any:
    """A row kept as text, with its numbers as decimals."""
    return json.loads(text, cls=CellDecoder)

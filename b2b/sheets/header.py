"""Find the row of headings, wherever the table starts, and say which column is which."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from b2b.sheets.cells import Cell, is_blank, plain, shown
from b2b.sheets.files.wire import REASONS_HEADING
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.table import Cells, Table

SEARCHED_ROWS = 50
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the headings stand (``row`` from 1) and the column number (from 1) of each declared column.

    ``twice`` names declared columns that several headings fit equally well; ``unknown`` the headings nobody declared.
    """

    row: int
    places: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unknown: Mapping[int, str] = field(default_factory=dict)

    def missing(self, sheet: type[Sheet]) -> list[Column]:
        found = self.places.keys() | self.twice.keys()
        return [column for name, column in sheet.columns.items() if column.required and name not in found]


def find_header(sheet: type[Sheet], table: Table) -> Header | None:
    """The row among the first fifty that fits the most columns, required ones counting twice; the first of equals."""
    best, most = None, 0
    for number, cells in enumerate(table.rows[:SEARCHED_ROWS], start=1):
        header = match(sheet, cells, row=number)
        if (score := _score(sheet, header)) > most:
            best, most = header, score
    return best


def match(sheet: type[Sheet], cells: Cells, *, row: int) -> Header:
    """Which declared columns the cells of one row name."""
    places: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    for name, ranked in _candidates(sheet, cells).items():
        best = min(ranked.values())
        fitting = tuple(place for place, rank in ranked.items() if rank == best)
        if len(fitting) == 1:
            places[name] = fitting[0]
        else:
            twice[name] = fitting
    return Header(row, places, twice, _unknown(cells, places, twice))


def _candidates(sheet: type[Sheet], cells: Cells) -> dict[str, dict[int, int]]:
    """By declared column: the places whose heading fits, each with its rank (0 is best)."""
    known = _names(sheet)
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for place, cell in enumerate(cells, start=1):
        for name, rank in _fits(known, cell):
            found[name][place] = rank
    return found


def _fits(known: Mapping[str, Mapping[str, int]], cell: Cell) -> Iterator[tuple[str, int]]:
    """The columns a heading may name: as it stands, or without what it says in brackets, such as "(USD)"."""
    if not isinstance(cell, str) or is_blank(cell):
        return
    if fits := known.get(plain(cell)):
        yield from fits.items()
    else:
        bare = known.get(plain(_BRACKETS.sub("", cell)), {})
        yield from ((name, rank + 2) for name, rank in bare.items())


def _names(sheet: type[Sheet]) -> dict[str, dict[str, int]]:
    """By spelling: the columns it may name, with the rank. Where some columns have it as heading, aliases give way."""
    known: dict[str, dict[str, int]] = defaultdict(dict)
    for name, column in sheet.columns.items():
        for spelling, rank in column.names().items():
            known[spelling][name] = rank
    known.pop("", None)
    return {spelling: _best(fits) for spelling, fits in known.items()}


def _best(fits: Mapping[str, int]) -> dict[str, int]:
    best = min(fits.values())
    return {name: rank for name, rank in fits.items() if rank == best}


def _unknown(cells: Cells, places: Mapping[str, int], twice: Mapping[str, Sequence[int]]) -> dict[int, str]:
    used = {*places.values(), *(place for several in twice.values() for place in several)}
    return {
        place: shown(cell).strip()
        for place, cell in enumerate(cells, start=1)
        if not is_blank(cell) and place not in used and not shown(cell).startswith(REASONS_HEADING)
    }


def _score(sheet: type[Sheet], header: Header) -> int:
    found = header.places.keys() | header.twice.keys()
    return sum(2 if sheet.columns[name].required else 1 for name in found)

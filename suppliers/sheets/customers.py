"""The names of customers, also of those that are called what other people write for nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from b2b.sheets.absent import says_nothing
from b2b.sheets.cells import Cell
from b2b.sheets.parser import Around
from b2b.sheets.texts import Text

_QUOTED = re.compile("“(.+)”")


@dataclass(frozen=True)
class CustomerName(Text):
    """A customer that is called "–" stands in quotation marks, as a dash alone is a blank cell."""

    def read(self, cell: Cell, around: Around) -> str:
        name = super().read(cell, around)
        return name[1:-1] if _is_nothing_in_quotes(name) else name

    def write(self, value: str) -> str:
        return f"“{value}”" if says_nothing(value) or _is_nothing_in_quotes(value) else value


def _is_nothing_in_quotes(name: str) -> bool:
    """Also in several pairs of them: each reading takes one away that writing has put there."""
    found = _QUOTED.fullmatch(name)
    return found is not None and (says_nothing(found[1]) or _is_nothing_in_quotes(found[1]))

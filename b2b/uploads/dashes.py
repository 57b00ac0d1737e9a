"""A cell that only fills its place, such as “-” or “n/a”, is blank, unless just that is what is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from b2b.sheets.table import at
from b2b.uploads.format import Candidate

SAME_NAMES: Mapping[str, str] = {}


def recall(row: Candidate, there: Mapping[str, Any], names: Mapping[str, str] = SAME_NAMES) -> None:
    """Let the row say such a text where it says what is ``there``; ``names`` are its columns by those of the sheet."""
    if not row.conversions:
        return
    for name, place in row.places.items():
        cell = at(row.cells, place) if place and row.row.get(name) is None else None
        if isinstance(cell, str) and cell.strip() and cell.strip() == there.get(names.get(name, name)):
            row.row[name] = cell.strip()
            row.conversions = [one for one in row.conversions if one.column != place]

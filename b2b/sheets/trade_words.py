"""What the trade calls its columns, in the languages price lists come in."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from b2b.sheets.cells import plain


@cache
def meanings() -> Mapping[str, frozenset[str]]:
    """By meaning, the plain spellings of headings that have it; the table is ``b2b/data/heading_words.csv``."""
    found: dict[str, set[str]] = defaultdict(set)
    with (files("b2b.data") / "heading_words.csv").open(encoding="utf-8") as file:
        for meaning, spelling in list(csv.reader(file))[1:]:
            found[meaning].add(plain(spelling))
    return {meaning: frozenset(spellings) for meaning, spellings in found.items()}

"""What a sheet is besides its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from b2b.sheets.xlsx.looks import Look


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """``width`` is in characters; ``look`` is that of the column's cells nobody has written."""

    width: float = 9
    look: Look | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """``frozen_rows`` stay in sight and are repeated on every printed page; ``filtered`` puts arrows at the last.

    Rows stand as text (part numbers, barcodes) on purpose: programs are asked not to mark them as mistakes.
    """

    columns: Sequence[ColumnShape] = ()
    frozen_rows: int = 0
    frozen_columns: int = 0
    filtered: bool = False
    protected: bool = False
    hidden: bool = False
    very_hidden: bool = False
    """Not even offered among the hidden sheets."""
    grid: bool = True
    huge: bool = False
    """Perhaps more than 2 GiB of XML, which makes the zip use an extension from the start."""
    tab_colour: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a column's cells offer in a drop-down; anything else may be written too. ``source`` is a formula."""

    column: int
    first_row: int
    last_row: int
    source: str
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A comment on a cell; row and column from 1."""

    row: int
    column: int
    text: str

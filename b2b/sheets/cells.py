"""What one cell of a table holds, whatever file it came from, and how a cell says that it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Broken:
    """An error value such as ``#REF!``, or a formula whose value was never stored (``shown`` is empty)."""

    shown: str


Cell = str | Decimal | bool | date | datetime | time | Broken | None
"""A number is what the cell shows, to the 15 digits a spreadsheet keeps. A percentage is its text, ``12.5%``."""

ERROR_VALUES = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
    | {"#GETTING_DATA", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!"}
)


class Unreadable(ValueError):
    """This cell cannot be read as its column asks: a code for programs, a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """The cell as a person would copy it into a message."""
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        return cell.shown
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, bool):
        return str(cell).upper()
    return cell if isinstance(cell, str) else cell.isoformat()


def plain(text: str) -> str:
    """One spelling for what people write in many: full-width forms, cases, spaces and punctuation fall together."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())

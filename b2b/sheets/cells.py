"""What one cell of a table holds, whatever file it came from, and how a cell says that it cannot be read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
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
    """This cell cannot be read as its column asks: a code for programs, a sentence for people.

    ``suggest`` answers what could stand there instead, most likely first; it is asked only where a person will see it.
    """

    def __init__(self, code: str, detail: str, suggest: Callable[[], Iterable[str]] = tuple) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self._suggest = suggest

    @property
    def suggestions(self) -> tuple[str, ...]:
        return tuple(self._suggest())


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


_LEVEL: dict[int, str | None] = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_LEVEL |= {0x066B: ".", 0x066C: "'"}
_LEVEL |= dict.fromkeys(
    (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " "
)
_LEVEL |= dict.fromkeys((0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF))
_LEVEL |= {0xFFE5: "¥", 0xFFE1: "£", 0xFFE0: "¢"}


_DIGIT = re.compile(r"\d")
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def level(text: str) -> str:
    """Full-width characters as plain ones, every kind of space as one; a raised or circled digit stays what it is.

    The digits of other scripts are plain ones too, unless two scripts are mixed: nobody writes a number so.
    """
    if text.isascii() and text.isprintable():
        return text
    found = text.translate(_LEVEL)
    return _in_our_digits(found) if _OTHER_DIGIT.search(found) else found


def _in_our_digits(text: str) -> str:
    values = {ord(digit): unicodedata.digit(digit) for digit in _DIGIT.findall(text)}
    scripts = {code - value for code, value in values.items()}
    return text.translate({code: str(value) for code, value in values.items()}) if len(scripts) == 1 else text


def plain(text: str) -> str:
    """One spelling for what people write in many: full-width forms, cases, spaces and punctuation fall together."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())

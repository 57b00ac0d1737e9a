"""What the cells of each column give away, counted while they pass: kinds, decimal marks, orders of day and month."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from enum import IntEnum

from b2b.sheets.days import order_of
from b2b.sheets.numbers import COMMA, POINT, readings

MOST_REMEMBERED = 20_000


class Kind(IntEnum):
    """What a cell is to its column. A percentage is a number; errors, and yes or no, are other."""

    NUMBER = 0
    TEXT = 1
    DATE = 2
    OTHER = 3
    BLANK = 4


class Tells(IntEnum):
    """What one text says of its column: nothing, its decimal mark, or its order of day and month."""

    NOTHING = 0
    POINT = 1
    COMMA = 2
    DAY_FIRST = 3
    MONTH_FIRST = 4


class Columns:
    """Counts by column from 0."""

    def __init__(self) -> None:
        self.kinds: list[list[int]] = []
        self.tells: Counter[tuple[int, int]] = Counter()
        self.signs: dict[int, set[str]] = {}

    def widen(self, width: int) -> None:
        while len(self.kinds) < width:
            self.kinds.append([0, 0, 0, 0])

    def add(self, place: int, kind: Kind, told: int = 0, *, count: int = 1) -> None:
        """``told`` is what the cell's text ``tells``."""
        if place >= len(self.kinds):
            self.widen(place + 1)
        self.kinds[place][kind] += count
        if told:
            self.tells[place, told] += count

    def show(self, place: int, sign: str) -> None:
        """A number there is shown in a currency by its format."""
        self.signs.setdefault(place, set()).add(sign)

    def marks(self, rows: int) -> list[list[int]]:
        """By column: point, comma, day first, month first, numbers, texts, dates, blanks."""
        return list(self._marks(rows))

    def _marks(self, rows: int) -> Iterator[list[int]]:
        for place, counts in enumerate(self.kinds):
            if not any(counts):
                yield []
                continue
            found = [self.tells[place, told] for told in list(Tells)[1:]]
            yield [*found, *counts[:3], rows - sum(counts)]


_LIKE_A_NUMBER = re.compile(r"\d\s*[.,．，]|[.,．，]\d")
_LIKE_A_DAY = re.compile(r"\s*\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?![\d.,])")
_LONGEST = 40
_ONE_TO_NINE = str.maketrans("23456789", "11111111")
_by_shape: dict[str, Tells] = {}
_by_text: dict[str, Tells] = {}


def tells(text: str) -> Tells:
    if len(text) > _LONGEST or (not _LIKE_A_NUMBER.search(text) and not _LIKE_A_DAY.match(text)):
        return Tells.NOTHING
    if _LIKE_A_DAY.match(text):
        return _day(text)
    return _number(text.rstrip(" \u00a0%％").translate(_ONE_TO_NINE))


def _number(shape: str) -> Tells:
    """The mark depends on where digits and zeros stand, not on which digits they are: so shapes are remembered."""
    found = _by_shape.get(shape)
    if found is None:
        mark = readings(shape, money=True).mark
        found = {POINT: Tells.POINT, COMMA: Tells.COMMA, None: Tells.NOTHING}[mark]
        _remember(_by_shape, shape, found)
    return found


def _day(text: str) -> Tells:
    found = _by_text.get(text)
    if found is None:
        found = {"day-month": Tells.DAY_FIRST, "month-day": Tells.MONTH_FIRST, None: Tells.NOTHING}[order_of(text)]
        _remember(_by_text, text, found)
    return found


def _remember(known: dict[str, Tells], text: str, found: Tells) -> None:
    if len(known) >= MOST_REMEMBERED:
        known.clear()
    known[text] = found

"""Whether the last line of a text that ends without a line end was cut off, as half downloads are.

Many a program does not end its last line, so that alone is no proof. Fewer cells than in all lines before, or fewer
decimals than in all of them, is: 1250,5 below 17,90 and 12,00 was 1250,50 or 1250,55.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

LOOKED_AT_ROWS = 50
FEWEST = 5
_GROUP = 3
"""Digits that may be thousands."""
_DECIMALS = re.compile(r"-?\d[\d., ]*?[.,](\d+)", re.ASCII)
_NUMBER = re.compile(r"-?\d[\d., ]*", re.ASCII)
CUT = "\x1a"
"""ASCII's sign for what could not be read: a fault in any cell."""


def marked(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows; ``CUT`` behind the last cell of the last one, where it was cut off there."""
    before: deque[list[str]] = deque(maxlen=LOOKED_AT_ROWS)
    for row in rows:
        if before:
            yield before[-1]
        before.append(row)
    if before:
        last = before.pop()
        yield [*last[:-1], last[-1] + CUT] if _is_cut(last, before) else last


def _is_cut(last: Sequence[str], before: Sequence[Sequence[str]]) -> bool:
    if len(before) < FEWEST or not last or not last[-1].strip():
        return False
    widths = {len(row) for row in list(before)[-FEWEST:]}
    if len(widths) == 1 and 1 < len(last) < widths.pop():
        return True
    above = [row[len(last) - 1].strip() for row in before if len(row) >= len(last)]
    return _has_fewer_decimals(last[-1].strip(), [cell for cell in above if _NUMBER.fullmatch(cell)])


def _has_fewer_decimals(text: str, above: Sequence[str]) -> bool:
    places = {len(found[1]) if (found := _DECIMALS.fullmatch(cell)) else 0 for cell in above}
    if len(above) < FEWEST or len(places) != 1 or places & {0, _GROUP} or not _NUMBER.fullmatch(text):
        return False
    found = _DECIMALS.fullmatch(text)
    return (len(found[1]) if found else 0) < places.pop()

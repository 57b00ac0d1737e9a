"""The conversions of an upload by kind: what "1.200,00 €" and "3.450,00 €" have in common.

A kind is ``nature`` or ``nature:pattern``. The nature says what the text was read as, or why it was read at all. The
pattern is, of words such as units, the word itself; of numbers and days, the text with every run of digits as one 0.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from b2b.sheets.codes import CountryCode, CurrencyCode, UnitCode
from b2b.sheets.faults import LONGEST_VALUE, Conversion
from b2b.sheets.moments import Day, Instant
from b2b.sheets.parser import Parser
from b2b.sheets.priced import PricedUnit
from b2b.sheets.texts import Choice, YesNo

NATURES = ("number", "day", "word", "text", "blank", "merged", "formula", "section", "unit")
WORDS = (UnitCode, PricedUnit, CurrencyCode, CountryCode, Choice, YesNo)
LONGEST_PATTERN, FIRST = 40, r"\1"
_AS_ZERO = dict.fromkeys((*range(48, 58), *range(65296, 65306)), "0")
_ZEROS = re.compile(r"0+")
_LETTERS = re.compile(r"[^\W\d_]+")
_GROUPS = re.compile(r"(0[^0\w])(?:\1)+(?=0)")
_SPACE = re.compile(r"\s")

_ADD = """
    INSERT INTO uploads_conversioncount (upload_id, "column", kind, heading, shown, taken, rows, first_row, last_row)
    SELECT %s, said.* FROM unnest(%s::int[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::int[], %s::int[],
        %s::int[]) AS said
    ON CONFLICT (upload_id, "column", kind) DO UPDATE SET rows = uploads_conversioncount.rows + EXCLUDED.rows,
        first_row = least(uploads_conversioncount.first_row, EXCLUDED.first_row),
        last_row = greatest(uploads_conversioncount.last_row, EXCLUDED.last_row)
"""
_LESS = """
    WITH gone AS (
        SELECT (said->>'column')::int AS place, said->>'kind' AS kind, count(*)::int AS rows
        FROM uploads_uploadrow row, jsonb_array_elements(row.conversions) said
        WHERE row.upload_id = %(upload)s AND row.number = ANY(%(numbers)s) GROUP BY 1, 2
    ), none_left AS (
        DELETE FROM uploads_conversioncount known USING gone
        WHERE known.upload_id = %(upload)s AND known."column" = gone.place AND known.kind = gone.kind
            AND known.rows <= gone.rows
    )
    UPDATE uploads_conversioncount known SET rows = known.rows - gone.rows FROM gone
    WHERE known.upload_id = %(upload)s AND known."column" = gone.place AND known.kind = gone.kind
        AND known.rows > gone.rows
"""


def kind_of(one: Conversion, parse: Parser[Any] | None) -> str:
    """``parse`` is the column's; ``None`` for what is no column of the sheet."""
    if one.kind:
        return one.kind
    if isinstance(parse, WORDS):
        return f"word:{one.shown.strip()[:LONGEST_PATTERN]}"
    if parse is not None and parse.is_number:
        return _number_kind(one.shown.translate(_AS_ZERO))
    if isinstance(parse, (Day, Instant)):
        return _day_kind(one.shown.translate(_AS_ZERO))
    return "text"


# With digits as zeros, a million cells have few shapes: these are found once.
@lru_cache(maxsize=4096)
def _number_kind(shape: str) -> str:
    """``0.000.000,00 €`` and ``0.000,00 €`` are both ``0.0,0 €``."""
    return f"number:{_GROUPS.sub(FIRST, _level(shape))[:LONGEST_PATTERN]}"


@lru_cache(maxsize=4096)
def _day_kind(shape: str) -> str:
    return f"day:{_LETTERS.sub('a', _level(shape))[:LONGEST_PATTERN]}"


def _level(shape: str) -> str:
    return _ZEROS.sub("0", _SPACE.sub(" ", shape.strip()))


def nature_of(kind: str) -> str:
    return kind.partition(":")[0]


Said = dict[str, Any]
"""A conversion as a row keeps it."""


class Count:
    """One kind in one column: the first of its conversions, and in how many rows it is."""

    __slots__ = ("first", "first_row", "last_row", "rows")

    def __init__(self, first: Said, number: int) -> None:
        self.first, self.first_row, self.last_row, self.rows = first, number, number, 0


def counted(rows: Iterable[tuple[int, Sequence[Said]]]) -> dict[tuple[int, str], Count]:
    """By column and kind; ``rows`` are numbers with what was converted in the row."""
    found: dict[tuple[int, str], Count] = {}
    for number, conversions in rows:
        for one in conversions:
            count = found.setdefault((one["column"], one["kind"]), Count(one, number))
            count.rows += 1
            count.first_row, count.last_row = min(count.first_row, number), max(count.last_row, number)
    return found


def add(upload_id: UUID, rows: Iterable[tuple[int, Sequence[Said]]]) -> None:
    """Count the conversions of rows that are kept; inside the caller's transaction."""
    found = counted(rows)
    if not found:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [upload_id, *map(list, zip(*_values(found), strict=True))])


def _values(found: dict[tuple[int, str], Count]) -> Iterator[tuple[Any, ...]]:
    for (column, kind), count in sorted(found.items()):
        one = count.first
        shown = one["shown"][:LONGEST_VALUE]
        yield column, kind, one["heading"], shown, json.dumps(one["taken"]), count.rows, count.first_row, count.last_row


def take_away(upload_id: UUID, numbers: Collection[int]) -> None:
    """Count no more what these rows have; call it before they go, inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_LESS, {"upload": upload_id, "numbers": list(numbers)})

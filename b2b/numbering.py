"""Document numbers without gaps or duplicates, such as ``RFQ-2026-000123``.

The counter's row stays locked until the caller's transaction ends, so a rollback gives the number
back, and two transactions that number in the same series and year follow each other. Take the
number last, and of several series in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.db import connection, transaction

COUNT_ON = """
    INSERT INTO b2b_numberseries AS counter (organisation_id, series, year, last)
    VALUES {}
    ON CONFLICT (organisation_id, series, year) DO UPDATE SET last = counter.last + EXCLUDED.last
    RETURNING organisation_id, last
"""
COUNTED = "(%s, %s, %s, %s)"


def next_number(series: str, organisation_id: UUID, on: date) -> str:
    """The next number of an organisation's series in the year of ``on``."""
    return next_numbers(series, organisation_id, on, 1)[0]


def next_numbers(series: str, organisation_id: UUID, on: date, count: int) -> list[str]:
    """The next ``count`` numbers, in one statement.

    Raises ``TransactionManagementError`` outside a transaction, where a number could be lost.
    """
    if count < 1:
        return []
    (last,) = _count_on(series, [organisation_id], on.year, count).values()
    return [_written(series, on, number) for number in range(last - count + 1, last + 1)]


def numbers_of(series: str, organisation_ids: Collection[UUID], on: date) -> dict[UUID, str]:
    """The next number of each organisation's series, in one statement; their counters are taken in order.

    Raises ``TransactionManagementError`` outside a transaction.
    """
    last = _count_on(series, sorted(set(organisation_ids)), on.year, 1) if organisation_ids else {}
    return {organisation_id: _written(series, on, number) for organisation_id, number in last.items()}


def _count_on(series: str, organisation_ids: Sequence[UUID], year: int, count: int) -> dict[UUID, int]:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is given within the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_ON.format(", ".join([COUNTED] * len(organisation_ids))),
            [value for key in organisation_ids for value in (key, series, year, count)],
        )
        return dict(cursor.fetchall())


def _written(series: str, on: date, number: int) -> str:
    return f"{series}-{on.year}-{number:06d}"

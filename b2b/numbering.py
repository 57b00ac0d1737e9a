"""Document numbers without gaps or duplicates, such as ``RFQ-2026-000123``.

The counter's row stays locked until the caller's transaction ends, so a rollback gives the number
back, and two transactions that number in the same series and year follow each other. Take the
number last, and of several series in alphabetical order.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import connection, transaction

COUNT_ON = """
    INSERT INTO b2b_numberseries AS counter (organisation_id, series, year, last)
    VALUES (%s, %s, %s, %s)
    ON CONFLICT (organisation_id, series, year) DO UPDATE SET last = counter.last + EXCLUDED.last
    RETURNING last
"""


def next_number(series: str, organisation_id: UUID, on: date) -> str:
    """The next number of an organisation's series in the year of ``on``."""
    return next_numbers(series, organisation_id, on, 1)[0]


def next_numbers(series: str, organisation_id: UUID, on: date, count: int) -> list[str]:
    """The next ``count`` numbers, in one statement.

    Raises ``TransactionManagementError`` outside a transaction, where a number could be lost.
    """
    if count < 1:
        return []
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A number is given within the transaction that uses it.")
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ON, [organisation_id, series, on.year, count])
        (last,) = cursor.fetchone()
    return [f"{series}-{on.year}-{number:06d}" for number in range(last - count + 1, last + 1)]

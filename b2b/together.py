"""One transaction for all that a step brings about; its journal and its messages are written in one go at its end.

A row handed to ``at_the_end`` is written before the transaction commits, after those handed over before it. So it
exists exactly if the transaction does, and it leaves with a savepoint that is rolled back: the rows wait among
Django's hooks for after the commit, which go with their savepoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Insertion:
    """Rows of a table, each a sequence of values: where they go, and how one stands in the statement."""

    into: str
    row: str

    def of(self, count: int) -> str:
        return f"INSERT INTO {self.into} VALUES {', '.join([self.row] * count)}"  # noqa: S608 (our own tables)


# A function may ask for more to be written, and writes before the rows of insertions do: it does not look for them.
Write = Insertion | Callable[[Sequence[Any]], None]

MOST_AT_ONCE = 1000
"""Rows of one statement."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """Rows that are yet to be written."""

    write: Write
    rows: Sequence[Any]

    def __call__(self) -> None:
        """After the commit nothing is left to do."""


@dataclass(frozen=True, slots=True, eq=False)
class _Written:
    """All rows before this are, unless the savepoint in which they were is rolled back, and this with it."""

    def __call__(self) -> None:
        """Likewise."""


@contextmanager
def together() -> Iterator[None]:
    """``transaction.atomic`` that makes no savepoint within another ``together``, where it would cost two statements.

    So an error that leaves the inner one leaves the outer one as well. Whoever means to go on after a
    refusal opens a ``transaction.atomic`` around what may be refused; who forgets it gets a
    ``TransactionManagementError`` instead of a commit.
    """
    depth = _depth()
    with transaction.atomic(savepoint=not depth):
        connection.hanse_together = depth + 1  # type: ignore[attr-defined]
        try:
            yield
            if connection.needs_rollback:
                raise transaction.TransactionManagementError("A part of this was undone, so nothing of it can happen.")
            if not depth:
                write_down()
        finally:
            connection.hanse_together = depth  # type: ignore[attr-defined]


def at_the_end(write: Write, rows: Sequence[Any]) -> None:
    """Have these rows and others written when the outermost ``together`` ends; outside of one, now."""
    if _depth():
        transaction.on_commit(_Waiting(write, rows))
    elif isinstance(write, Insertion):
        _insert_all({write: rows})
    else:
        write(rows)


def write_down() -> None:
    """Write what waits now, for somebody who is about to look at it, and with it what writing asks for."""
    insertions: dict[Insertion, list[Any]] = {}
    while waiting := list(_waiting()):
        transaction.on_commit(_Written())
        rows: dict[Write, list[Any]] = {}
        for one in reversed(waiting):
            rows.setdefault(one.write, []).extend(one.rows)
        for write, own in rows.items():
            if isinstance(write, Insertion):
                insertions.setdefault(write, []).extend(own)
            else:
                write(own)
    _insert_all(insertions)


def _insert_all(rows: Mapping[Insertion, Sequence[Any]]) -> None:
    for start in range(0, max(map(len, rows.values()), default=0), MOST_AT_ONCE):
        _insert({write: own[start : start + MOST_AT_ONCE] for write, own in rows.items() if own[start:]})


def _insert(rows: Mapping[Insertion, Sequence[Sequence[Any]]]) -> None:
    """Into all tables in one statement."""
    *before, last = (write.of(len(own)) for write, own in rows.items())
    named = ", ".join(f"written_{place} AS ({sql})" for place, sql in enumerate(before))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {named} {last}" if before else last, [value for own in rows.values() for row in own for value in row]
        )


def _waiting() -> Iterator[_Waiting]:
    """The last one first."""
    for _savepoints, hook, *_ in reversed(connection.run_on_commit):
        if isinstance(hook, _Written):
            return
        if isinstance(hook, _Waiting):
            yield hook


def _depth() -> int:
    return int(getattr(connection, "hanse_together", 0))

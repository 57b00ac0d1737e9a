"""What one flow asks of the database: every statement with where it comes from, and what each transaction writes."""

from __future__ import annotations

import re
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Self

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
COUNTERS = "b2b_numberseries"
UNMEASURED = ("b2b_personaltoken", "b2b_outboxmessage")
"""Transactions that write to these alone note the use of a token, or that a message is done."""

WRITES = (
    ("insert", re.compile(r'\s*INSERT INTO "?(\w+)')),
    ("update", re.compile(r'\s*UPDATE "?(\w+)')),
    ("delete", re.compile(r'\s*DELETE FROM "?(\w+)')),
    ("lock", re.compile(r'\s*SELECT .* FOR (?:NO KEY )?UPDATE OF "(\w+)"', re.DOTALL)),
    ("lock", re.compile(r'\s*(?:SELECT|WITH) .* FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.DOTALL)),
)
HELD_ABOVE = re.compile(r"\s*WITH \w+ AS \(SELECT \* FROM (\w+) WHERE .*? FOR UPDATE\)", re.DOTALL)
"""A document that is held by the same statement as what stands above it."""
INSERTED = re.compile(r"INSERT INTO (\w+) \([^)]*\) VALUES ((?:\([^)]*\)(?:, )?)+)")
ASSIGNED = "SELECT pg_current_xact_id_if_assigned()::text"


@dataclass
class Written:
    """Rows of one transaction, by table."""

    lock: Counter[str] = field(default_factory=Counter)
    insert: Counter[str] = field(default_factory=Counter)
    update: Counter[str] = field(default_factory=Counter)
    delete: Counter[str] = field(default_factory=Counter)

    @property
    def tables(self) -> set[str]:
        return {*self.lock, *self.insert, *self.update, *self.delete}

    def of_rows_once(self) -> Self:
        """A row that is written twice in a transaction need be written once, and one that is inserted never again."""
        for table in self.insert:
            self.update.pop(table, None)
        return self


@dataclass(frozen=True)
class Statement:
    sql: str
    seconds: float
    places: tuple[str, ...]
    """Lines of ours that led to it, the innermost first."""


@dataclass
class Record:
    statements: list[Statement] = field(default_factory=list)
    transactions: dict[str, Written] = field(default_factory=dict)

    @property
    def steps(self) -> list[Written]:
        """The transactions that a purchase consists of, in order."""
        steps = [written.of_rows_once() for written in self.transactions.values()]
        return [step for step in steps if not step.tables <= set(UNMEASURED)]

    def note(self, sql: str, rows: int, seconds: float) -> None:
        self.statements.append(Statement(sql, seconds, tuple(_places())))
        for kind, table, count in _writes_in(sql, rows):
            written = self.transactions.setdefault(self._transaction(), Written())
            counts: Counter[str] = getattr(written, kind)
            counts[table] += count

    def _transaction(self) -> str:
        """PostgreSQL's own number; a statement outside a transaction is one of its own."""
        with connection.connection.cursor() as cursor:
            cursor.execute(ASSIGNED)
            (number,) = cursor.fetchone()
        return number or f"alone {len(self.statements)}"


def record(work: Callable[[], object]) -> Record:
    with recording() as found:
        work()
    return found


@contextmanager
def recording() -> Iterator[Record]:
    """Of this thread's connection."""
    found = Record()

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        started = perf_counter()
        result = execute(sql, params, many, context)
        found.note(sql, context["cursor"].rowcount, perf_counter() - started)
        return result

    with connection.execute_wrapper(watch):
        yield found


def _writes_in(sql: str, rows: int) -> Iterator[tuple[str, str, int]]:
    """What is written to which table, and how many rows; one statement may insert into several."""
    if sql.startswith("WITH written"):
        for table, values in INSERTED.findall(sql):
            yield "insert", table, values.count("(%s")
        return
    if rows > 0 and (above := HELD_ABOVE.match(sql)):
        yield "lock", above.group(1), 1
    for kind, pattern in WRITES:
        if rows > 0 and (match := pattern.match(sql)):
            table = match.group(1)
            yield ("update" if table == COUNTERS else kind), table, rows
            return


def _places() -> Iterator[str]:
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        if path.is_relative_to(ROOT) and not path.is_relative_to(ROOT / ".venv") and path.parts[-2] != "purchase_flow":
            yield f"{path.relative_to(ROOT)}:{frame.lineno} {frame.name}"

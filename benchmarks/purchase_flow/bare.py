"""The same rows and locks with psycopg2 alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any

import psycopg2
from django.db import connection

from benchmarks.purchase_flow.recording import Record, Written
from benchmarks.purchase_flow.shadows import Shadow, shadow_of


class Limit:
    """Does again what was recorded, with rows of its own every time, on connections that stay open."""

    def __init__(self, recorded: Record, connections: int) -> None:
        self._steps = recorded.steps
        inserted = sum((step.insert for step in self._steps), Counter())
        tables = {table for step in self._steps for table in step.tables}
        self._shadows = {table: shadow_of(table, inserted[table]) for table in tables}
        self._open: SimpleQueue[Any] = SimpleQueue()
        parameters = connection.get_connection_params() | {"cursor_factory": None}
        for _ in range(connections):
            self._open.put(psycopg2.connect(**parameters))

    def run(self) -> None:
        """One flow, one transaction for each step."""
        own = self._open.get()
        with own.cursor() as cursor:
            flow = _Flow(cursor, self._shadows)
            for place, step in enumerate(self._steps):
                flow.take(step, place)
                own.commit()
        self._open.put(own)


@dataclass
class _Flow:
    cursor: Any
    shadows: dict[str, Shadow]
    keys: dict[str, list[Any]] = field(default_factory=dict)
    """Of the rows this flow has inserted so far, by table."""

    def take(self, step: Written, place: int) -> None:
        for table, count in step.lock.items():
            self._on_rows("SELECT {key} FROM {copy} WHERE {key} IN %s FOR UPDATE", table, count, place)
        for table, count in step.insert.items():
            self._insert(table, count)
        for table, count in step.update.items():
            self._on_rows("UPDATE {copy} SET {key} = {key} WHERE {key} IN %s", table, count, place)

    def _insert(self, table: str, count: int) -> None:
        shadow, keys = self.shadows[table], self.keys.setdefault(table, [])
        self.cursor.execute(shadow.insertion(count), shadow.values(len(keys), count))
        keys += [str(key) for (key,) in self.cursor.fetchall()]

    def _on_rows(self, sql: str, table: str, count: int, place: int) -> None:
        """On the flow's newest rows; of rows that all flows share, on the same at the same place of each."""
        shadow = self.shadows[table]
        chosen = self.keys.get(table, [])[-count:] or [shadow.shared[place % len(shadow.shared)]]
        self.cursor.execute(sql.format(copy=shadow.copy, key=shadow.key), [tuple(chosen)])

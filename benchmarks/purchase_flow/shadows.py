"""Copies of the tables a flow writes to, with the rows it wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

from b2b.fields import KeyField, new_key

COPY = """
    CREATE TABLE {copy} (LIKE {table} INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING GENERATED, PRIMARY KEY ({key}))
"""
INDEXES = """
    SELECT regexp_replace(pg_get_indexdef(indexrelid), '^CREATE (UNIQUE )?INDEX .*? ON \\S+', 'CREATE INDEX ON ' || %s)
    FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary
"""
COLUMNS = """
    SELECT quote_ident(attname) FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> %s
    ORDER BY attnum
"""
SHARE = "INSERT INTO {copy} ({key}, {columns}) OVERRIDING SYSTEM VALUE SELECT {key}, {columns} FROM {table}"
KEYS = "SELECT {key} FROM {copy} ORDER BY {key}"


@dataclass(frozen=True)
class Shadow:
    """A copy of a table. Rows are of text, which PostgreSQL reads as whatever the column is."""

    copy: str
    key: str
    brings_keys: bool
    """Whether who inserts makes the keys, rather than the database."""
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    """Without the key: what one flow inserted, and did not delete again."""
    shared: tuple[Any, ...]
    """Keys of rows that were there before, which all flows write to."""

    def insertion(self, count: int) -> str:
        names = ((self.key,) if self.brings_keys else ()) + self.columns
        row = f"({', '.join(['%s'] * len(names))})"
        return f"INSERT INTO {self.copy} ({', '.join(names)}) VALUES {', '.join([row] * count)} RETURNING {self.key}"  # noqa: S608 (names of our own tables)

    def values(self, first: int, count: int) -> list[Any]:
        return list(self._values(first, count))

    def _values(self, first: int, count: int) -> Iterator[Any]:
        for place in range(first, first + count):
            if self.brings_keys:
                yield str(new_key())
            yield from self.rows[place % len(self.rows)]


def shadow_of(table: str, inserted: int) -> Shadow:
    """No index but the key's is unique, so that the same rows can be written again."""
    key = next(model._meta.pk for model in apps.get_models() if model._meta.db_table == table)
    copy, column = f"bench_{table}", str(key.column)
    columns = tuple(name for (name,) in _all(COLUMNS, [table, column]))
    names = {"copy": copy, "table": table, "key": column, "columns": ", ".join(columns)}
    _do(COPY.format(**names))
    for (index,) in _all(INDEXES, [copy, table]):
        _do(index)
    rows = tuple(_all(_newest(names, columns), [inserted]))
    return Shadow(copy, column, isinstance(key, KeyField), columns, rows, () if inserted else _shared(names))


def _newest(names: dict[str, str], columns: tuple[str, ...]) -> str:
    told = ", ".join(f"{name}::text" for name in columns)
    return f"SELECT {told} FROM {names['table']} ORDER BY {names['key']} DESC LIMIT %s"  # noqa: S608 (likewise)


def _shared(names: dict[str, str]) -> tuple[Any, ...]:
    _do(SHARE.format(**names))
    return tuple(str(key) for (key,) in _all(KEYS.format(**names), []))


def _all(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _do(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)

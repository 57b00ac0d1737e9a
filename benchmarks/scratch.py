"""A database for each benchmark, copied from one that is migrated once and holds nothing else.

Several may measure at once: each has copies of its own, named after its process, and they take turns with the
original, to which nobody may be connected while it is copied.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

TURN = 0x68616E7365  # Any number that nobody else locks.


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """The URL of a copy that is gone afterwards."""
    original = urlsplit(url).path.lstrip("/")
    copy = f"{original}_copy_{os.getpid()}"
    with alone(url) as cursor:
        for left in _left_over(cursor, original):
            _execute(cursor, "DROP DATABASE IF EXISTS {} WITH (FORCE)", left)
        _execute(cursor, "CREATE DATABASE {} TEMPLATE {}", copy, original)
    try:
        yield named(url, copy)
    finally:
        with closing(_connected(url)) as connection:
            _execute(connection.cursor(), "DROP DATABASE {} WITH (FORCE)", copy)


@contextmanager
def alone(url: str) -> Iterator[Any]:
    """A cursor beside the original, while nobody else of us uses the original."""
    with closing(_connected(url)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT pg_advisory_lock(%s)", [TURN])
        yield cursor


def _left_over(cursor: Any, original: str) -> list[str]:
    """Copies of processes that died before they could drop them, and this one's."""
    cursor.execute("SELECT datname FROM pg_database")
    copies = [re.fullmatch(rf"{re.escape(original)}_copy_(\d+)", name) for (name,) in cursor.fetchall()]
    return [found[0] for found in copies if found and not _lives(int(found[1]))]


def _lives(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def named(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))


def _connected(url: str) -> Any:
    connection = psycopg2.connect(named(url, "postgres"))
    connection.autocommit = True
    return connection


def _execute(cursor: Any, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))

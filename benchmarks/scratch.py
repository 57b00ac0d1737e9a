"""A database for each benchmark, copied from one that is migrated once and holds nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """The URL of a copy that is gone afterwards. Nobody may be connected to the original meanwhile."""
    original = urlsplit(url).path.lstrip("/")
    copy = f"{original}_copy"
    _execute(url, "DROP DATABASE IF EXISTS {} WITH (FORCE)", copy)
    _execute(url, "CREATE DATABASE {} TEMPLATE {}", copy, original)
    try:
        yield named(url, copy)
    finally:
        _execute(url, "DROP DATABASE {} WITH (FORCE)", copy)


def named(url: str, database: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))


def _execute(url: str, statement: str, *names: str) -> None:
    with closing(psycopg2.connect(named(url, "postgres"))) as connection:
        connection.autocommit = True
        connection.cursor().execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))

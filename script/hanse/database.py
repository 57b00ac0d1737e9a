"""The database a command works on: the one ``DATABASE_URL`` names, or the embedded one."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import environ
import psycopg2

from hanse.places import Home
from hanse.postgres.cluster import Cluster
from hanse.postgres.holding import Held, held
from hanse.refusal import Refusal

NAME = "hanse"
OLDEST_VERSION = 15
CONNECT_SECONDS_MAX = 5


@dataclass(frozen=True)
class Database:
    url: str
    # None for a database that is not ours to start.
    embedded: Held | None

    @property
    def descriptors(self) -> tuple[int, ...]:
        """A child that inherits these keeps the embedded server running for as long as it lives."""
        return (self.embedded.descriptor,) if self.embedded else ()

    def ensure_kept(self) -> None:
        if self.embedded:
            self.embedded.ensure_kept()


def external_url() -> str:
    return os.environ.get("DATABASE_URL", "")


@contextmanager
def database(home: Home, settings: Mapping[str, str], name: str = NAME) -> Iterator[Database]:
    """Raises ``Refusal`` when it cannot be reached or started."""
    if external_url():
        refuse_unusable(external_url())
        yield Database(external_url(), None)
        return
    with held(Cluster(home, settings)) as embedded:
        yield Database(embedded.ensure_database(name), embedded)


def refuse_unusable(url: str) -> None:
    """Says why, without the password."""
    try:
        version = _server_version(_connection_arguments(url))
    except psycopg2.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise Refusal(f"The database of DATABASE_URL cannot be used: {reason}") from None
    if version < OLDEST_VERSION:
        raise Refusal(f"DATABASE_URL names a PostgreSQL {version}; Hanse needs {OLDEST_VERSION} or newer.")


def _connection_arguments(url: str) -> dict[str, Any]:
    try:
        with warnings.catch_warnings(action="ignore"):  # It would warn by printing what it understood.
            parts = environ.Env.db_url_config(url)
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        raise Refusal("DATABASE_URL is not of the form postgres://user:password@host:port/database.") from None
    if parts.get("ENGINE") != "django.db.backends.postgresql":
        raise Refusal("Hanse needs PostgreSQL: DATABASE_URL must begin with postgres://.")
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {key: parts[part] for key, part in named.items() if parts.get(part)}
    return {"connect_timeout": CONNECT_SECONDS_MAX, **given, **parts.get("OPTIONS", {})}


def _server_version(arguments: dict[str, Any]) -> int:
    with closing(psycopg2.connect(**arguments)) as connection:
        version: int = connection.server_version // 10_000
    return version

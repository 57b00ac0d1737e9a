"""A migrated, empty database that each test process copies, since migrating takes longer than many tests.

Kept from run to run for as long as no migration changes.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import cursor as Cursor  # noqa: N812 (psycopg2 names its classes so)

from hanse.environment import environment
from hanse.locks import exclusive
from hanse.places import PYTHON, ROOT
from hanse.postgres.holding import Held

PREFIX = "template_"
UNFINISHED = "unfinished_template"


def ensure_template(ours: Held) -> str:
    """Its name; empty when the migrations fail, which the tests will then tell better."""
    name = PREFIX + digest_of_migrations(ROOT)
    home = ours.cluster.home
    with exclusive(home.lock("template"), waiting="Waiting for another run to migrate …"), session(ours) as cursor:
        existing = databases(cursor)
        if name not in existing:
            _drop(cursor, [database for database in existing if database.startswith((PREFIX, UNFINISHED))])
            if not _migrated(ours):
                return ""
            cursor.execute(_statement("ALTER DATABASE {} RENAME TO {}", UNFINISHED, name))
    return name


def digest_of_migrations(root: Path) -> str:
    """Over our own migrations, and the versions of the packages that bring theirs."""
    digest = hashlib.sha256((root / "requirements.lock").read_bytes())
    for migration in sorted(root.glob("*/migrations/*.py")):
        digest.update(str(migration.relative_to(root)).encode())
        digest.update(migration.read_bytes())
    return digest.hexdigest()[:16]


def _migrated(ours: Held) -> bool:
    print("Migrating a database for the tests …", flush=True)
    variables = environment(ours.cluster.home, ours.ensure_database(UNFINISHED))
    command = [str(PYTHON), str(ROOT / "manage.py"), "migrate", "--no-input", "--verbosity", "0"]
    return subprocess.run(command, env=variables, capture_output=True, check=False).returncode == 0


@contextmanager
def session(ours: Held) -> Iterator[Cursor]:
    with closing(psycopg2.connect(ours.cluster.url("postgres"))) as connection:
        connection.autocommit = True
        yield connection.cursor()


def databases(cursor: Cursor) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database")
    return [name for (name,) in cursor.fetchall()]


def _drop(cursor: Cursor, names: list[str]) -> None:
    for name in names:
        cursor.execute(_statement("DROP DATABASE {} WITH (FORCE)", name))


def _statement(text: str, *names: str) -> sql.Composed:
    return sql.SQL(text).format(*(sql.Identifier(name) for name in names))

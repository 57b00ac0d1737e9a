"""pytest on an embedded cluster of its own that trades safety for speed, or on ``DATABASE_URL``."""

from __future__ import annotations

import os
import re
from contextlib import closing

import psutil
import psycopg2
from psycopg2 import sql

from hanse.database import database
from hanse.environment import environment
from hanse.foreground import run_in_foreground
from hanse.places import PYTHON, ROOT, test_home
from hanse.postgres.cluster import FAST
from hanse.postgres.holding import Held
from hanse.template import ensure_template

# Whoever says how many processes, or wants to look inside one, is not overruled.
OWN_WAY = re.compile(r"-n.*|--numprocesses.*|--pdb|--trace|-p|no:xdist|--collect-only|--co")
PROCESSES_MAX = 8


def main(arguments: list[str]) -> int:
    home = test_home()
    with database(home, FAST, name="postgres") as ours:
        url, template = ours.url, ""
        if ours.embedded:
            drop_what_killed_runs_left(ours.embedded)
            url = ours.embedded.cluster.url(database_name(arguments))
            template = ensure_template(ours.embedded)
        return run_in_foreground(
            [PYTHON, "-m", "pytest", *parallel(arguments), *arguments],
            environment=keeping_bytecode(environment(home, url)) | {"TEST_DATABASE_TEMPLATE": template},
            descriptors=ours.descriptors,
            folder=ROOT,
        )


def parallel(arguments: list[str]) -> tuple[str, ...]:
    """One process more than there are cores, for in each some test is waiting for a worker, a server or a browser."""
    if any(OWN_WAY.fullmatch(argument) for argument in arguments):
        return ()
    return ("--numprocesses", str(min((os.cpu_count() or 1) + 1, PROCESSES_MAX)))


def keeping_bytecode(environment: dict[str, str]) -> dict[str, str]:
    """Whatever the caller does elsewhere: a hundred processes of the tests would each compile the same code anew."""
    return {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}


def database_name(arguments: list[str]) -> str:
    """One of this run's own, so that two runs can go on at once; with ``--reuse-db`` the one to be used again."""
    return "hanse" if "--reuse-db" in arguments else f"hanse_{os.getpid()}"


def drop_what_killed_runs_left(embedded: Held) -> None:
    with closing(psycopg2.connect(embedded.cluster.url("postgres"))) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_hanse_[0-9]+'")
        for (name,) in cursor.fetchall():
            if not psutil.pid_exists(int(name.split("_")[2])):
                cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

"""``script/test``: what it tells pytest."""

from __future__ import annotations

import os
from contextlib import closing

import psycopg2
import pytest

from hanse import test as script
from hanse.postgres.holding import held


@pytest.mark.parametrize("arguments", [[], ["tests/b2b", "-k", "money", "-x"], ["--lf"]])
def test_tests_run_in_parallel_unless_told_otherwise(arguments):
    assert script.parallel(arguments) == ("--numprocesses", str(min(os.cpu_count() + 1, 8)))


@pytest.mark.parametrize("arguments", [["-n0"], ["-n", "2"], ["--numprocesses=1"], ["-p", "no:xdist"], ["--pdb"]])
def test_who_says_how_many_processes_is_not_overruled(arguments):
    assert script.parallel(arguments) == ()


def test_the_processes_of_tests_keep_what_they_compiled():
    told = {"PYTHONDONTWRITEBYTECODE": "1", "VAR_DIR": "/var/hanse"}

    assert script.keeping_bytecode(told) == {"VAR_DIR": "/var/hanse"}


def test_two_runs_do_not_share_a_database_unless_it_is_to_be_used_again():
    assert script.database_name(["-x"]) == f"hanse_{os.getpid()}"
    assert script.database_name(["--reuse-db"]) == "hanse"


def test_databases_of_runs_that_were_killed_are_dropped(cluster):
    nobody, ours = 2**22 + 1, os.getpid()
    with held(cluster) as running:
        for name in (f"test_hanse_{nobody}_gw0", f"test_hanse_{ours}_gw0", "test_hanse_gw0"):
            running.ensure_database(name)

        script.drop_what_killed_runs_left(running)

        with closing(psycopg2.connect(running.cluster.url("postgres"))) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test%' ORDER BY 1")
            assert cursor.fetchall() == [(f"test_hanse_{ours}_gw0",), ("test_hanse_gw0",)]

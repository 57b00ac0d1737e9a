"""The embedded PostgreSQL: it runs while somebody uses it, and not a moment longer."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psutil
import psycopg2
import pytest

from hanse.places import Home
from hanse.postgres import holding, running
from hanse.postgres.cluster import FAST, SAFE, Cluster
from hanse.postgres.holding import held
from hanse.postgres.making import ensure_made
from hanse.refusal import Refusal
from tests.script.conftest import ROOT, eventually, processes_with

# A shell that starts the tests in the background has everything below it ignore an interrupt.
HOLDER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from hanse.places import Home
from hanse.postgres import cluster
from hanse.postgres.holding import held
with held(cluster.Cluster(Home(Path(sys.argv[2])), getattr(cluster, sys.argv[3]))):
    print("held", flush=True)
    time.sleep(60)
"""


def hold_in_another_process(cluster: Cluster) -> subprocess.Popen[str]:
    durability = "FAST" if cluster.settings == FAST else "SAFE"
    command = [sys.executable, "-c", HOLDER, str(ROOT / "script"), str(cluster.home.path), durability]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def ask(url: str, question: str) -> object:
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(question)
        return cursor.fetchone()[0]


def keeper_of(cluster: Cluster) -> psutil.Process:
    return running.server_of(cluster).parent()


def test_a_new_cluster_finds_chinese_whatever_the_language_of_the_environment(home, monkeypatch):
    monkeypatch.setenv("LANG", "C")
    monkeypatch.setenv("LC_ALL", "C")

    with held(Cluster(home, FAST)) as ours:
        url = ours.ensure_database("hanse")
        ask(url, "CREATE EXTENSION pg_trgm; SELECT 1")

        assert ask(url, "SELECT cardinality(show_trgm('螺栓'))") == 3
        assert ask(url, "SELECT lower('ÄÖ')") == "äö"


def test_several_at_once_agree_on_one_database(cluster):
    with held(cluster) as ours, ThreadPoolExecutor(8) as pool:
        urls = list(pool.map(lambda _: ours.ensure_database("shared"), range(8)))

        assert len(set(urls)) == 1
        assert ask(urls[0], "SELECT 1") == 1


def test_the_server_stops_with_its_last_user(cluster):
    other = hold_in_another_process(cluster)
    with held(cluster):
        pass

    assert running.is_ready(cluster)

    other.send_signal(signal.SIGINT)
    other.wait()

    assert eventually(lambda: not processes_with(str(cluster.folder)))


def test_a_killed_user_leaves_no_server_behind(cluster):
    user = hold_in_another_process(cluster)

    user.kill()
    user.wait()

    assert eventually(lambda: not processes_with(str(cluster.folder)))


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells a child that its parent is gone.")
def test_user_and_keeper_killed_at_once_leave_no_server_behind(cluster):
    user = hold_in_another_process(cluster)
    keeper = keeper_of(cluster)

    keeper.kill()
    user.kill()
    user.wait()

    assert eventually(lambda: not processes_with(str(cluster.folder)))


def test_everything_killed_at_once_starts_again_with_its_data(cluster):
    cluster = Cluster(cluster.home, SAFE)
    user = hold_in_another_process(cluster)
    url = cluster.url("postgres")
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")

    for process in (keeper_of(cluster), running.server_of(cluster), user):
        process.kill()
    user.wait()

    with held(cluster):
        assert ask(url, "SELECT answer FROM kept") == 42


def test_a_server_that_dies_under_its_user_is_started_again(cluster):
    with held(cluster):
        dead = running.server_of(cluster)
        dead.kill()

        assert eventually(lambda: running.server_of(cluster) not in (None, dead) and running.is_ready(cluster))
        assert ask(cluster.url("postgres"), "SELECT 1") == 1


def test_the_number_of_a_dead_server_in_other_hands_does_not_hinder(cluster):
    note = cluster.folder / "postmaster.pid"
    note.write_text(f"{os.getpid()}\n{cluster.folder}\n1\n5432\n{cluster.folder}\n\n 1 1\nready\n")

    with held(cluster):
        assert ask(cluster.url("postgres"), "SELECT 1") == 1


def test_a_path_too_long_for_a_socket_gets_one_elsewhere(home):
    deep = Home(home.path / ("x" * 90))

    with held(Cluster(deep, FAST)) as ours:
        assert ours.cluster.socket_folder != ours.cluster.folder
        assert ours.cluster.socket_folder.stat().st_mode & 0o077 == 0
        assert ask(ours.ensure_database("hanse"), "SELECT 1") == 1

    assert not ours.cluster.socket_folder.exists()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda folder: (folder / "PG_VERSION").unlink(), "is damaged: it is not empty, yet holds no database"),
        (lambda folder: (folder / "PG_VERSION").write_text("9\n"), "was made by PostgreSQL 9 and this is 18"),
        (lambda folder: (folder / "global" / "pg_control").unlink(), "does not start"),
        (lambda folder: (folder / "global" / "pg_control").write_bytes(b"\0" * 8192), "does not start"),
    ],
)
def test_damaged_data_are_named_in_one_sentence(fragile_cluster, damage, reason):
    damage(fragile_cluster.folder)

    with pytest.raises(Refusal, match=reason) as refused, held(fragile_cluster):
        pass

    assert str(fragile_cluster.folder) in str(refused.value)
    assert "--reset" in str(refused.value)
    assert not processes_with(str(fragile_cluster.folder))


def test_a_making_that_was_interrupted_is_begun_again(home):
    unfinished = home.postgres.with_name("postgres.unfinished")
    (unfinished / "base").mkdir(parents=True)
    cluster = Cluster(home, FAST)

    ensure_made(cluster)

    assert (cluster.folder / "PG_VERSION").read_text() == "18\n"
    assert not unfinished.exists()


def test_data_in_use_are_not_removed(fragile_cluster):
    with held(fragile_cluster):
        with pytest.raises(Refusal, match="is in use"):
            holding.empty(fragile_cluster)

        assert ask(fragile_cluster.url("postgres"), "SELECT 1") == 1

    holding.empty(fragile_cluster)

    assert not fragile_cluster.folder.exists()

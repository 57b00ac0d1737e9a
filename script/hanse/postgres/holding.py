"""Using a cluster: it runs from the first use to the end of the last."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import psycopg2
from psycopg2 import errors, sql

from hanse.locks import exclusive, is_held, open_lock, take_shared, try_exclusive
from hanse.places import hanse
from hanse.postgres.cluster import FAST, Cluster
from hanse.postgres.running import START_SECONDS_MAX, STOP_SECONDS_MAX, is_ready, server_of, stop, wait_for
from hanse.refusal import Refusal


@dataclass(frozen=True)
class Held:
    """A running cluster and our share in it."""

    cluster: Cluster
    # A child that inherits this keeps the cluster running for as long as it lives.
    descriptor: int

    def ensure_kept(self) -> None:
        """Starts the keeper when there is none; raises ``Refusal`` with the reason when the server does not start."""
        home = self.cluster.home
        keeper = home.lock("postgres.keeper")
        with exclusive(home.lock("postgres.start")):
            # A keeper may be starting its server again, or be dying itself.
            wait_for(lambda: not is_held(keeper) or self._answers(), START_SECONDS_MAX)
            if not is_held(keeper):
                _start_keeper(self.cluster)

    def _answers(self) -> bool:
        """Its own note is not enough: a server that was killed a moment ago still says that it is ready."""
        if not is_ready(self.cluster):
            return False
        try:
            psycopg2.connect(self.cluster.url("postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True

    def ensure_database(self, name: str) -> str:
        """The URL of the database, which is made when it is not there."""
        with closing(psycopg2.connect(self.cluster.url("postgres"))) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                with suppress(errors.DuplicateDatabase, errors.UniqueViolation):  # Somebody else was quicker.
                    cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.cluster.url(name)


@contextmanager
def held(cluster: Cluster) -> Iterator[Held]:
    """Afterwards the server has stopped, unless somebody else is still using it."""
    users = open_lock(cluster.home.lock("postgres.users"))
    try:
        take_shared(users)
        ours = Held(cluster, users)
        ours.ensure_kept()
        yield ours
    finally:
        os.close(users)
        wait_for(lambda: not is_held(cluster.home.lock("postgres.keeper")) or _used(cluster), STOP_SECONDS_MAX)


def empty(cluster: Cluster) -> None:
    """Removes the cluster with all its data; raises ``Refusal`` while somebody uses it."""
    if _used(cluster):
        raise Refusal(f"The database in {cluster.folder} is in use: stop what uses it first.")
    wait_for(lambda: not is_held(cluster.home.lock("postgres.keeper")), STOP_SECONDS_MAX)
    stop(server_of(cluster))
    if cluster.folder.exists():
        shutil.rmtree(cluster.folder)


def _used(cluster: Cluster) -> bool:
    """Whether anybody holds a share; a keeper that is stopping holds the lock, too, but not as a share."""
    users = open_lock(cluster.home.lock("postgres.users"))
    try:
        if try_exclusive(users):
            return False
        fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(users)


def _start_keeper(cluster: Cluster) -> None:
    durability = "fast" if cluster.settings == FAST else "safe"
    with cluster.log.open("ab") as log:
        keeper = subprocess.Popen(
            hanse("postgres.keeper", str(cluster.home.path), durability),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    for line in keeper.stdout or ():
        if line.startswith(b"{"):
            return _refuse(json.loads(line)["refusal"])
        print(line.decode().rstrip(), flush=True)
    return _refuse(f"The embedded PostgreSQL does not start: see {cluster.log}.")


def _refuse(reason: str | None) -> None:
    if reason:
        raise Refusal(reason)

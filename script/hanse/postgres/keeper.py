"""The process that keeps one cluster running while anybody uses it.

Everybody who uses the cluster holds a shared lock on a file; the keeper stops the server when it gets that lock for
itself, which it can only when all of them are gone, in whatever way: the kernel gives up the locks of the dead.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import deque
from pathlib import Path
from types import FrameType

import psutil

from hanse.locks import open_lock, try_exclusive
from hanse.places import Home
from hanse.postgres import running
from hanse.postgres.cluster import FAST, SAFE, Cluster
from hanse.postgres.making import ensure_made
from hanse.refusal import Refusal

POLL_SECONDS = 0.2
RESTARTS_MAX = 5
RESTARTS_WITHIN_SECONDS = 60


def main(arguments: list[str]) -> int:
    """Tells the caller how it went in one line of JSON, and then keeps."""
    cluster = Cluster(Home(Path(arguments[0])), {"safe": SAFE, "fast": FAST}[arguments[1]])
    kept = open_lock(cluster.home.lock("postgres.keeper"))
    running.wait_for(lambda: try_exclusive(kept), seconds=5)
    signal.signal(signal.SIGTERM, _end)
    try:
        ensure_made(cluster)
        server = running.start(cluster)
    except (Refusal, OSError) as refusal:
        _tell({"refusal": str(refusal)})
        return 1
    _tell({"refusal": None})
    users = open_lock(cluster.home.lock("postgres.users"))
    try:
        keep(cluster, server, users)
    finally:
        os.close(kept)  # Before the users' lock, so that whoever gets that one sees that nobody keeps.
    return 0


def keep(cluster: Cluster, server: subprocess.Popen[bytes], users: int) -> None:
    """Until nobody uses it; a server that dies under its users is started again, but not for ever."""
    deaths: deque[float] = deque(maxlen=RESTARTS_MAX)
    try:
        while not try_exclusive(users):
            if server.poll() is not None:
                deaths.append(time.monotonic())
                if len(deaths) == RESTARTS_MAX and deaths[-1] - deaths[0] < RESTARTS_WITHIN_SECONDS:
                    return
                server = running.start(cluster)
            time.sleep(POLL_SECONDS)
    finally:
        if server.poll() is None:
            running.stop(psutil.Process(server.pid))
        if cluster.socket_folder != cluster.folder:
            cluster.socket_folder.rmdir()


def _tell(news: dict[str, str | None]) -> None:
    """On the pipe from whoever started us, which is then let go."""
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _end(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)

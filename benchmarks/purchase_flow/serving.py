"""The product's web server, on this benchmark's database and a free port."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.db import connection

from benchmarks.purchase_flow.pages import OverNetwork

HOST = "127.0.0.1"
START_SECONDS_MAX = 120
STOP_SECONDS_MAX = 15
PAUSE_SECONDS = 0.1
UNMEASURED = {
    "WEB_WORKERS": "2",
    "WEB_THREADS": "4",
    "RATE_ACTOR": "1000000000/min",
    "RATE_ORGANISATION": "1000000000/min",
    "BROKER_URL": "memory://",
    "LOG_LEVEL": "ERROR",
}
"""No request is refused for its number, and none waits for a broker that nobody serves."""


class NotServing(Exception):
    """The server ended, or does not answer."""


@dataclass(frozen=True)
class Site:
    port: int

    @contextmanager
    def connected(self) -> Iterator[OverNetwork]:
        """One connection; the thread's own to the database is closed with it."""
        http = HTTPConnection(HOST, self.port, timeout=60)
        try:
            yield OverNetwork(http)
        finally:
            http.close()
            connection.close()


def serve() -> Site:
    """Until this process ends. Raises ``NotServing``."""
    port = _free_port()
    config = Path(settings.BASE_DIR) / "deploy" / "gunicorn.conf.py"
    server = subprocess.Popen(  # noqa: S603 (our own server)
        [sys.executable, "-m", "gunicorn", "--config", str(config), "--bind", f"{HOST}:{port}", "b2b.wsgi"],
        cwd=settings.BASE_DIR,
        env=os.environ | UNMEASURED,
    )
    atexit.register(_stop, server)
    _wait_for(server, port)
    return Site(port)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS_MAX)
    except subprocess.TimeoutExpired:
        server.kill()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


def _wait_for(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < until:
        if server.poll() is not None:
            raise NotServing(f"gunicorn ended with {server.returncode}")
        if _answers(port):
            return
        time.sleep(PAUSE_SECONDS)
    raise NotServing(f"no answer within {START_SECONDS_MAX} seconds")


def _answers(port: int) -> bool:
    http = HTTPConnection(HOST, port, timeout=5)
    try:
        http.request("GET", "/healthz")
        return http.getresponse().status == 200
    except (ConnectionError, TimeoutError):
        return False
    finally:
        http.close()

"""``script/server``: it says in one sentence why it cannot run, and leaves nothing behind when it has run."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from hanse import listening
from hanse.locks import exclusive
from hanse.places import hanse
from tests.script.conftest import eventually, processes_with


def refused(environment: dict[str, str], *arguments: str, **variables: str) -> str:
    """What it says on its way out."""
    command = [sys.executable, *hanse("server", *arguments)[1:]]
    done = subprocess.run(command, env=environment | variables, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr.strip()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return listener.getsockname()[1]


def test_a_taken_port_is_named(environment):
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]

        sentence = refused(environment, "--port", str(port))

    assert sentence == f"Port {port} is taken: stop what listens there, or choose another with --port."


@pytest.mark.parametrize(
    ("host", "port", "sentence"),
    [
        ("127.0.0.1", 99999, "There is no port 99999: choose one below 65536 with --port."),
        ("192.0.2.1", 8000, "192.0.2.1 is not an address of this machine: choose another with --host."),
    ],
)
def test_an_address_that_cannot_be_is_named(environment, host, port, sentence):
    assert refused(environment, "--host", host, "--port", str(port)) == sentence


@pytest.mark.parametrize(
    ("url", "beginning"),
    [
        (
            "postgres://anna:s3cret@127.0.0.1:1/hanse",
            "The database of DATABASE_URL cannot be used: connection to server",
        ),
        ("postgres://anna:s3cret@127.0.0.1:port/hanse", "DATABASE_URL is not of the form postgres://"),
        ("mysql://anna:s3cret@127.0.0.1/hanse", "Hanse needs PostgreSQL: DATABASE_URL must begin with postgres://."),
        ("s3cret", "Hanse needs PostgreSQL: DATABASE_URL must begin with postgres://."),
    ],
)
def test_a_database_that_cannot_be_used_is_named_without_its_password(environment, url, beginning):
    sentence = refused(environment, "--port", str(free_port()), DATABASE_URL=url)

    assert sentence.startswith(beginning)
    assert "s3cret" not in sentence


def test_somebody_elses_database_is_not_emptied(environment):
    sentence = refused(environment, "--port", str(free_port()), "--reset", DATABASE_URL="postgres://127.0.0.1:1/hanse")

    assert sentence == "--reset empties the embedded database only, and DATABASE_URL names another."


def test_a_second_server_on_the_same_data_is_refused(environment, home):
    lock = home.lock("server")
    with exclusive(lock):
        lock.write_text("1")

        sentence = refused(environment, "--port", str(free_port()))

    assert sentence == f"Hanse is already running on {home.path} (process 1): stop that one first."


def test_under_every_address_it_also_knows_the_machines_own_name():
    assert socket.gethostname() in listening.host_names("::")
    assert listening.address("::", 8000) == "http://127.0.0.1:8000"
    assert listening.address("::1", 8000) == "http://[::1]:8000"


@pytest.fixture
def start(environment) -> Iterator[Callable[[int], tuple[subprocess.Popen[str], float]]]:
    """Starts a server on a port; gives it when it is ready, and tells how many seconds that took."""
    servers = []

    def start(port: int) -> tuple[subprocess.Popen[str], float]:
        started = time.monotonic()
        command = [sys.executable, *hanse("server", "--no-demo", "--port", str(port))[1:]]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        servers.append(server)
        said = []
        for line in server.stdout:
            said.append(line)
            if line.startswith(f"Hanse is ready at http://127.0.0.1:{port}"):
                return server, time.monotonic() - started
        raise AssertionError("".join(said))

    yield start
    for server in servers:
        server.kill()


def status(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


@pytest.mark.timeout(300)
def test_it_runs_and_leaves_nothing_behind_when_killed_and_when_stopped(start, home):
    port = free_port()
    server, first_seconds = start(port)
    assert status(port, "/readyz") == 200
    assert len(processes_with(str(home.path))) > 5

    server.kill()
    server.wait()

    assert eventually(lambda: not processes_with(str(home.path)), seconds=20)

    server, second_seconds = start(port)
    assert second_seconds < first_seconds
    server.send_signal(signal.SIGINT)
    said = server.communicate(timeout=30)[0]

    assert server.returncode == 0
    assert said.endswith("Hanse has stopped.\n")
    assert processes_with(str(home.path)) == []

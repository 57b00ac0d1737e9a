"""A real worker on each broker: it hears the bell, and when it is killed the next one goes on.

Redis and RabbitMQ are asked where ``TEST_REDIS_URL`` and ``TEST_AMQP_URL`` say, by default on this
machine; where none answers, the test is skipped.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from kombu import Connection
from redis import Redis

from b2b import outbox
from b2b.models import Job
from tests.b2b.forking import ROOT
from tests.b2b.mortal import CHUNKS, environment, spawn, traces

REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/13")
AMQP = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(180)]


def answers(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=1).close()
    except OSError:
        return False
    return True


def eventually(happened: Callable[[], object], *, seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@pytest.fixture(
    params=[
        "filesystem://",
        pytest.param(REDIS, marks=pytest.mark.services, id="redis"),
        pytest.param(AMQP, marks=pytest.mark.services, id="amqp"),
    ]
)
def broker(request, tmp_path) -> Iterator[dict[str, str]]:
    """The settings of an installation with a queue of its own, removed afterwards."""
    url, queue = request.param, f"hanse-test-{uuid4()}"
    if not url.startswith("filesystem") and not answers(url):
        pytest.skip(f"nobody answers at {urlsplit(url).hostname}:{urlsplit(url).port}")
    yield {"BROKER_URL": url, "QUEUE_NAME": queue, "VAR_DIR": str(tmp_path)}
    if url.startswith("amqp"):
        with Connection(url) as connection:
            connection.default_channel.queue_delete(queue)
            connection.default_channel.exchange_delete(queue)
    elif url.startswith("redis"):
        with Redis.from_url(url) as redis:
            for key in redis.scan_iter(f"*{queue}*"):
                redis.delete(key)


@pytest.fixture
def start_worker(broker) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started = []

    def start(*options: str, **extra: str) -> subprocess.Popen[bytes]:
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "b2b",
            "worker",
            "--concurrency=1",
            "--include=tests.b2b.mortal",
        ]
        command += ["--without-gossip", "--without-mingle", f"--hostname={uuid4()}@test", "--loglevel=ERROR", *options]
        process = subprocess.Popen(command, cwd=ROOT, env=environment(**broker, **extra), start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for the worker and the processes of its pool, as when the machine goes."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


def test_a_real_worker_hears_the_bell_and_its_successor_ends_its_job(broker, start_worker):
    first = start_worker(PAUSE="10")

    assert spawn("ask", "heard", **broker).returncode == 0
    assert eventually(lambda: traces("heard")), "the bell alone must be enough; beat is not running"

    assert spawn("start", "killed", **broker).returncode == 0
    assert eventually(lambda: Job.objects.filter(checkpoint__gte=1).exists())
    kill(first)
    assert Job.objects.get().state == Job.State.RUNNING

    start_worker()
    Job.objects.update(rung_at=Now() - timedelta(minutes=1))
    assert eventually(lambda: Job.objects.without_worker().exists()), "the lease of the dead runs out"
    assert spawn("ring", **broker).returncode == 0
    assert eventually(lambda: Job.objects.get().state == Job.State.DONE)

    assert traces("heard") == 1
    assert [traces(f"killed {chunk}") for chunk in range(CHUNKS)] == [1] * CHUNKS


@pytest.mark.parametrize("broker", ["filesystem://"], indirect=True)
def test_beat_finds_what_no_bell_announced(start_worker):
    outbox.ask("tests.found", name="unannounced")

    start_worker("--beat")

    assert eventually(lambda: traces("unannounced"))

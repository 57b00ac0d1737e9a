"""The embedded broker's folder: what cannot be read stops nobody."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from uuid import uuid4

import pytest
from kombu import Connection, Queue

from b2b.folder_broker import Transport
from tests.b2b.mortal import spawn, traces
from tests.b2b.test_brokers import broker, eventually, start_worker  # noqa: F401 — fixtures

HALF = '{"body": "W1tdLCB7fSwge30=", "content-enc'
NO_MESSAGES = (
    b"",
    HALF.encode(),
    b"[]",
    b"null",
    b"{}",
    b'{"properties": 7}',
    b'{"body": "x", "properties": {}}',
    b"\xff\xfe",
)


@pytest.fixture
def folders(tmp_path):
    found = {name: tmp_path / name for name in ("messages", "done", "control")}
    for folder in found.values():
        folder.mkdir()
    return found


@pytest.fixture
def queue(folders):
    """A queue in these folders, bound."""
    options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "processed_folder": str(folders["done"]),
        "control_folder": str(folders["control"]),
    }
    with Connection("filesystem://", transport_options=options) as connection:
        bound = Queue("parts", routing_key="parts")(connection.default_channel)
        bound.declare()
        yield bound


def put(queue, text):
    queue.channel.basic_publish(queue.channel.prepare_message(text), exchange="", routing_key=queue.name)


def test_the_broker_in_files_is_ours(queue):
    assert type(queue.channel.connection) is Transport


@pytest.mark.parametrize("content", NO_MESSAGES)
def test_what_is_no_message_is_passed_over(queue, folders, content):
    (folders["messages"] / f"0_{uuid4()}.parts.msg").write_bytes(content)
    put(queue, "whole")

    assert queue.get(no_ack=True).body == b"whole"
    assert queue.get(no_ack=True) is None
    assert list(folders["messages"].iterdir()) == []


def test_a_message_is_there_when_it_is_whole_and_not_before(queue, folders, monkeypatch):
    seen = []
    rename = Path.rename
    monkeypatch.setattr(
        Path, "rename", lambda draft, target: (seen.append(queue.get(no_ack=True)), rename(draft, target))
    )

    put(queue, "whole")

    assert seen == [None]
    assert queue.get(no_ack=True).body == b"whole"


@pytest.mark.parametrize("content", [b"", b'[["parts", "", "pa', b"{}7"])
def test_a_list_of_queues_that_was_left_half_written_is_made_anew(queue, folders, content):
    for file in folders["control"].iterdir():
        file.write_bytes(content)

    queue.declare()
    put(queue, "whole")

    assert queue.get(no_ack=True).body == b"whole"


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(180)
@pytest.mark.parametrize("broker", ["filesystem://"], indirect=True)
def test_a_worker_goes_on_behind_a_broken_message(broker, start_worker):  # noqa: F811
    worker = start_worker("--pool=solo")
    assert spawn("ask", "before", **broker).returncode == 0
    assert eventually(lambda: traces("before"))
    messages = Path(broker["VAR_DIR"]) / "broker" / "messages"

    for content in NO_MESSAGES:
        (messages / f"0_{uuid4()}.{broker['QUEUE_NAME']}.msg").write_bytes(content)
    assert spawn("ask", "behind", **broker).returncode == 0

    assert eventually(lambda: traces("behind"))
    assert worker.poll() is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(180)
@pytest.mark.parametrize("broker", ["filesystem://"], indirect=True)
def test_a_worker_tells_that_it_lives_while_it_works_and_not_when_it_hangs(broker, start_worker, tmp_path):  # noqa: F811
    pulse = tmp_path / "pulse"
    worker = start_worker("--pool=solo", PAUSE="1", PULSE_FILE=str(pulse))
    assert eventually(pulse.exists)
    assert spawn("start", "long", **broker).returncode == 0
    assert eventually(lambda: traces("long 0"))
    at_work = pulse.stat().st_mtime
    assert eventually(lambda: pulse.stat().st_mtime > at_work, seconds=4)

    os.kill(worker.pid, signal.SIGSTOP)
    time.sleep(0.1)
    stopped = pulse.stat().st_mtime
    time.sleep(3)

    assert pulse.stat().st_mtime == stopped

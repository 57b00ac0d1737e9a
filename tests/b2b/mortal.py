"""Work for workers that are killed, and the processes that do it on the test database.

``python -m tests.b2b.mortal`` is a process with Django and Celery set up as in production, which forks
one for each verb it is asked to do. With ``DIE_AT`` set a process kills itself with SIGKILL at that
point: nothing is closed, nothing rolled back by Python, exactly as when the kernel or the power takes it.
"""

from __future__ import annotations

import os
import signal
import time
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import django

if __name__ == "__main__":
    django.setup()

from celery import shared_task
from django.db import connection, transaction

from b2b import jobs, outbox
from b2b.celery import load_tasks
from b2b.events import announce, event, on
from b2b.models import Organisation
from b2b.policy import CLOCK
from tests.b2b.forking import Forked, fork_on_demand, forking

KILLED = -signal.SIGKILL
CHUNKS = 6
LOOKED_UP_LATE = {"DIE_AT", "PAUSE"}
"""What of the environment is read when it is needed, and not while the settings are loaded."""


def die_at(point: str) -> None:
    if os.environ.get("DIE_AT") == point:
        os.kill(os.getpid(), signal.SIGKILL)


def leave_trace(name: str) -> None:
    """The effect that must happen once: a row that says it happened."""
    Organisation.objects.create(name=name, is_buyer=True, country="DE", currency="EUR")


def traces(name: str) -> int:
    return Organisation.objects.filter(name=name).count()


@shared_task(name="tests.found")
def found(name: str) -> None:
    leave_trace(name)
    die_at("task")
    transaction.on_commit(lambda: die_at("after commit"))


@shared_task(name="tests.fail")
def fail(name: str) -> None:
    leave_trace(name)
    raise ZeroDivisionError(name)


event("tests.memo_lost", "name")


@on("tests.memo_lost", name="tests.search_memo")
def search_memo(name: str) -> None:
    leave_trace(f"search {name}")
    die_at("task")


@on("tests.memo_lost", name="tests.mourn_memo")
def mourn_memo(name: str) -> None:
    leave_trace(f"mourn {name}")


@jobs.job("tests.count", lease=timedelta(seconds=1))
def count(run: jobs.JobRun) -> dict[str, int]:
    """Six chunks, each a trace and a checkpoint in one transaction."""
    for chunk in range(run.reached or 0, CHUNKS):
        with transaction.atomic():
            leave_trace(f"{run.arguments['name']} {chunk}")
            die_at(f"in chunk {chunk}")
            run.checkpoint(chunk + 1, done=chunk + 1, total=CHUNKS)
        die_at(f"after chunk {chunk}")
        time.sleep(float(os.environ.get("PAUSE", "0")))
    die_at("before the end")
    return {"chunks": CHUNKS}


@jobs.job("tests.patient", lease=timedelta(hours=1))
def patient(run: jobs.JobRun) -> dict[str, int]:
    """The same for a worker that may be silent for long."""
    return count(run)


def _die_around(statement: str) -> Any:
    """An execute wrapper that dies before or after a statement reaches the database."""

    def around(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(statement):
            die_at("before marking")
        result = execute(sql, params, many, context)
        if sql.startswith(statement):
            die_at("after marking")
        return result

    return around


def deliver() -> None:
    with connection.execute_wrapper(_die_around('UPDATE "b2b_outboxmessage" SET "state"')):
        outbox.deliver()


def ask(name: str) -> None:
    with transaction.atomic():
        transaction.on_commit(lambda: die_at("before the bell"))
        outbox.ask("tests.found", name=name)


def lose(name: str) -> None:
    with transaction.atomic():
        transaction.on_commit(lambda: die_at("before the bell"))
        announce("tests.memo_lost", name=name)


def run(job_id: str) -> None:
    jobs.work(UUID(job_id))


def start(name: str) -> None:
    jobs.start_job("tests.count", CLOCK, name=name)


def start_patient(name: str) -> None:
    jobs.start_job("tests.patient", CLOCK, name=name)


def ring() -> None:
    jobs.ring_stalled()


def environment(**extra: str) -> dict[str, str]:
    """What a process needs to work on the present test database."""
    at = connection.settings_dict
    address = f"{at['HOST']}:{at['PORT']}" if at["PORT"] else at["HOST"]
    # A cluster on a socket has its folder among the options.
    options = urlencode({name: value for name, value in at["OPTIONS"].items() if isinstance(value, str)})
    url = f"postgres://{at['USER']}:{at['PASSWORD']}@{address}/{at['NAME']}?{options}"
    return os.environ | {"DATABASE_URL": url, "BROKER_URL": "memory://"} | extra


def spawn(verb: str, *arguments: str, wait: bool = True, **extra: str) -> Forked:
    """Start a process that does ``verb``; by default wait until it has ended or is dead."""
    late = {name: value for name, value in extra.items() if name in LOOKED_UP_LATE}
    differing = {name: value for name, value in extra.items() if name not in LOOKED_UP_LATE}
    differing["DATABASE_URL"] = environment()["DATABASE_URL"]
    process = forking("tests.b2b.mortal", environment, **differing).start(verb, *arguments, **late)
    if wait:
        process.wait(timeout=60)
    return process


VERBS = {
    "deliver": deliver,
    "ask": ask,
    "lose": lose,
    "run": run,
    "start": start,
    "start_patient": start_patient,
    "ring": ring,
}

if __name__ == "__main__":
    load_tasks()
    fork_on_demand(VERBS)

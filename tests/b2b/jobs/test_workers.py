"""A job ends and does nothing twice, whatever happens to its workers."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models.functions import Now

from b2b import jobs
from b2b.jobs import JobRun, job, start_job
from b2b.jobs.taking import MOST_ATTEMPTS, take
from b2b.models import Job
from tests.b2b.jobs.errands import met, run_out, seen
from tests.b2b.mortal import CHUNKS, KILLED, leave_trace, spawn, traces
from tests.factories.b2b import OrganisationFactory, member

pytestmark = pytest.mark.django_db
State = Job.State


@job("tests.lose_database")
def lose_database(run: JobRun) -> None:
    raise OperationalError("server closed the connection")


def test_a_worker_that_does_not_know_the_kind_yet_leaves_it_to_another(actor):
    unknown = Job.objects.create(
        kind="tests.tomorrow", authority={"second_factor": 0, "scopes": None, "request_id": ""}
    )

    with pytest.raises(LookupError):
        jobs.work(unknown.pk)

    assert seen(unknown).state == State.RUNNING


def test_a_database_that_went_away_leaves_the_job_to_the_next_worker(actor):
    lost = start_job("tests.lose_database", actor)

    with pytest.raises(OperationalError):
        jobs.work(lost.pk)

    assert seen(lost).state == State.RUNNING
    assert jobs.work(lost.pk) is False


def test_a_job_cancelled_while_its_worker_was_dead_is_not_started_again(actor):
    started = start_job("tests.meet", actor)
    take(started.pk)
    jobs.cancel(started.pk, actor=actor)
    run_out(started)

    assert jobs.work(started.pk) is False

    assert (seen(started).state, met) == (State.CANCELLED, [])


def test_a_worker_that_lost_its_lease_can_write_neither_chunk_nor_progress_nor_result(actor, caplog):
    started = start_job("tests.meet", actor)
    slow = take(started.pk)
    run_out(started)
    quick = take(started.pk)

    with pytest.raises(jobs.LeaseLost), transaction.atomic():
        leave_trace("late chunk")
        slow.checkpoint(7)
    with pytest.raises(jobs.LeaseLost):
        slow.progress(9)
    with pytest.raises(jobs.LeaseLost):
        slow.end(State.DONE, result="late")
    quick.end(State.DONE, result="in time")

    assert traces("late chunk") == 0
    assert (seen(started).state, seen(started).checkpoint, seen(started).result) == (State.DONE, None, "in time")


def test_a_job_in_good_hands_is_not_taken_twice(actor):
    started = start_job("tests.meet", actor)

    assert take(started.pk) is not None
    assert take(started.pk) is None
    assert jobs.work(uuid4()) is False


def test_beat_rings_for_jobs_nobody_came_for_and_not_for_every_beat(actor, django_capture_on_commit_callbacks):
    fresh, queued, stalled, running = (start_job("tests.meet", actor) for _ in range(4))
    take(stalled.pk)
    take(running.pk)
    run_out(stalled)
    Job.objects.exclude(pk=fresh.pk).update(rung_at=Now() - timedelta(minutes=1))
    connection.run_on_commit.clear()

    with django_capture_on_commit_callbacks() as rung:
        assert jobs.ring_stalled() == 2
        assert jobs.ring_stalled() == 0

    assert [dict(bell.arguments)["job_id"] for bell in rung] == [str(queued.pk), str(stalled.pk)]


def test_a_job_that_kills_its_workers_is_given_up(actor, do_jobs):
    started = start_job("tests.meet", actor)
    for _ in range(MOST_ATTEMPTS):
        assert take(started.pk)
        run_out(started)

    assert do_jobs() == 0

    failed = seen(started)
    assert (failed.state, failed.error["code"], met) == (State.FAILED, "worker-lost", [])


def test_a_checkpoint_counts_the_attempts_anew(actor):
    started = start_job("tests.meet", actor)
    for place in range(MOST_ATTEMPTS + 2):
        run = take(started.pk)
        run.checkpoint(place)
        run_out(started)

    assert seen(started).checkpoint == MOST_ATTEMPTS + 1


@pytest.mark.django_db(transaction=True)
def test_of_four_workers_called_at_once_one_does_the_job():
    started = start_job("tests.count", member(OrganisationFactory(), "buyer"), name="race")
    ready, worked = threading.Barrier(4), []

    def worker() -> None:
        ready.wait()
        try:
            worked.append(jobs.work(started.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(worked) == [False, False, False, True]
    assert [traces(f"race {chunk}") for chunk in range(CHUNKS)] == [1] * CHUNKS


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("point", "reached"), [("in chunk 0", None), ("in chunk 3", 3), ("after chunk 3", 4), ("before the end", CHUNKS)]
)
def test_a_worker_killed_in_its_job_is_followed_by_one_that_goes_on(point, reached, do_jobs):
    started = start_job("tests.count", member(OrganisationFactory(), "buyer"), name="killed")

    process = spawn("run", str(started.pk), DIE_AT=point)

    assert process.returncode == KILLED
    dead = seen(started)
    assert (dead.state, dead.checkpoint) == (State.RUNNING, reached)
    assert do_jobs() == 0, "the dead worker's lease still holds"
    run_out(started)
    assert do_jobs() == 1
    assert (seen(started).state, seen(started).result) == (State.DONE, {"chunks": CHUNKS})
    assert [traces(f"killed {chunk}") for chunk in range(CHUNKS)] == [1] * CHUNKS


@pytest.mark.django_db(transaction=True)
def test_a_worker_frozen_longer_than_its_lease_wakes_up_powerless(do_jobs):
    started = start_job("tests.count", member(OrganisationFactory(), "buyer"), name="frozen")
    process = spawn("run", str(started.pk), wait=False, PAUSE="0.2")
    while not seen(started).checkpoint:
        time.sleep(0.02)
    process.send_signal(signal.SIGSTOP)  # as a virtual machine that is moved, or a disk that hangs
    time.sleep(1.2)

    assert do_jobs() == 1
    process.send_signal(signal.SIGCONT)
    process.wait(timeout=30)

    assert process.returncode == 0
    assert (seen(started).state, seen(started).result) == (State.DONE, {"chunks": CHUNKS})
    assert [traces(f"frozen {chunk}") for chunk in range(CHUNKS)] == [1] * CHUNKS

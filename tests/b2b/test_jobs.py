"""A job ends, says how, and does nothing twice, whatever happens to its workers."""

from __future__ import annotations

import signal
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from b2b import jobs
from b2b.errors import DomainError, Fault, NotFound
from b2b.jobs import JobRun, job, start_job
from b2b.jobs.taking import MOST_ATTEMPTS, take
from b2b.models import Job, User
from b2b.policy import CLOCK
from tests.b2b.mortal import CHUNKS, KILLED, leave_trace, spawn, traces
from tests.factories.b2b import OrganisationFactory, actor_for, member

pytestmark = pytest.mark.django_db

State = Job.State
met: list[JobRun] = []


@job("tests.meet")
def meet(run: JobRun) -> str:
    met.append(run)
    return "met"


class TooManyBolts(DomainError):
    code, title = "too-many-bolts", gettext_lazy("approved")


@job("tests.refuse")
def refuse(run: JobRun) -> None:
    leave_trace("before the refusal")
    raise TooManyBolts("There are 3.", faults=[Fault("#/lines/2", "too-many", "Three are two too many.")])


@job("tests.break")
def break_down(run: JobRun) -> None:
    raise ZeroDivisionError("secret@example.com")


@job("tests.lose_database")
def lose_database(run: JobRun) -> None:
    raise OperationalError("server closed the connection")


@job("tests.walk")
def walk(run: JobRun) -> None:
    for number in range(10_000):
        run.progress(number, 10_000)


@pytest.fixture(autouse=True)
def _nobody_met() -> None:
    met.clear()


@pytest.fixture
def actor():
    return member(OrganisationFactory(), "buyer")


def run_out(job: Job) -> None:
    """As if the lease's time had passed."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def seen(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_queued_done_and_keeps_its_result(actor, do_jobs):
    queued = start_job("tests.meet", actor, sheet="bolts.xlsx")
    assert (queued.state, queued.organisation_id, queued.created_by_id) == (
        "queued",
        actor.organisation_id,
        actor.user_id,
    )

    assert do_jobs() == 1

    done = seen(queued)
    assert (done.state, done.result, done.error, done.attempts) == (State.DONE, "met", None, 1)
    assert done.created_at <= done.started_at <= done.ended_at
    assert (met[0].arguments, met[0].reached) == ({"sheet": "bolts.xlsx"}, None)
    assert do_jobs() == 0


def test_an_unknown_kind_is_refused_where_it_is_started(actor):
    with pytest.raises(LookupError):
        start_job("tests.no_such_kind", actor)

    assert not Job.objects.exists()


def test_a_worker_that_does_not_know_the_kind_yet_leaves_it_to_another(actor):
    unknown = Job.objects.create(
        kind="tests.tomorrow", authority={"second_factor": 0, "scopes": None, "request_id": ""}
    )

    with pytest.raises(LookupError):
        jobs.work(unknown.pk)

    assert seen(unknown).state == State.RUNNING


def test_a_handler_acts_for_who_started_it_with_the_roles_of_today(do_jobs):
    buyer = OrganisationFactory()
    starter = member(buyer, "buyer", "finance", second_factor=True, scopes=frozenset({"read"}), request_id="r-1")
    start_job("tests.meet", starter)
    start_job("tests.meet", CLOCK)
    starter_now = buyer.memberships.get()
    starter_now.roles = ["buyer"]
    starter_now.save()

    do_jobs()

    first, second = (run.actor for run in met)
    assert first == actor_for(starter_now.user, buyer, second_factor=True, scopes=frozenset({"read"}), request_id="r-1")
    assert second == CLOCK


def test_who_left_the_organisation_acts_through_old_jobs_without_roles(do_jobs):
    buyer = OrganisationFactory()
    start_job("tests.meet", member(buyer, "buyer"))
    buyer.memberships.update(active=False)

    do_jobs()

    assert met[0].actor.roles == frozenset()


def test_a_refusal_ends_the_job_with_its_code_and_every_fault(actor, do_jobs):
    refused = start_job("tests.refuse", actor)

    do_jobs()

    failed = seen(refused)
    assert failed.state == State.FAILED
    assert failed.error == {
        "code": "too-many-bolts",
        "title": "approved",
        "detail": "There are 3.",
        "faults": [{"pointer": "#/lines/2", "code": "too-many", "detail": "Three are two too many."}],
    }


def test_a_bug_ends_the_job_shows_no_secret_and_reaches_the_log(actor):
    broken = start_job("tests.break", actor)

    with pytest.raises(ZeroDivisionError):
        jobs.work(broken.pk)

    failed = seen(broken)
    assert (failed.state, failed.error["code"]) == (State.FAILED, "job-broken")
    assert "secret" not in str(failed.error)


def test_a_database_that_went_away_leaves_the_job_to_the_next_worker(actor):
    lost = start_job("tests.lose_database", actor)

    with pytest.raises(OperationalError):
        jobs.work(lost.pk)

    assert seen(lost).state == State.RUNNING
    assert jobs.work(lost.pk) is False


def test_progress_is_cheap_enough_for_every_row(actor, django_assert_max_num_queries):
    walking = start_job("tests.walk", actor)

    with django_assert_max_num_queries(20):
        jobs.work(walking.pk)

    assert (seen(walking).done_count, seen(walking).total_count) == (9_999, 10_000)


def test_progress_is_seen_while_the_work_goes_on_and_renews_the_lease(actor):
    @job("tests.look")
    def look(run: JobRun) -> None:
        run_out(started)
        run.progress(3, 9, "Reading lines")
        now = seen(started)
        assert (now.done_count, now.total_count, now.message) == (3, 9, "Reading lines")
        assert now.lease_until > now.started_at

    started = start_job("tests.look", actor)

    jobs.work(started.pk)

    assert seen(started).state == State.DONE


def test_a_queued_job_is_cancelled_at_once(actor, do_jobs):
    queued = start_job("tests.meet", actor)

    cancelled = jobs.cancel(queued.pk, actor=actor)

    assert (cancelled.state, do_jobs(), met) == (State.CANCELLED, 0, [])
    with pytest.raises(jobs.JobEnded):
        jobs.cancel(queued.pk, actor=actor)


def test_a_running_job_is_cancelled_at_its_next_sign_of_life_and_its_chunk_undone(actor, do_jobs):
    @job("tests.long")
    def long(run: JobRun) -> None:
        with transaction.atomic():
            leave_trace("chunk 1")
            run.checkpoint(1)
        assert jobs.cancel(run.job_id, actor=actor).state == State.RUNNING
        with transaction.atomic():
            leave_trace("chunk 2")
            run.checkpoint(2)

    started = start_job("tests.long", actor)

    do_jobs()

    ended = seen(started)
    assert (ended.state, ended.checkpoint, ended.error) == (State.CANCELLED, 1, None)
    assert (traces("chunk 1"), traces("chunk 2")) == (1, 0)


def test_a_job_cancelled_while_its_worker_was_dead_is_not_started_again(actor):
    started = start_job("tests.meet", actor)
    take(started.pk)
    jobs.cancel(started.pk, actor=actor)
    run_out(started)

    assert jobs.work(started.pk) is False

    assert (seen(started).state, met) == (State.CANCELLED, [])


def test_a_failed_job_is_retried_from_its_last_checkpoint(actor, do_jobs):
    @job("tests.stumble")
    def stumble(run: JobRun) -> int:
        if run.reached is None:
            run.checkpoint({"line": 500})
            raise TooManyBolts
        return run.reached["line"]

    started = start_job("tests.stumble", actor)
    do_jobs()
    assert seen(started).state == State.FAILED

    queued = jobs.retry(started.pk, actor=actor)
    assert (queued.state, queued.error, queued.ended_at) == (State.QUEUED, None, None)
    do_jobs()

    assert (seen(started).state, seen(started).result) == (State.DONE, 500)
    with pytest.raises(jobs.JobNotEnded):
        jobs.retry(started.pk, actor=actor)


@pytest.mark.parametrize("order", [jobs.cancel, jobs.retry])
def test_a_strangers_job_is_not_there(order, actor):
    stranger = member(OrganisationFactory(), "admin")
    started = start_job("tests.meet", actor)

    for nobody in (stranger, CLOCK):
        assert not Job.objects.visible_to(nobody).exists()
        with pytest.raises(NotFound):
            order(started.pk, actor=nobody)

    assert list(Job.objects.visible_to(actor)) == [started]
    assert seen(started).state == State.QUEUED


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


def test_the_problem_is_told_in_the_starters_language(do_jobs):
    buyer = OrganisationFactory()
    starter = member(buyer, "buyer")
    User.objects.filter(pk=starter.user_id).update(language="zh-hans")
    languages = []

    @job("tests.listen")
    def listen(run: JobRun) -> None:
        languages.append(run.language)

    start_job("tests.listen", starter)
    do_jobs()

    assert languages == ["zh-hans"]


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

"""A job is done for who started it, ends, says how, and can be followed, cancelled and retried."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy

from b2b import jobs
from b2b.errors import DomainError, Fault, NotFound
from b2b.jobs import JobRun, job, start_job
from b2b.models import Job, User
from b2b.policy import CLOCK
from tests.b2b.jobs.errands import met, run_out, seen
from tests.b2b.mortal import leave_trace, traces
from tests.factories.b2b import OrganisationFactory, actor_for, member

pytestmark = pytest.mark.django_db
State = Job.State


class TooManyBolts(DomainError):
    code, title = "too-many-bolts", gettext_lazy("approved")


@job("tests.refuse")
def refuse(run: JobRun) -> None:
    leave_trace("before the refusal")
    raise TooManyBolts("There are 3.", faults=[Fault("#/lines/2", "too-many", "Three are two too many.")])


@job("tests.break")
def break_down(run: JobRun) -> None:
    raise ZeroDivisionError("secret@example.com")


@job("tests.walk")
def walk(run: JobRun) -> None:
    for number in range(10_000):
        run.progress(number, 10_000)


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

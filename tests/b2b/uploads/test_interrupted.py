"""Work that is stopped, cancelled or overtaken in the middle: it ends, and every row is accounted for."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from b2b import jobs, journal
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked
from b2b.jobs import work
from b2b.models import Job, JournalEntry
from b2b.uploads import applying, reading
from b2b.uploads.models import Upload
from tests.sample.models import Part, PartNote
from tests.sample.sheets.parts import PartSession

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\n"
SEVEN = HEAD + "".join(f"P-{number}\tBolt {number}\t{number}\n" for number in range(1, 8))
"""Three chunks: the format takes three rows at a time."""


def codes() -> list[str]:
    return list(Part.objects.order_by("code").values_list("code", flat=True))


def behind(chunk: int, act, method: str = "apply"):
    """Have something happen behind a chunk of an upload that is being applied or taken back."""
    done, work_on = [], getattr(PartSession, method)

    def session_method(session, acts, *, actor):
        work_on(session, acts, actor=actor)
        done.append(acts)
        if len(done) == chunk:
            act()

    return patch.object(PartSession, method, session_method)


def stop(upload, actor):
    return lambda: Upload.objects.get(pk=upload.pk).stop(actor=actor)


@pytest.mark.django_db(transaction=True)
def test_what_is_used_already_stays_when_applying_is_stopped_and_the_upload_says_so(brought, clerk, do_jobs):
    upload = brought(SEVEN)
    upload.apply(actor=clerk)

    def use_and_stop():
        PartNote.objects.create(part=Part.objects.get(code="P-2"))
        stop(upload, clerk)()

    with behind(1, use_and_stop):
        do_jobs()

    upload.refresh_from_db()
    assert (upload.state, codes()) == ("reviewed", ["P-2"])
    assert [fault["detail"] for fault in upload.problem["faults"]] == ["Row 3: “P-2” is used by: part note."]
    assert (upload.faulty_count, upload.counts) == (1, {"new": 6, "faulty": 1})
    assert journal.verify() == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_could_not_be_taken_back_is_not_left_out_silently_the_next_time(brought, applied, clerk, do_jobs):
    applied(SEVEN)
    upload = brought(SEVEN.replace("Bolt", "Screw"))
    upload.apply(actor=clerk)

    def change_and_stop():
        Part.objects.filter(code="P-1").update(name="Somebody's own words")
        stop(upload, clerk)()

    with behind(1, change_and_stop):
        do_jobs()
    upload.refresh_from_db()
    assert (upload.state, upload.faulty_count) == ("reviewed", 1)

    with pytest.raises(Blocked) as refused:
        upload.apply(actor=clerk)

    assert [fault.code for fault in refused.value.faults] == ["rows-faulty"]


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_undone_any_more_in_the_middle_of_undoing_is_named(applied, clerk, do_jobs):
    upload = applied(SEVEN)
    upload.undo(actor=clerk)

    with behind(1, lambda: PartNote.objects.create(part=Part.objects.get(code="P-2")), "take_back"):
        do_jobs()

    upload.refresh_from_db()
    assert (upload.state, codes()) == ("undone", ["P-2"])
    assert [fault["detail"] for fault in upload.problem["faults"]] == ["Row 3: “P-2” is used by: part note."]


def test_a_job_of_before_does_not_disturb_the_one_that_is_at_work(brought, clerk, do_jobs):
    upload = brought("no table at all")
    first = Job.objects.get(pk=upload.job_id)
    Job.objects.filter(pk=first.pk).update(state="failed", error={"code": "x"}, checkpoint=5)
    second = jobs.start_job("uploads.read", clerk, upload_id=str(upload.pk))
    Upload.objects.filter(pk=upload.pk).update(state="reading", job=second)

    jobs.retry(first.pk, actor=clerk)
    work(first.pk)

    upload.refresh_from_db()
    assert (upload.state, upload.rows.count()) == ("reading", 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_was_silent_too_long_gives_nothing_back_that_another_applied(brought, clerk, do_jobs):
    upload = brought(SEVEN)
    upload.apply(actor=clerk)
    apply_chunk, silent = applying._apply_chunk, []

    def overtaken(*arguments):
        if not silent:
            silent.append(True)
            Job.objects.filter(pk=upload.job_id).update(lease_until="2020-01-01T00:00Z")
            work(upload.job_id)
        apply_chunk(*arguments)

    with patch.object(applying, "_apply_chunk", overtaken):
        do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem, len(codes())) == ("applied", None, 7)


def test_an_upload_cancelled_while_it_is_being_read_ends_its_work_without_a_fault(brought, clerk, do_jobs):
    survey = reading.survey

    def cancelled_meanwhile(*arguments, **options):
        Upload.objects.get().cancel(actor=clerk)
        return survey(*arguments, **options)

    with patch.object(reading, "survey", cancelled_meanwhile):
        asked = brought("a\tb\n1\t2\n3\t4\n")

    assert (asked.state, asked.job.state, asked.job.error) == ("cancelled", "cancelled", None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("step", "goes_on"), [("apply", "recall"), ("undo", "resume")])
def test_what_was_begun_is_ended_when_its_job_was_cancelled(applied, brought, clerk, do_jobs, step, goes_on):
    upload = applied(SEVEN) if step == "undo" else brought(SEVEN)
    getattr(upload, step)(actor=clerk)
    with behind(1, lambda: jobs.cancel(upload.job_id, actor=clerk), "take_back" if step == "undo" else "apply"):
        do_jobs()
    upload.refresh_from_db()
    assert (upload.state, upload.job.state) == ("undoing" if step == "undo" else "applying", "cancelled")

    take_due_steps()
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, codes()) == ("undone" if step == "undo" else "reviewed", [])
    assert [entry.step for entry in JournalEntry.objects.of(upload)].count(goes_on) == 1


def test_what_is_new_by_an_upload_and_was_changed_since_is_not_taken_away(applied, clerk):
    upload = applied(HEAD + "P-1\tBolt\t1\n")
    Part.objects.update(name="Somebody's own words")

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=clerk)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("#/rows/2", "gone-on-since")]
    assert codes() == ["P-1"]

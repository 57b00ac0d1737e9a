from __future__ import annotations

from decimal import Decimal
from unittest.mock import patch

import pytest

from b2b import journal
from b2b.errors import Blocked
from b2b.jobs import work
from b2b.models import Job, JournalEntry
from b2b.uploads import changes
from b2b.uploads.models import Upload
from tests.b2b.mortal import KILLED, spawn
from tests.sample.models import Part, PartNote
from tests.sample.sheets.parts import PartSession

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\n"
SEVEN = HEAD + "".join(f"P-{number}\tBolt {number}\t{number}\n" for number in range(1, 8))
"""Three chunks: the format takes three rows at a time."""


def names() -> dict[str, str]:
    return dict(Part.objects.order_by("code").values_list("code", "name"))


def test_what_changed_since_the_review_is_not_overwritten_and_nothing_at_all_is_applied(
    applied, brought, clerk, do_jobs
):
    applied(SEVEN)
    upload = brought(SEVEN.replace("Bolt", "Screw"))
    Part.objects.filter(code="P-6").update(name="Somebody's own words")

    upload.apply(actor=clerk)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.applied_through) == ("reviewed", -1)
    assert upload.problem["code"] == "changed-since-review"
    assert [fault["pointer"] for fault in upload.problem["faults"]] == ["#/rows/7"]
    assert names() == {f"P-{n}": f"Bolt {n}" for n in range(1, 8)} | {"P-6": "Somebody's own words"}


def test_a_change_elsewhere_in_the_row_does_not_matter(applied, brought, clerk, do_jobs):
    applied(HEAD + "P-1\tBolt\t1\n")
    upload = brought(HEAD + "P-1\tScrew\t1\n")
    Part.objects.update(weight=Decimal(9))

    upload.apply(actor=clerk)
    do_jobs()

    assert list(Part.objects.values_list("name", "weight")) == [("Screw", Decimal("9.000"))]


def test_what_came_to_be_there_since_the_review_is_not_made_twice(brought, clerk, owner, do_jobs):
    upload = brought(SEVEN)
    Part.objects.create(owner=owner, code="P-5", name="Made by hand")

    upload.apply(actor=clerk)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert names() == {"P-5": "Made by hand"}


def test_undoing_restores_exactly_what_was_there(applied, clerk, do_jobs):
    applied(HEAD + "P-1\tBolt\t1.5\nP-2\tNut\t2\n")
    upload = applied(HEAD + "P-1\tScrew\t\nP-3\tWasher\t3\n")

    upload.undo(actor=clerk)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.applied_through) == ("undone", -1)
    assert list(Part.objects.order_by("code").values_list("code", "name", "weight")) == [
        ("P-1", "Bolt", Decimal("1.500")),
        ("P-2", "Nut", Decimal("2.000")),
    ]


def test_what_was_changed_again_cannot_be_undone_and_the_refusal_names_it(applied, clerk):
    applied(HEAD + "P-1\tBolt\t1\n")
    upload = applied(HEAD + "P-1\tScrew\t1\n")
    Part.objects.update(name="Pin")

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=clerk)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("#/rows/2", "changed-again")]
    upload.refresh_from_db()
    assert (upload.state, names()) == ("applied", {"P-1": "Pin"})


def test_what_is_new_and_used_since_cannot_be_undone_and_the_refusal_says_by_what(applied, clerk):
    upload = applied(HEAD + "P-1\tBolt\t1\n")
    PartNote.objects.create(part=Part.objects.get())

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=clerk)

    (fault,) = refused.value.faults
    assert (fault.code, fault.detail) == ("used-since", "Row 2: “P-1” is used by: part note.")
    assert names() == {"P-1": "Bolt"}


def test_a_worker_that_dies_is_followed_by_one_that_goes_on_behind_its_last_chunk(brought, clerk, do_jobs):
    upload = brought(SEVEN)
    upload.apply(actor=clerk)
    applied_rows: list[list[int]] = []
    apply = PartSession.apply

    def dying_in_the_second_chunk(session, acts, *, actor):
        applied_rows.append([act.number for act in acts])
        if len(applied_rows) == 2:
            raise KeyboardInterrupt
        apply(session, acts, actor=actor)

    with patch.object(PartSession, "apply", dying_in_the_second_chunk):
        with pytest.raises(KeyboardInterrupt):
            work(Job.objects.latest("id").pk)
        assert len(names()) == 3
        Job.objects.filter(state="running").update(lease_until="2020-01-01T00:00Z")
        do_jobs()

    upload.refresh_from_db()
    assert applied_rows == [[2, 3, 4], [5, 6, 7], [5, 6, 7], [8]]
    assert (upload.state, len(names())) == ("applied", 7)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_leaves_whole_chunks_and_the_next_one_finishes(brought, clerk, do_jobs):
    upload = brought(SEVEN)
    upload.apply(actor=clerk)
    job = Job.objects.latest("id")

    died = spawn("run", str(job.pk), DIE_AT="row 7")

    assert died.returncode == KILLED
    assert sorted(names()) == ["P-1", "P-2", "P-3"]
    Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00Z")
    do_jobs()
    upload.refresh_from_db()
    assert (upload.state, len(names())) == ("applied", 7)
    assert journal.verify() == []


def test_stopping_takes_back_what_was_applied_already(brought, clerk, do_jobs):
    upload = brought(SEVEN)
    upload.apply(actor=clerk)
    apply = PartSession.apply

    def stopped_after_the_first_chunk(session, acts, *, actor):
        apply(session, acts, actor=actor)
        if acts[0].number == 2:
            Upload.objects.get(pk=upload.pk).stop(actor=clerk)

    with patch.object(PartSession, "apply", stopped_after_the_first_chunk):
        do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"], names()) == ("reviewed", "stopped", {})


def test_an_upload_is_one_journal_entry_whose_digest_covers_every_change(applied):
    upload = applied(SEVEN)

    (entry,) = JournalEntry.objects.of(upload).filter(step="finish")
    assert entry.inputs["digest"] == changes.digest(upload)
    assert entry.inputs["counts"] == {"new": 7}
    assert journal.verify() == []


def test_a_row_rewritten_behind_the_platforms_back_is_found(applied):
    upload = applied(SEVEN)

    upload.rows.filter(number=4).update(after={"code": "P-3", "name": "Gold", "weight": "3"})

    assert [str(finding) for finding in journal.verify()] == [
        f"uploads.upload {upload.pk}: its rows are not those that were applied"
    ]


def test_only_one_of_two_uploads_of_the_same_rows_is_applied(brought, clerk, do_jobs):
    first, second = brought(SEVEN), brought(SEVEN)

    first.apply(actor=clerk)
    second.apply(actor=clerk)
    do_jobs()

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.problem["code"]) == ("applied", "reviewed", "changed-since-review")
    assert len(names()) == 7

"""Rows of ended uploads go after a while; what an upload changed, and the proof of it, stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from b2b import journal
from b2b.models import Job
from b2b.uploads import forgetting
from b2b.uploads.models import Upload
from tests.sample.models import Part

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\n"
NOW = datetime(2031, 5, 1, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=settings.UPLOAD_ROWS_KEPT_DAYS, minutes=1)


@pytest.fixture
def ended(brought, applied, clerk, do_jobs):
    """An upload in a state of which nothing more is expected, that got there at an instant."""

    def end(state, at):
        if state == "cancelled":
            upload = brought(HEAD + "P-1\tBolt\t1\n")
            upload.cancel(actor=clerk)
        elif state == "rejected":
            upload = brought("")
        else:
            applied(HEAD + "P-1\tBolt\t1\nP-2\tNut\t2\n")
            upload = applied(HEAD + "P-1\tScrew\t1\nP-2\tNut\t2\nP-3\tPin\theavy\nP-4\tKey\t4\n", only_valid=True)
            if state == "undone":
                upload.undo(actor=clerk)
                do_jobs()
        Job.objects.filter(pk=upload.job_id).update(ended_at=at)
        return Upload.objects.get(pk=upload.pk)

    return end


def outcomes(upload):
    return dict(upload.rows.values_list("number", "outcome"))


def test_of_an_applied_upload_what_it_changed_stays_and_is_proved_found_and_undone(
    ended, client_of, owner, clerk, do_jobs
):
    upload = ended("applied", LONG_AGO)
    assert outcomes(upload) == {2: "changed", 3: "unchanged", 4: "faulty", 5: "new"}

    forgetting.forget(NOW)

    upload.refresh_from_db()
    assert outcomes(upload) == {2: "changed", 5: "new"}
    assert (upload.counts["unchanged"], upload.forgotten_at) == (1, NOW)
    assert journal.verify() == []
    client = client_of(owner, "buyer")
    screw = Part.objects.get(code="P-1")
    found = client.get("/api/v1/upload-changes/", {"document": str(screw.pk)}).json()["results"]
    assert [change["changes"][0]["new"] for change in found if change["upload"] == str(upload.pk)] == ["Screw"]
    assert client.get(f"/api/v1/uploads/{upload.pk}/missing/").json()["count"] == 0
    upload.undo(actor=clerk)
    do_jobs()
    assert dict(Part.objects.values_list("code", "name")) == {"P-1": "Bolt", "P-2": "Nut"}


@pytest.mark.parametrize("state", ["undone", "cancelled", "rejected"])
def test_nothing_stays_of_what_does_not_stand(ended, state):
    upload = ended(state, LONG_AGO)

    forgetting.forget(NOW)

    upload.refresh_from_db()
    assert (upload.state, upload.rows.count(), upload.survey) == (state, 0, None)
    assert not upload.conversion_counts.exists()
    assert journal.verify() == []


def test_what_ended_lately_or_still_waits_for_somebody_stays(ended, brought):
    lately = ended("cancelled", LONG_AGO + timedelta(minutes=2))
    waiting = brought(HEAD + "P-9\tBolt\t1\n")
    Job.objects.filter(pk=waiting.job_id).update(ended_at=LONG_AGO)

    assert forgetting.forget(NOW) == 0

    assert (lately.rows.count(), waiting.rows.count()) == (1, 1)


def test_an_upload_is_forgotten_once_and_again_when_it_went_on(ended, clerk, do_jobs):
    upload = ended("applied", LONG_AGO)
    forgetting.forget(NOW)
    assert forgetting.forget(NOW) == 0

    upload.refresh_from_db()
    upload.undo(actor=clerk)
    do_jobs()
    Job.objects.update(ended_at=LONG_AGO)

    assert forgetting.forget(NOW) == 1
    assert upload.rows.count() == 0


def test_more_rows_than_are_deleted_at_once_all_go(ended, monkeypatch):
    monkeypatch.setattr(forgetting, "AT_ONCE", 1)
    upload = ended("undone", LONG_AGO)

    forgetting.forget(NOW)

    assert upload.rows.count() == 0

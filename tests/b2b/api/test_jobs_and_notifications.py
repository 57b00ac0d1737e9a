"""Jobs and notifications over HTTP: one's own, and nobody else's."""

from __future__ import annotations

import pytest

from b2b import jobs, notifications
from b2b.jobs import JobRun
from b2b.models import Job, Membership, Notification
from tests.factories.b2b import MembershipFactory, actor_for
from tests.factories.sample import MemoFactory

pytestmark = pytest.mark.django_db

JOBS, NEWS = "/api/v1/jobs/", "/api/v1/notifications/"


@jobs.job("sample.count")
def count(run: JobRun) -> dict[str, int]:
    run.progress(3, 3, "Counted.")
    return {"lines": 3}


@pytest.fixture
def job(membership):
    return jobs.start_job("sample.count", actor=actor_for(membership.user, membership.organisation))


def test_a_job_tells_how_far_it_is_and_what_came_of_it(api, job, do_jobs):
    assert api.get(f"{JOBS}{job.pk}/").json()["state"] == "queued"
    do_jobs()

    done = api.get(f"{JOBS}{job.pk}/").json()

    assert (done["state"], done["done_count"], done["total_count"]) == ("done", 3, 3)
    assert (done["result"], done["error"], done["message"]) == ({"lines": 3}, None, "Counted.")
    assert [row["id"] for row in api.get(JOBS, {"state": "done"}).json()["results"]] == [str(job.pk)]


def test_a_job_is_stopped_and_tried_again(api, job):
    cancelled = api.post(f"{JOBS}{job.pk}/cancel/")
    twice = api.post(f"{JOBS}{job.pk}/cancel/")
    retried = api.post(f"{JOBS}{job.pk}/retry/")

    assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/job-ended")
    assert (retried.status_code, retried.json()["state"]) == (200, "queued")


def test_a_strangers_job_is_not_there(client_for, job):
    stranger = client_for(MembershipFactory().user)

    assert stranger.get(f"{JOBS}{job.pk}/").status_code == 404
    assert stranger.post(f"{JOBS}{job.pk}/cancel/").status_code == 404
    assert Job.objects.get().state == "queued"


@pytest.mark.parametrize("order", ["cancel", "retry"])
def test_a_colleague_may_look_but_neither_stop_nor_repeat_it(client_of, membership, job, order):
    colleague = client_of(membership.organisation, "requester")

    refused = colleague.post(f"{JOBS}{job.pk}/{order}/")

    assert colleague.get(f"{JOBS}{job.pk}/").status_code == 200
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-allowed")
    assert not Job.objects.get().cancel_requested
    assert client_of(membership.organisation, "admin").post(f"{JOBS}{job.pk}/cancel/").status_code == 200


@pytest.fixture
def news(membership):
    memo = MemoFactory(buyer=membership.organisation)
    members = Membership.objects.filter(pk=membership.pk)
    return notifications.notify(members, "sample.memo.submit", memo, state="submitted")[0]


def test_news_are_told_in_the_readers_language(api, news):
    row = api.get(NEWS, headers={"Accept-Language": "zh-CN"}).json()["results"][0]

    assert "提交" in row["title"]
    assert row["path"] == f"/documents/sample.memo/{news.document_id}"
    assert row["read_at"] is None


def test_news_are_read_one_by_one_or_all_at_once(api, news, membership):
    assert api.get(f"{NEWS}unread/").json() == {"count": 1}
    assert api.post(f"{NEWS}{news.pk}/read/").json()["read_at"]
    assert api.get(f"{NEWS}unread/").json() == {"count": 0}
    assert api.get(NEWS, {"unread": "true"}).json()["results"] == []
    Notification.objects.update(read_at=None)
    assert api.post(f"{NEWS}read-all/").json() == {"count": 1}


def test_news_of_others_are_not_there(client_for, news, membership):
    colleague = client_for(MembershipFactory(organisation=membership.organisation).user)

    assert colleague.get(NEWS).json()["results"] == []
    assert colleague.post(f"{NEWS}{news.pk}/read/").status_code == 404
    assert colleague.post(f"{NEWS}read-all/").json() == {"count": 0}
    assert Notification.objects.get().read_at is None


def test_a_person_chooses_what_is_mailed(api, monkeypatch):
    path = "/api/v1/me/notification-preferences/"
    notifications.kind("sample.news", title="News of %(number)s")

    before = {row["kind"]: row["by_email"] for row in api.get(path).json()}
    after = api.patch(path, {"kind": "sample.news", "by_email": False})
    unknown = api.patch(path, {"kind": "sample.nothing", "by_email": False})

    assert before["sample.news"] is True
    assert {row["kind"]: row["by_email"] for row in after.json()}["sample.news"] is False
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "unknown-kind")

"""The journal of a document, as its readers may see it."""

from __future__ import annotations

import pytest

from b2b.models import Membership
from b2b.workflow import seen
from tests.factories.b2b import MembershipFactory, PlatformFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db


def entries(client, memo):
    return client.get(f"/api/v1/memos/{memo['id']}/journal/").json()["results"]


def let_everybody_see(monkeypatch):
    monkeypatch.setattr(type(Memo.objects.all()), "visible_to", lambda rows, actor: rows)
    monkeypatch.setattr(seen._one, "_kept", {})  # Queries that were put together by the true rule.


def test_it_tells_the_life_first_entry_first(api, memo, membership):
    api.post(f"/api/v1/memos/{memo['id']}/submit/")

    created, submitted = entries(api, memo)

    assert (created["step"], created["sequence"]) == ("create", 1)
    assert submitted == {
        "sequence": 2,
        "at": submitted["at"],
        "step": "submit",
        "label": "Submit",
        "before": "draft",
        "after": "submitted",
        "by": membership.user.name,
        "organisation": membership.organisation.name,
        "reason": "",
        "changes": {},
    }


def test_it_tells_who_changed_what_from_what(api, memo):
    api.patch(f"/api/v1/memos/{memo['id']}/", {"text": "Changed"}, headers={"If-Match": '"v1"'})

    assert entries(api, memo)[1]["changes"] == {"text": ["Hello", "Changed"]}


def test_the_other_side_learns_neither_person_nor_reason_nor_change(api, memo, client_for, monkeypatch):
    """A partner's internal words are not ours to read: here somebody else is let see the memo."""
    api.post(f"/api/v1/memos/{memo['id']}/cancel/", {"reason": "Too expensive by 3%"})
    let_everybody_see(monkeypatch)
    partner = client_for(MembershipFactory().user)

    cancelled = entries(partner, memo)[1]

    assert (cancelled["step"], cancelled["after"]) == ("cancel", "cancelled")
    assert (cancelled["by"], cancelled["reason"], cancelled["changes"]) == (None, "", {})


def test_the_platforms_staff_read_it_all(api, memo, client_for, monkeypatch):
    api.post(f"/api/v1/memos/{memo['id']}/cancel/", {"reason": "Too expensive"})
    let_everybody_see(monkeypatch)
    staff: Membership = MembershipFactory(organisation=PlatformFactory())

    assert entries(client_for(staff.user), memo)[1]["reason"] == "Too expensive"


def test_it_comes_in_pages(api, memo):
    api.post(f"/api/v1/memos/{memo['id']}/submit/")

    first = api.get(f"/api/v1/memos/{memo['id']}/journal/", {"limit": 1}).json()
    second = api.get(first["next"]).json()

    assert [entry["step"] for page in (first, second) for entry in page["results"]] == ["create", "submit"]
    assert second["next"] is None

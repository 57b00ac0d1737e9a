"""A document over HTTP: only what its declaration allows, and only to whom may see it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from b2b.models import JournalEntry
from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db


def test_creating_answers_with_the_document_its_address_and_its_version(api):
    answer = api.post("/api/v1/memos/", {"text": "Hello", "lines": [{"number": 1, "text": "One"}]})

    assert answer.status_code == 201
    assert answer["ETag"] == '"v1"'
    assert answer["Location"] == f"/api/v1/memos/{answer.json()['id']}/"
    assert answer.json()["lines"] == [{"number": 1, "text": "One"}]


def test_who_may_not_create_is_told_who_may(client_for):
    receiver = MembershipFactory(roles=["receiver"])

    answer = client_for(receiver.user).post("/api/v1/memos/", {"text": "Hello"})

    assert answer.status_code == 403
    assert answer.json()["detail"] == "Creating is for: buyer."
    assert not Memo.objects.exists()


def test_a_document_offers_the_steps_its_reader_may_take_with_what_keeps_them_closed(api):
    empty = api.post("/api/v1/memos/", {"text": ""}).json()

    submit, cancel = empty["steps"]
    assert submit == {
        "name": "submit",
        "label": "Submit",
        "url": f"/api/v1/memos/{empty['id']}/submit/",
        "open": False,
        "reasons": [
            {"pointer": "#/text", "code": "no-text", "detail": "Write something."},
            {"pointer": "#/lines", "code": "no-lines", "detail": "Add a line."},
        ],
        "input": None,
    }
    assert (cancel["name"], cancel["open"], cancel["input"]) == ("cancel", True, "ReasonInput")


def test_a_step_is_taken_and_journalled(api, memo):
    answer = api.post(memo["steps"][0]["url"])

    assert answer.status_code == 200
    assert (answer.json()["state"], answer["ETag"]) == ("submitted", '"v2"')
    assert list(JournalEntry.objects.of(Memo.objects.get()).values_list("step", flat=True)) == ["create", "submit"]


def test_a_blocked_step_answers_with_everything_that_is_missing_and_changes_nothing(api):
    empty = api.post("/api/v1/memos/", {"text": ""}).json()

    answer = api.post(f"/api/v1/memos/{empty['id']}/submit/")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/blocked")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/text", "#/lines"]
    assert (Memo.objects.get().state, Memo.objects.get().version) == ("draft", 1)


def test_a_step_that_asks_for_a_reason_is_refused_without_one(api, memo):
    answer = api.post(f"/api/v1/memos/{memo['id']}/cancel/", {})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/reason")
    assert Memo.objects.get().state == "draft"


def test_a_step_that_takes_nothing_refuses_what_is_sent(api, memo):
    answer = api.post(f"/api/v1/memos/{memo['id']}/submit/", {"force": True})

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown-field")
    assert Memo.objects.get().state == "draft"


def test_who_needs_no_document_back_gets_its_version_only(api, memo, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        answer = api.post(f"/api/v1/memos/{memo['id']}/submit/", headers={"Prefer": "return=minimal"})
    created = api.post("/api/v1/memos/", {"text": "a"}, headers={"Prefer": "return=minimal"})

    assert (answer.status_code, answer.content, answer["ETag"]) == (204, b"", '"v2"')
    assert answer["Preference-Applied"] == "return=minimal"
    assert (created.status_code, created.content, created["ETag"]) == (201, b"", '"v1"')
    assert created["Location"] == f"/api/v1/memos/{Memo.objects.get(text='a').pk}/"


def test_editing_needs_the_version_one_saw(api, memo):
    answer = api.patch(f"/api/v1/memos/{memo['id']}/", {"text": "Changed"})

    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/version-required")
    assert Memo.objects.get().text == "Hello"


def test_editing_changes_the_content_and_the_version(api, memo):
    sent = {"text": "Changed", "lines": [{"number": 1, "text": "Another"}]}

    answer = api.patch(f"/api/v1/memos/{memo['id']}/", sent, headers={"If-Match": '"v1"'})

    assert (answer.status_code, answer["ETag"]) == (200, '"v2"')
    assert (answer.json()["text"], answer.json()["lines"][0]["text"]) == ("Changed", "Another")


@pytest.mark.parametrize("method", ["patch", "post"])
def test_a_stale_version_is_refused_and_changes_nothing(api, memo, method):
    path, sent = (f"/api/v1/memos/{memo['id']}/", {"text": "Mine"})
    api.patch(path, {"text": "Theirs"}, headers={"If-Match": '"v1"'})
    path, sent = (path, sent) if method == "patch" else (f"{path}submit/", {})

    answer = getattr(api, method)(path, sent, headers={"If-Match": '"v1"'})

    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale-version")
    assert (Memo.objects.get().text, Memo.objects.get().state) == ("Theirs", "draft")


@pytest.mark.parametrize("tag", ["v1", '"1"', 'W/"v1"', "*", '"v1", "v2"', '"v99999999999999999999"'])
def test_a_version_that_is_none_is_refused(api, memo, tag):
    answer = api.post(f"/api/v1/memos/{memo['id']}/submit/", headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-header")
    assert answer.json()["errors"][0]["pointer"] == "If-Match:"


def test_a_document_outside_its_editable_states_is_not_edited(api, memo):
    api.post(f"/api/v1/memos/{memo['id']}/submit/")

    answer = api.patch(f"/api/v1/memos/{memo['id']}/", {"text": "Late"}, headers={"If-Match": '"v2"'})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-state")
    assert Memo.objects.get().text == "Hello"


@pytest.mark.parametrize(
    ("method", "action"), [("get", ""), ("patch", ""), ("get", "journal/"), ("post", "submit/"), ("post", "cancel/")]
)
def test_a_strangers_document_is_not_there(client_for, memo, method, action):
    stranger = client_for(MembershipFactory().user)

    answer = getattr(stranger, method)(f"/api/v1/memos/{memo['id']}/{action}", headers={"If-Match": '"v1"'})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert Memo.objects.get().version == 1


def test_an_unknown_id_and_no_id_at_all_are_not_there(api):
    assert api.get(f"/api/v1/memos/{uuid4()}/").status_code == 404
    assert api.get("/api/v1/memos/17/").json()["type"] == "/problems/not-found"
    assert api.get("/api/v1/memos/none").json()["detail"] == "Addresses end with a slash."


def test_a_list_holds_rows_of_ones_own_and_costs_no_query_per_row(api, memo, django_assert_num_queries):
    api.post("/api/v1/memos/", {"text": "Second"})
    MembershipFactory()

    with django_assert_num_queries(4):  # session, user, membership, rows
        answer = api.get("/api/v1/memos/")

    assert [row["text"] for row in answer.json()["results"]] == ["Second", "Hello"]
    assert set(answer.json()["results"][0]) == {
        "id", "number", "state", "state_label", "version", "created_at", "text",
    }  # fmt: skip


def test_only_get_post_and_patch_are_taken(api, memo):
    for method in (api.put, api.delete, api.options):
        answer = method(f"/api/v1/memos/{memo['id']}/")

        assert (answer.status_code, answer.json()["type"]) == (405, "/problems/method-not-allowed")
        assert set(answer["Allow"].split(", ")) == {"GET", "PATCH", "HEAD"}


def test_labels_are_in_the_readers_language(api, memo):
    answer = api.get(memo["links"]["self"], headers={"Accept-Language": "zh-CN"})

    assert answer["Content-Language"] == "zh-hans"
    assert (answer.json()["state_label"], answer.json()["steps"][0]["label"]) == ("草稿", "提交")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_edit_the_same_version_at_once_one_wins():
    membership = MembershipFactory()
    memo = MemoFactory(buyer=membership.organisation)
    together = threading.Barrier(4)

    def edit(number):
        client = signed_in(membership.user)
        together.wait()
        try:
            sent = {"text": f"Edit {number}"}
            return client.patch(f"/api/v1/memos/{memo.pk}/", sent, headers={"If-Match": '"v1"'}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(edit, range(4)))

    memo.refresh_from_db()
    assert said == [200, 412, 412, 412]
    assert memo.version == 2

"""A POST sent twice under one key is done once, whoever sends it, whenever, and whatever dies in between."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone

from b2b import answers
from b2b.errors import NotAllowed
from b2b.models import Answer, Attachment, JournalEntry
from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory
from tests.sample.api import MemoViewSet
from tests.sample.models import Memo

MEMOS = "/api/v1/memos/"
KEY = {"Idempotency-Key": "0f5a2c9e"}


def once(client, sent=None, headers=KEY, path=MEMOS):
    return client.post(path, {"text": "a"} if sent is None else sent, headers=headers)


@pytest.mark.django_db
def test_the_first_answer_is_given_again_and_nothing_done_again(api):
    first, second = once(api), once(api)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert (first["ETag"], first["Location"]) == (second["ETag"], second["Location"])
    assert (first.has_header("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (False, "true")
    assert Memo.objects.count() == JournalEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_step_is_not_taken_again(api, memo):
    path = f"{MEMOS}{memo['id']}/submit/"

    first, second = once(api, {}, path=path), once(api, {}, path=path)

    assert (first.status_code, second.status_code) == (200, 200)
    assert second["ETag"] == '"v2"'


@pytest.mark.django_db
def test_a_refusal_is_given_again_even_when_the_reason_is_gone(api):
    empty = api.post(MEMOS, {"text": ""}).json()
    first = once(api, {}, path=f"{MEMOS}{empty['id']}/submit/")
    api.patch(
        f"{MEMOS}{empty['id']}/", {"text": "a", "lines": [{"number": 1, "text": "a"}]}, headers={"If-Match": '"v1"'}
    )

    second = once(api, {}, path=f"{MEMOS}{empty['id']}/submit/")

    assert (first.status_code, second.status_code) == (409, 409)
    assert second["Content-Type"] == "application/problem+json"
    assert first.json() == second.json()
    assert Memo.objects.get().state == "draft"


@pytest.mark.django_db
def test_what_was_not_valid_may_be_corrected_under_the_same_key(api):
    assert once(api, {"text": "a" * 200}).status_code == 422

    assert once(api, {"text": "a"}).status_code == 201
    assert Memo.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"text": "b"}, {"text": "a", "lines": []}])
def test_the_same_key_for_another_request_is_refused(api, other):
    once(api)

    answer = once(api, other)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert Memo.objects.count() == 1


@pytest.mark.django_db
def test_the_same_key_for_another_address_is_refused(api, memo):
    once(api, {}, path=f"{MEMOS}{memo['id']}/submit/")

    answer = once(api, {}, path=f"{MEMOS}{memo['id']}/cancel/")

    assert answer.json()["type"] == "/problems/idempotency-key-reused"
    assert Memo.objects.get().state == "submitted"


@pytest.mark.django_db
def test_keys_belong_to_a_person_acting_for_an_organisation(client_for):
    one = MembershipFactory()
    other = MembershipFactory(user=one.user)

    once(client_for(one.user, one.organisation))
    once(client_for(one.user, other.organisation))
    once(client_for(MembershipFactory().user))

    assert Memo.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a b", "ключ", "a" * 256])
def test_a_key_that_is_none_is_refused(api, key):
    answer = once(api, headers={"Idempotency-Key": key})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "Idempotency-Key:")
    assert not Memo.objects.exists()


@pytest.mark.django_db
def test_a_fault_of_ours_undoes_the_work_and_frees_the_key(api, monkeypatch):
    api.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(MemoViewSet, "told", None)
        assert once(api).status_code == 500
    assert not Memo.objects.exists()
    assert not Answer.objects.exists()

    assert once(api).status_code == 201


@pytest.mark.django_db
def test_what_a_refused_request_had_written_is_undone_although_its_answer_is_kept(api, monkeypatch):
    def create(viewset, request):
        Memo.objects.create(buyer_id=request.actor.organisation_id)
        raise NotAllowed

    monkeypatch.setattr(MemoViewSet, "create_document", create)

    first, second = once(api), once(api)

    assert (first.status_code, second["Idempotency-Replayed"]) == (403, "true")
    assert not Memo.objects.exists()


@pytest.mark.django_db
def test_a_form_is_the_same_whatever_its_boundary_and_another_with_another_file(api):
    def upload(content):
        file = SimpleUploadedFile("drawing.pdf", content, "application/pdf")
        return api.post("/api/v1/attachments/", {"file": file}, format="multipart", headers=KEY)

    first, second = upload(b"%PDF-1.7 one"), upload(b"%PDF-1.7 one")
    third = upload(b"%PDF-1.7 two")

    assert (first.status_code, second["Idempotency-Replayed"], third.status_code) == (201, "true", 422)
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_a_secret_is_kept_nowhere(api):
    sent = {"name": "ERP", "scopes": ["b2b:read"]}

    first, second = (once(api, sent, path="/api/v1/tokens/") for _ in range(2))

    assert first.json()["secret"].startswith("hanse_")
    assert second.json() == {**first.json(), "secret": None}
    assert first.json()["secret"].encode() not in bytes(Answer.objects.get().body)


@pytest.mark.django_db
def test_answers_are_kept_for_a_day_and_then_forgotten(api):
    once(api)

    assert answers.forget_old(timezone.now() + timedelta(hours=24)) == 0
    assert answers.forget_old(timezone.now() + timedelta(hours=49)) == 1
    once(api)
    assert Memo.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_do_the_work_once():
    membership = MembershipFactory()
    together = threading.Barrier(8)

    def ask(_):
        client = signed_in(membership.user, membership.organisation)
        together.wait()
        try:
            return once(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(ask, range(8)))

    assert {answer.status_code for answer in said} == {201}
    assert len({answer.json()["id"] for answer in said}) == 1
    assert sum(not answer.has_header("Idempotency-Replayed") for answer in said) == 1
    assert Memo.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_a_key_eight_at_once_do_it_eight_times():
    """The race is there: it is the key that stops it."""
    membership = MembershipFactory()

    def ask(_):
        try:
            return once(signed_in(membership.user, membership.organisation), headers={})
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))

    assert Memo.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_who_comes_while_the_first_is_long_at_work_is_asked_to_come_again(monkeypatch):
    membership = MembershipFactory()
    client = signed_in(membership.user, membership.organisation)
    monkeypatch.setattr(answers.claim, "__kwdefaults__", {"wait_seconds": 0.2})
    at_work, enough = threading.Event(), threading.Event()
    build = MemoViewSet.build

    def slowly(self, validated, actor):
        at_work.set()
        enough.wait(10)
        return build(self, validated, actor)

    monkeypatch.setattr(MemoViewSet, "build", slowly)

    def first():
        try:
            return once(client)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(first)
        at_work.wait(10)
        meanwhile = once(client)
        enough.set()

    assert (meanwhile.status_code, meanwhile.json()["type"]) == (409, "/problems/request-in-progress")
    assert meanwhile["Retry-After"] == "1"
    assert answer.result().status_code == 201
    assert once(client)["Idempotency-Replayed"] == "true"
    assert Memo.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_at_work_frees_the_key():
    """Its connection is ended by the server, as when the process is killed."""
    membership = MembershipFactory()
    question = answers.Question(membership.user_id, membership.organisation_id, "0f5a2c9e", "digest")

    def die():
        with transaction.atomic():
            answers.claim(question)
            Memo.objects.create(buyer=membership.organisation)
            connection.connection.close()
            connection.connection = None
            connection.in_atomic_block = False

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()

    answer = once(signed_in(membership.user, membership.organisation))
    assert answer.status_code == 201
    assert Memo.objects.count() == 1

"""Every exception becomes the problem it means; a fault of ours becomes one that says nothing."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.http import Http404
from rest_framework.exceptions import Throttled
from rest_framework.test import APIClient

from b2b.api import refusals
from b2b.api.problem_pages import folder, page
from b2b.api.problems import problem, refusal_of
from b2b.errors import DomainError, Invalid, NotAllowed, NotFound
from b2b.models import Organisation
from b2b.own_apps import own_apps
from tests.factories.b2b import MembershipFactory, OrganisationFactory, UserFactory
from tests.sample.api import MemoViewSet
from tests.sample.models import Memo

MEMOS = "/api/v1/memos/"
SILENT = {"migrations", "management", "wsgi"}


def every_refusal(kind=DomainError):
    """Every kind of refusal declared in any module of ours."""
    for config in own_apps():
        for module in pkgutil.walk_packages([config.path], f"{config.name}."):
            if not SILENT & set(module.name.split(".")):
                importlib.import_module(module.name)
    return sorted(heirs(kind), key=lambda heir: (heir.code, heir.__name__))


def heirs(kind):
    return {kind}.union(*map(heirs, kind.__subclasses__()))


@pytest.mark.parametrize("kind", every_refusal())
def test_every_problem_has_its_page_in_both_languages(kind):
    told = page(kind.code)

    assert told.status == kind.status
    assert re.search(r"[一-鿿]", told.chinese)
    assert not re.search(r"[一-鿿]", told.english)


def test_every_page_has_its_problem():
    written = {path.stem for path in folder().glob("*.md")} - {"README"}

    assert written <= {kind.code for kind in every_refusal()}


@pytest.mark.parametrize(
    ("error", "meaning"),
    [
        (NotFound(), NotFound),
        (Http404(), NotFound),
        (PermissionDenied(), NotAllowed),
        (SuspiciousOperation(), refusals.Malformed),
        (RequestDataTooBig(), refusals.BodyTooLarge),
        (Throttled(wait=3), refusals.TooManyRequests),
        (ValidationError({"name": ["Missing."]}), Invalid),
        (OperationalError("server closed the connection"), refusals.Unavailable),
    ],
)
def test_what_an_exception_means(error, meaning):
    assert type(refusal_of(error)) is meaning


@pytest.mark.parametrize("error", [KeyError("a"), RuntimeError(), AssertionError()])
def test_a_fault_of_ours_means_nothing_to_a_client(error):
    assert refusal_of(error) is None


@pytest.mark.parametrize(
    ("sqlstate", "meaning"),
    [
        ("40001", refusals.Busy),
        ("40P01", refusals.Busy),
        ("55P03", refusals.Busy),
        ("23505", refusals.Collision),
        ("23P01", refusals.Collision),
        ("23503", refusals.Collision),
        ("23514", refusals.Collision),
        ("22003", Invalid),
        ("57P01", refusals.Unavailable),
    ],
)
@pytest.mark.django_db
def test_what_the_databases_refusals_mean(sqlstate, meaning):
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$")

    assert type(refusal_of(raised.value)) is meaning


@pytest.mark.parametrize("sqlstate", ["23502", "42601", "42P01"])
@pytest.mark.django_db
def test_what_the_database_says_of_faults_of_ours(sqlstate):
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{sqlstate}'; END $$")

    assert refusal_of(raised.value) is None


@pytest.mark.django_db
def test_a_constraint_explains_itself_by_its_name():
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        OrganisationFactory(is_buyer=False)

    answer = problem(refusal_of(raised.value))

    assert answer.status_code == 409
    assert json.loads(answer.content)["detail"] == "The database keeps this promise: organisation_has_a_side."
    assert not Organisation.objects.exists()


@pytest.mark.django_db
def test_who_was_second_at_a_unique_value_is_told_so(api, monkeypatch):
    user = UserFactory()

    def build(viewset, validated, actor):
        Memo.objects.create(buyer_id=actor.organisation_id)
        UserFactory(email=user.email.upper())

    monkeypatch.setattr(MemoViewSet, "build", build)
    answer = api.post(MEMOS, {"text": "a"})

    assert (answer.status_code, answer.json()["type"], answer["Retry-After"]) == (409, "/problems/collision", "1")
    assert not Memo.objects.exists()


@pytest.mark.django_db
def test_an_unexpected_fault_tells_its_request_id_and_nothing_else(api, monkeypatch, caplog):
    def build(viewset, validated, actor):
        Memo.objects.create(buyer_id=actor.organisation_id)
        raise RuntimeError("the password is swordfish")

    monkeypatch.setattr(MemoViewSet, "build", build)
    api.raise_request_exception = False
    answer = api.post(MEMOS, {"text": "a"})

    assert answer.status_code == 500
    assert answer.json() == {
        "type": "/problems/unexpected",
        "title": "Something went wrong on our side.",
        "status": 500,
        "request_id": answer["X-Request-ID"],
    }
    assert "swordfish" in caplog.text
    assert not Memo.objects.exists()


@pytest.mark.django_db
def test_nobody_signed_in(client):
    answer = client.get(MEMOS)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")
    assert answer["WWW-Authenticate"] == 'Bearer realm="hanse"'


@pytest.mark.django_db
def test_an_address_that_is_none(client):
    for path in ("/api/", "/api/v1/nothing/", "/api/v2/memos/", "/_allauth/nothing"):
        answer = client.get(path)

        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


@pytest.mark.django_db
def test_a_write_without_csrf_token():
    membership = MembershipFactory()
    api = APIClient(enforce_csrf_checks=True)
    api.force_login(membership.user)

    refused = api.post(MEMOS, {"text": "a"})
    token = api.get("/api/v1/me/").cookies["csrftoken"].value
    taken = api.post(MEMOS, {"text": "a"}, headers={"X-CSRFToken": token})

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/csrf-failed")
    assert taken.status_code == 201


@pytest.mark.django_db
def test_a_problem_is_explained_at_its_type(client):
    answer = client.get("/problems/stale-version")

    assert answer.status_code == 200
    assert "If-Match" in answer.content.decode()
    assert 'lang="zh-Hans"' in answer.content.decode()


@pytest.mark.parametrize("code", ["nothing", "README", "..%2Fsettings", "Stale-Version"])
@pytest.mark.django_db
def test_there_is_no_page_of_what_is_no_problem(client, code):
    assert client.get(f"/problems/{code}").status_code == 404

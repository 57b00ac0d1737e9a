"""Personal tokens: told once, limited, revocable, and no way to make more of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from b2b.models import PersonalToken
from tests.clients import machine
from tests.factories.b2b import MembershipFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db

TOKENS, MEMOS = "/api/v1/tokens/", "/api/v1/memos/"


def bearer(secret):
    return APIClient(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def made(api):
    return api.post(TOKENS, {"name": "ERP", "scopes": ["sample:write", "sample:read"]}).json()


def test_the_secret_is_told_once_and_stands_nowhere(api, made):
    assert made["secret"].startswith(made["prefix"])
    assert made["scopes"] == ["sample:read", "sample:write"]
    assert "secret" not in api.get(f"{TOKENS}{made['id']}/").json()
    assert made["secret"] not in str(PersonalToken.objects.values().get())


def test_it_opens_what_its_scopes_say(made):
    assert bearer(made["secret"]).get(MEMOS).status_code == 200
    assert bearer(made["secret"]).post(MEMOS, {"text": "a"}).status_code == 201


def test_reading_is_not_writing_and_one_app_is_not_another(membership):
    reader = machine(membership.user, membership.organisation, "sample:read", "b2b:write")

    answer = reader.post(MEMOS, {"text": "a"})

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")
    assert answer.json()["detail"] == "It needs the scope sample:write."
    assert not Memo.objects.exists()
    assert machine(membership.user, membership.organisation, "b2b:write").get(MEMOS).status_code == 403


def test_writing_includes_reading(membership):
    assert machine(membership.user, membership.organisation, "sample:write").get(MEMOS).status_code == 200


def test_it_opens_nothing_once_revoked_and_says_so_for_ever(api, made):
    first = api.post(f"{TOKENS}{made['id']}/revoke/").json()["revoked_at"]

    assert bearer(made["secret"]).get(MEMOS).status_code == 401
    assert api.post(f"{TOKENS}{made['id']}/revoke/").json()["revoked_at"] == first


@pytest.mark.parametrize("change", ["expired", "shut", "left"])
def test_it_opens_nothing_when_its_time_is_over(membership, made, change):
    if change == "expired":
        PersonalToken.objects.update(created_at=timezone.now() - timedelta(2), expires_at=timezone.now() - timedelta(1))
    elif change == "shut":
        membership.user.is_active = False
        membership.user.save()
    else:
        membership.active = False
        membership.save()

    assert bearer(made["secret"]).get(MEMOS).status_code == (403 if change == "left" else 401)


@pytest.mark.parametrize("secret", ["", "hanse_", "hanse_guess", "x" * 10_000, "ключ".encode().decode("latin-1")])
def test_a_guess_opens_nothing(secret):
    answer = bearer(secret).get(MEMOS)

    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-signed-in")
    assert answer["WWW-Authenticate"] == 'Bearer realm="hanse"'


def test_a_token_is_not_for_other_organisations(membership, made):
    other = MembershipFactory(user=membership.user).organisation

    answer = bearer(made["secret"]).get(MEMOS, headers={"X-Organisation": str(other.pk)})

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-organisation")


def test_a_token_makes_no_token_and_chooses_no_organisation(membership):
    token = machine(membership.user, membership.organisation, "b2b:write")

    for answer in (
        token.post(TOKENS, {"name": "more", "scopes": ["b2b:write"]}),
        token.get(TOKENS),
        token.post("/api/v1/me/organisation/", {"organisation": str(membership.organisation_id)}),
    ):
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    assert PersonalToken.objects.count() == 1


def test_a_token_needs_no_csrf_token_and_a_wrong_one_is_not_saved_by_a_session(membership, made):
    browser = APIClient(enforce_csrf_checks=True, headers={"Authorization": "Bearer hanse_wrong"})
    browser.force_login(membership.user)
    token = APIClient(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {made['secret']}"})

    assert browser.post(MEMOS, {"text": "a"}).status_code == 401
    assert token.post(MEMOS, {"text": "a"}).status_code == 201


def test_use_is_noted_at_most_once_a_minute(made, django_assert_num_queries):
    bearer(made["secret"]).get(MEMOS)
    noted = PersonalToken.objects.get().last_used_at
    assert timezone.now() - noted < timedelta(seconds=10)

    with django_assert_num_queries(2):  # token with its membership, rows
        bearer(made["secret"]).get(MEMOS)
    assert PersonalToken.objects.get().last_used_at == noted

    PersonalToken.objects.update(last_used_at=noted - timedelta(seconds=61))
    bearer(made["secret"]).get(MEMOS)
    assert PersonalToken.objects.get().last_used_at > noted


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"scopes": ["everything"]}, "#/scopes"),
        ({"scopes": []}, "#/scopes"),
        ({"scopes": ["b2b:read"], "expires_at": "2020-01-01T00:00:00Z"}, "#/expires_at"),
        ({"scopes": ["b2b:read"], "user": "somebody"}, "#/user"),
    ],
)
def test_what_is_no_token_is_refused(api, sent, pointer):
    answer = api.post(TOKENS, {"name": "ERP", **sent})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not PersonalToken.objects.exists()


def test_tokens_of_others_are_not_there(client_for, membership, made):
    colleague = MembershipFactory(organisation=membership.organisation)
    api = client_for(colleague.user)

    assert api.get(TOKENS).json()["results"] == []
    assert api.post(f"{TOKENS}{made['id']}/revoke/").status_code == 404
    assert PersonalToken.objects.get().revoked_at is None


def test_a_machine_reads_its_owners_language(membership, made):
    membership.user.language = "zh-hans"
    membership.user.save()

    answer = bearer(made["secret"]).post(MEMOS, {"colour": 1}, headers={"Accept-Language": "en"})

    assert answer.json()["title"] == "提交的内容无效。"

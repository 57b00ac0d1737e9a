"""Signing up, signing in, the second factor and a forgotten password, over HTTP as the interface does it."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from rest_framework.test import APIClient

from b2b.models import User
from tests.factories.b2b import MembershipFactory

pytestmark = pytest.mark.django_db

AUTH, ACCOUNT, ME = "/_allauth/browser/v1/auth/", "/_allauth/browser/v1/account/", "/api/v1/me/"
EMAIL, PASSWORD = "li.wei@example.com", "correct horse battery"


@pytest.fixture(autouse=True)
def _no_attempts_counted_yet():
    cache.clear()


class Browser(APIClient):
    """A browser that sends the CSRF token it was given, as ours does."""

    def __init__(self, **options):
        super().__init__(enforce_csrf_checks=True, **options)
        self.get("/_allauth/browser/v1/config")

    def generic(self, method, path, *args, **kwargs):
        token = self.cookies["csrftoken"].value if "csrftoken" in self.cookies else ""
        return super().generic(method, path, *args, **{**kwargs, "HTTP_X_CSRFTOKEN": token})


def code_of(message) -> str:
    return re.search(r"^[A-Z0-9-]{6,9}$", message.body, re.MULTILINE)[0]


def totp_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def account(browser):
    """An account with a verified address, signed in."""
    browser.post(f"{AUTH}signup", {"email": EMAIL, "password": PASSWORD})
    browser.post(f"{AUTH}email/verify", {"key": code_of(mail.outbox[-1])})
    cache.clear()
    return User.objects.get()


def test_signing_up_needs_the_code_that_was_mailed(browser):
    signed_up = browser.post(f"{AUTH}signup", {"email": EMAIL, "password": PASSWORD})
    assert (signed_up.status_code, browser.get(ME).status_code) == (401, 401)

    wrong = browser.post(f"{AUTH}email/verify", {"key": "WRONG1"})
    right = browser.post(f"{AUTH}email/verify", {"key": code_of(mail.outbox[-1])})

    assert (wrong.status_code, right.status_code) == (400, 200)
    me = browser.get(ME).json()
    assert (me["email"], me["organisation"], me["roles"], me["second_factor"]) == (EMAIL, None, [], False)


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_a_weak_password_opens_no_account(browser, password):
    assert browser.post(f"{AUTH}signup", {"email": EMAIL, "password": password}).status_code == 400
    assert not User.objects.exists()


def test_signing_up_with_an_address_in_use_tells_only_its_owner(account):
    answer = Browser().post(f"{AUTH}signup", {"email": EMAIL, "password": "another horse battery"})

    assert answer.status_code == 401
    assert mail.outbox[-1].to == [EMAIL]
    assert User.objects.count() == 1


def test_from_signing_up_to_a_document_of_ones_own_organisation(browser, account):
    facts = {"name": "Acme", "is_buyer": True, "country": "DE", "currency": "EUR"}

    assert browser.post("/api/v1/organisations/", facts).status_code == 201
    assert browser.post("/api/v1/memos/", {"text": "First"}).status_code == 201


def test_the_session_changes_at_sign_in_and_ends_at_sign_out(account):
    browser = Browser()
    wrong = browser.post(f"{AUTH}login", {"email": EMAIL, "password": "wrong horse battery"})
    right = browser.post(f"{AUTH}login", {"email": EMAIL.upper(), "password": PASSWORD})

    assert (wrong.status_code, right.status_code, browser.get(ME).status_code) == (400, 200, 200)
    browser.delete(f"{AUTH}session")
    assert browser.get(ME).status_code == 401


def test_guessing_passwords_is_stopped(account):
    browser = Browser()
    said = [browser.post(f"{AUTH}login", {"email": EMAIL, "password": f"guess number {n}"}) for n in range(8)]

    assert [answer.status_code for answer in said[:5]] == [400] * 5
    assert browser.post(f"{AUTH}login", {"email": EMAIL, "password": PASSWORD}).status_code in {400, 429}
    assert browser.get(ME).status_code == 401


@pytest.fixture
def totp_secret(browser, account):
    """The account's second factor, set up by who proved the password once more."""
    browser.post(f"{AUTH}reauthenticate", {"password": PASSWORD})
    secret = browser.get(f"{ACCOUNT}authenticators/totp").json()["meta"]["secret"]
    assert browser.post(f"{ACCOUNT}authenticators/totp", {"code": totp_code(secret)}).status_code == 200
    cache.clear()
    return secret


def test_the_second_factor_is_asked_for_and_counts(totp_secret):
    browser = Browser()

    password_only = browser.post(f"{AUTH}login", {"email": EMAIL, "password": PASSWORD})
    assert (password_only.status_code, browser.get(ME).status_code) == (401, 401)
    wrong = browser.post(f"{AUTH}2fa/authenticate", {"code": "000000"})
    right = browser.post(f"{AUTH}2fa/authenticate", {"code": totp_code(totp_secret)})

    assert (wrong.status_code, right.status_code) == (400, 200)
    assert browser.get(ME).json()["second_factor"] is True


def test_a_recovery_code_opens_once(browser, totp_secret):
    codes = browser.get(f"{ACCOUNT}authenticators/recovery-codes").json()["data"]["unused_codes"]
    said = []
    for _ in range(2):
        another = Browser()
        another.post(f"{AUTH}login", {"email": EMAIL, "password": PASSWORD})
        said.append(another.post(f"{AUTH}2fa/authenticate", {"code": codes[0]}).status_code)

    assert len(codes) == 10
    assert said == [200, 400]


def test_the_second_factors_secret_is_sealed_in_the_database(totp_secret):
    stored = Authenticator.objects.get(type="totp").data["secret"]

    assert totp_secret not in stored
    assert Authenticator.objects.get(type="totp").wrap().validate_code(totp_code(totp_secret))


def test_a_forgotten_password_is_set_anew_with_the_key_that_was_mailed(account):
    browser = Browser()
    browser.post(f"{AUTH}password/request", {"email": EMAIL})
    key = re.search(r"/account/password/reset/(\S+)", mail.outbox[-1].body)[1]

    answer = browser.post(f"{AUTH}password/reset", {"key": key, "password": "a new horse battery"})

    assert answer.status_code in {200, 401}
    assert Browser().post(f"{AUTH}login", {"email": EMAIL, "password": PASSWORD}).status_code == 400
    assert Browser().post(f"{AUTH}login", {"email": EMAIL, "password": "a new horse battery"}).status_code == 200
    again = Browser().post(f"{AUTH}password/reset", {"key": key, "password": "a third horse battery"})
    assert again.status_code == 400


def test_asking_for_an_unknown_address_tells_nothing(account):
    known = Browser().post(f"{AUTH}password/request", {"email": EMAIL})
    unknown = Browser().post(f"{AUTH}password/request", {"email": "nobody@example.com"})

    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())


def test_an_invited_member_opens_the_account_with_a_password_of_their_own(api, deliver):
    api.post("/api/v1/members/", {"email": "new@example.com", "roles": ["buyer"]})
    deliver()
    browser = Browser()
    browser.post(f"{AUTH}password/request", {"email": "new@example.com"})
    key = re.search(r"/account/password/reset/(\S+)", mail.outbox[-1].body)[1]

    browser.post(f"{AUTH}password/reset", {"key": key, "password": PASSWORD})
    signed_in = browser.post(f"{AUTH}login", {"email": "new@example.com", "password": PASSWORD})
    if signed_in.status_code == 401:
        browser.post(f"{AUTH}email/verify", {"key": code_of(mail.outbox[-1])})

    assert browser.get(ME).json()["roles"] == ["buyer"]


def test_letters_are_in_the_readers_language():
    browser = Browser(headers={"Accept-Language": "zh-CN"})

    browser.post(f"{AUTH}signup", {"email": EMAIL, "password": PASSWORD})

    assert re.search(r"[一-鿿]", mail.outbox[-1].subject + mail.outbox[-1].body)


def test_ones_own_language_comes_before_the_browsers(client_for):
    membership = MembershipFactory()
    api = client_for(membership.user)

    changed = api.patch(ME, {"language": "zh-hans", "name": "李伟"})

    assert (changed.status_code, changed.json()["language"], changed.json()["name"]) == (200, "zh-hans", "李伟")
    answer = api.get("/api/v1/memos/", {"limit": 0}, headers={"Accept-Language": "en"})
    assert (answer["Content-Language"], answer.json()["title"]) == ("zh-hans", "提交的内容无效。")


@pytest.mark.parametrize("sent", [{"email": "other@example.com"}, {"is_staff": True}, {"language": "xx"}])
def test_what_is_not_ones_own_to_change_is_refused(client_for, sent):
    membership = MembershipFactory()

    assert client_for(membership.user).patch(ME, sent).status_code == 422
    assert User.objects.values("email", "is_staff").get() == {"email": membership.user.email, "is_staff": False}


def test_my_memberships_are_mine(client_for):
    membership = MembershipFactory(roles=["buyer"])
    MembershipFactory(organisation=membership.organisation)

    found = client_for(membership.user).get("/api/v1/me/memberships/").json()["results"]

    assert [(row["organisation"]["name"], row["roles"]) for row in found] == [(membership.organisation.name, ["buyer"])]

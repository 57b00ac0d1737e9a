"""Bringing one's company, and deciding who works for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection

from b2b.models import Membership, Organisation, User
from tests.clients import signed_in
from tests.factories.b2b import MembershipFactory, OrganisationFactory, SupplierFactory, UserFactory

ORGANISATIONS, MEMBERS = "/api/v1/organisations/", "/api/v1/members/"
FACTS = {"name": "Ningbo Haitian", "native_name": "宁波海天", "is_supplier": True, "country": "CN", "currency": "CNY"}


@pytest.fixture
def newcomer(db):
    """Somebody who signed up and proved their address."""
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.mark.parametrize(
    ("sides", "roles"),
    [
        ({"is_supplier": True}, ["sales", "signatory", "finance", "admin"]),
        (
            {"is_buyer": True, "is_supplier": False},
            ["requester", "buyer", "buying_manager", "receiver", "finance", "admin"],
        ),
    ],
)
def test_who_registers_an_organisation_administers_it(client_for, newcomer, sides, roles):
    api = client_for(newcomer)

    answer = api.post(ORGANISATIONS, {**FACTS, **sides})

    assert (answer.status_code, answer.json()["native_name"]) == (201, "宁波海天")
    membership = Membership.objects.get()
    assert (membership.user, membership.roles) == (newcomer, roles)
    assert api.get("/api/v1/me/").json()["organisation"] == answer.json()["id"]


def test_who_has_no_verified_address_registers_nothing(client_for, db):
    answer = client_for(UserFactory()).post(ORGANISATIONS, FACTS)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/email-not-verified")
    assert not Organisation.objects.exists()


def test_who_has_an_organisation_registers_no_second(client_for, newcomer):
    api = client_for(newcomer)
    api.post(ORGANISATIONS, FACTS)

    answer = api.post(ORGANISATIONS, FACTS)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-member")
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"is_supplier": False}, "#", "no-side"),
        ({"country": "XX"}, "#/country", "unknown-country"),
        ({"country": "cn"}, "#/country", "unknown-country"),
        ({"currency": "ZZZ"}, "#/currency", "unknown-currency"),
        ({"time_zone": "Mars/Olympus"}, "#/time_zone", "unknown-time-zone"),
        ({"language": "xx"}, "#/language", "invalid-choice"),
        ({"is_platform": True}, "#/is_platform", "unknown-field"),
        ({"name": ""}, "#/name", "blank"),
    ],
)
def test_what_is_no_organisation_is_refused(client_for, newcomer, wrong, pointer, code):
    answer = client_for(newcomer).post(ORGANISATIONS, {**FACTS, **wrong})

    assert answer.status_code == 422
    assert (answer.json()["errors"][0]["pointer"], answer.json()["errors"][0]["code"]) == (pointer, code)
    assert not Organisation.objects.exists()


def test_partners_find_each_other_by_name_in_either_script(client_for, db):
    membership = MembershipFactory()
    SupplierFactory(name="Ningbo Haitian", native_name="宁波海天")
    api = client_for(membership.user)

    for name in ("haitian", "海天"):
        found = api.get(ORGANISATIONS, {"name": name, "is_supplier": "true"}).json()["results"]
        assert [row["name"] for row in found] == ["Ningbo Haitian"]


def test_an_administrator_changes_what_their_organisation_says_of_itself(client_for, db):
    membership = MembershipFactory()
    api, path = client_for(membership.user), f"{ORGANISATIONS}{membership.organisation_id}/"

    answer = api.patch(path, {"address": "1 Harbour Road", "time_zone": "Asia/Shanghai"})

    assert (answer.status_code, answer.json()["address"]) == (200, "1 Harbour Road")
    assert api.patch(path, {"currency": "USD"}).status_code == 422


@pytest.mark.parametrize("who", ["stranger", "colleague"])
def test_nobody_else_changes_it(client_for, db, who):
    organisation = OrganisationFactory()
    user = MembershipFactory(roles=["buyer"], **({"organisation": organisation} if who == "colleague" else {})).user

    answer = client_for(user).patch(f"{ORGANISATIONS}{organisation.pk}/", {"address": "Elsewhere"})

    assert answer.status_code == 403
    assert Organisation.objects.get(pk=organisation.pk).address == ""


class TestMembers:
    pytestmark = pytest.mark.django_db

    def test_an_administrator_sees_and_invites_members(self, api, membership, deliver):
        answer = api.post(MEMBERS, {"email": "New@Example.com", "name": "New", "roles": ["buyer", "receiver"]})

        assert (answer.status_code, answer.json()["roles"]) == (201, ["buyer", "receiver"])
        invited = User.objects.get(email="new@example.com")
        assert not invited.has_usable_password()
        assert [row["email"] for row in api.get(MEMBERS).json()["results"]] == [
            membership.user.email,
            "new@example.com",
        ]
        deliver()
        assert mail.outbox[-1].to == ["new@example.com"]
        assert membership.organisation.name in mail.outbox[-1].subject
        assert "/account/password/reset" in mail.outbox[-1].body

    def test_who_has_an_account_keeps_it_and_is_written_to_in_their_language(self, api, deliver):
        known = UserFactory(language="zh-hans", name="李伟")

        answer = api.post(MEMBERS, {"email": known.email.upper(), "roles": ["buyer"]})

        assert (answer.status_code, answer.json()["name"]) == (201, "李伟")
        deliver()
        assert "您已成为" in mail.outbox[-1].body

    def test_a_member_is_not_invited_twice_and_who_left_comes_back(self, api, membership):
        gone = MembershipFactory(organisation=membership.organisation, active=False, roles=["sales"])

        twice = api.post(MEMBERS, {"email": membership.user.email, "roles": ["buyer"]})
        back = api.post(MEMBERS, {"email": gone.user.email, "roles": ["buyer"]})

        assert (twice.status_code, twice.json()["type"]) == (409, "/problems/already-member")
        assert (back.status_code, back.json()["id"], back.json()["roles"]) == (201, str(gone.pk), ["buyer"])

    def test_roles_are_given_and_taken(self, api, membership):
        member = MembershipFactory(organisation=membership.organisation)

        answer = api.patch(f"{MEMBERS}{member.pk}/", {"roles": ["finance"], "active": False})

        assert (answer.status_code, answer.json()["roles"], answer.json()["active"]) == (200, ["finance"], False)

    @pytest.mark.parametrize("change", [{"roles": ["buyer"]}, {"active": False}])
    def test_the_last_administrator_stays_one(self, api, membership, change):
        MembershipFactory(organisation=membership.organisation, roles=["buyer"])

        answer = api.patch(f"{MEMBERS}{membership.pk}/", change)

        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/last-administrator")
        membership.refresh_from_db()
        assert "admin" in membership.roles
        assert membership.active

    @pytest.mark.parametrize("roles", [["emperor"], "admin", [1]])
    def test_a_role_that_is_none_is_refused(self, api, membership, roles):
        assert api.patch(f"{MEMBERS}{membership.pk}/", {"roles": roles}).status_code == 422

    def test_who_is_no_administrator_decides_nothing(self, client_for, membership):
        member = MembershipFactory(organisation=membership.organisation, roles=["buyer", "buying_manager"])
        api = client_for(member.user)

        for answer in (
            api.patch(f"{MEMBERS}{member.pk}/", {"roles": ["admin"]}),
            api.post(MEMBERS, {"email": "friend@example.com", "roles": ["admin"]}),
        ):
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
        assert Membership.objects.count() == 2

    def test_members_of_others_are_not_there(self, api):
        stranger = MembershipFactory()

        assert api.get(f"{MEMBERS}{stranger.pk}/").status_code == 404
        assert api.patch(f"{MEMBERS}{stranger.pk}/", {"roles": []}).status_code == 404
        stranger.refresh_from_db()
        assert stranger.roles


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_depose_each_other_at_once():
    one = MembershipFactory(roles=["admin"])
    other = MembershipFactory(roles=["admin"], organisation=one.organisation)

    def depose(pair):
        try:
            client = signed_in(pair[0].user)
            return client.patch(f"{MEMBERS}{pair[1].pk}/", {"roles": ["buyer"]}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(depose, [(one, other), (other, one)]))

    assert said in ([200, 403], [200, 409])
    assert sum("admin" in membership.roles for membership in Membership.objects.all()) == 1

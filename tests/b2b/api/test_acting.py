"""For whom a request is made: person, organisation, roles, second factor, token."""

from __future__ import annotations

from uuid import uuid4

import pytest

from b2b.errors import NotFound
from b2b.policy import Actor
from tests.clients import machine, signed_in
from tests.factories.b2b import MembershipFactory, OrganisationFactory, PlatformFactory, UserFactory
from tests.sample.api import MemoViewSet

pytestmark = pytest.mark.django_db

MEMOS = "/api/v1/memos/"


@pytest.fixture
def actor_of(monkeypatch):
    """The actor a client's request is made for."""
    seen = []

    def look(viewset, request, **kwargs):
        seen.append(request.actor)
        raise NotFound

    monkeypatch.setattr(MemoViewSet, "list", look)

    def of(client) -> Actor:
        client.get(MEMOS)
        return seen.pop()

    return of


def test_an_actor_is_the_person_with_the_roles_of_the_organisation(actor_of):
    membership = MembershipFactory(roles=["buyer", "admin"])
    MembershipFactory(user=membership.user, roles=["finance"])

    actor = actor_of(signed_in(membership.user, membership.organisation))

    assert (actor.user_id, actor.organisation_id) == (membership.user_id, membership.organisation_id)
    assert actor.roles == {"buyer", "admin"}
    assert (actor.platform, actor.second_factor, actor.scopes) == (False, False, None)
    assert actor.request_id


def test_without_a_word_one_acts_for_the_organisation_joined_first(actor_of):
    first = MembershipFactory()
    MembershipFactory(user=first.user)

    assert actor_of(signed_in(first.user)).organisation_id == first.organisation_id


def test_the_choice_is_kept_in_the_session_and_the_header_comes_before_it(actor_of):
    first = MembershipFactory()
    second = MembershipFactory(user=first.user)
    client = signed_in(first.user)

    chosen = client.post("/api/v1/me/organisation/", {"organisation": str(second.organisation_id)})

    assert (chosen.status_code, chosen.json()["name"]) == (200, second.organisation.name)
    assert actor_of(client).organisation_id == second.organisation_id
    client.credentials(HTTP_X_ORGANISATION=str(first.organisation_id))
    assert actor_of(client).organisation_id == first.organisation_id


def test_who_left_the_chosen_organisation_acts_for_the_one_that_is_left(actor_of):
    first = MembershipFactory()
    second = MembershipFactory(user=first.user)
    client = signed_in(first.user)
    client.post("/api/v1/me/organisation/", {"organisation": str(second.organisation_id)})
    second.active = False
    second.save()

    assert actor_of(client).organisation_id == first.organisation_id


@pytest.mark.parametrize("stranger", [OrganisationFactory, PlatformFactory])
def test_nobody_acts_for_an_organisation_of_others(client_for, stranger):
    membership, other = MembershipFactory(), stranger()
    client = client_for(membership.user, other)

    answer = client.get(MEMOS)
    chosen = client_for(membership.user).post("/api/v1/me/organisation/", {"organisation": str(other.pk)})

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-organisation")
    assert chosen.status_code == 404


def test_a_membership_that_ended_counts_no_more(client_for):
    membership = MembershipFactory(active=False)

    answer = client_for(membership.user).get(MEMOS)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/no-organisation")


def test_an_organisation_that_is_no_id_is_refused(client_for):
    client = client_for(MembershipFactory().user)

    answer = client.get(MEMOS, headers={"X-Organisation": "Acme"})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "X-Organisation:")


def test_an_organisation_that_does_not_exist_is_refused(client_for):
    client = client_for(MembershipFactory().user)

    assert client.get(MEMOS, headers={"X-Organisation": str(uuid4())}).status_code == 403


def test_the_platforms_staff_are_known(actor_of):
    membership = MembershipFactory(organisation=PlatformFactory())

    assert actor_of(signed_in(membership.user)).platform


def test_a_second_factor_belongs_to_the_session_that_gave_it(actor_of):
    membership = MembershipFactory()

    assert actor_of(signed_in(membership.user, second_factor=True)).second_factor
    assert not actor_of(signed_in(membership.user)).second_factor
    assert not actor_of(machine(membership.user, membership.organisation, "sample:read")).second_factor


def test_a_token_acts_for_its_organisation_within_its_scopes(actor_of):
    membership = MembershipFactory(roles=["buyer"])
    MembershipFactory(user=membership.user)

    actor = actor_of(machine(membership.user, membership.organisation, "sample:read", "credit:write"))

    assert (actor.organisation_id, actor.roles) == (membership.organisation_id, {"buyer"})
    assert actor.scopes == {"sample:read", "credit:write"}


def test_knowing_who_asks_costs_three_statements_in_a_browser_and_one_with_a_token(django_assert_num_queries):
    membership = MembershipFactory()
    browser = signed_in(membership.user)
    token = machine(membership.user, membership.organisation, "b2b:read")
    token.get("/api/v1/me/")

    with django_assert_num_queries(3):
        browser.get("/api/v1/me/")
    with django_assert_num_queries(1):
        token.get("/api/v1/me/")


def test_a_shut_account_is_nobody(client_for):
    user = UserFactory()
    client = client_for(user)
    user.is_active = False
    user.save()

    assert client.get("/api/v1/me/").status_code == 401

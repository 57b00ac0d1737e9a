"""What happens around every request: its id, its log line, its limits, its headers."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory
from rest_framework.settings import api_settings

from b2b.api.middleware import ContentPolicyMiddleware
from b2b.api.throttling import ActorRate, parsed
from b2b.models import User
from tests.clients import machine
from tests.factories.b2b import MembershipFactory

pytestmark = pytest.mark.django_db

MEMOS = "/api/v1/memos/"


@pytest.mark.parametrize("sent", ["5f0c9a7e-2b6d4c1f", "a" * 64, "trace.id_8"])
def test_a_sane_request_id_is_taken_over(client, sent):
    assert client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"] == sent


@pytest.mark.parametrize(
    "sent", ["", "short", "a" * 65, "with space", "a\u00e9aaaaaaa", '{"json": 1}', "aaaaaaaa\r\nb"]
)
def test_any_other_is_replaced(client, sent):
    given = client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"]

    assert given != sent
    assert len(given) == 32


def lines(caplog):
    return [record for record in caplog.records if record.name == "hanse.access"]


def test_the_access_log_names_route_and_actor_and_nothing_personal(api, memo, membership, caplog):
    caplog.set_level(logging.INFO)
    caplog.clear()

    answer = api.get(f"{MEMOS}{memo['id']}/", {"secret": "swordfish"}, headers={"X-Request-ID": "5f0c9a7e2b6d"})

    (line,) = lines(caplog)
    assert line.getMessage() == "GET /api/v1/memos/<uuid:pk>/"
    assert (line.status, line.problem, answer["X-Request-ID"]) == (200, None, "5f0c9a7e2b6d")
    assert (line.user_id, line.organisation_id) == (str(membership.user_id), str(membership.organisation_id))
    told = json.dumps({key: str(value) for key, value in vars(line).items()})
    for personal in ("swordfish", membership.user.email, membership.user.name, memo["id"]):
        assert personal not in told


def test_the_access_log_names_the_problem(api, caplog):
    caplog.set_level(logging.INFO)

    api.get(f"{MEMOS}17/")
    api.post(MEMOS, {"colour": 1})

    assert [line.problem for line in lines(caplog)] == ["not-found", "invalid"]


def test_a_database_that_is_gone_is_said_so(client, monkeypatch):
    membership = MembershipFactory()
    client.force_login(membership.user)

    def gone(*args, **kwargs):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(User._default_manager, "get", gone)
    monkeypatch.setattr("django.contrib.auth.backends.UserModel._default_manager.get", gone)
    answer = client.get(MEMOS)

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")
    assert answer["Retry-After"] == "5"


def test_every_answer_guards_the_browser(api):
    answer = api.get(MEMOS)

    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_an_answer_with_a_policy_of_its_own_keeps_it():
    answer = HttpResponse()
    answer._csp_update = {"img-src": "https://maps.example"}

    told, usual = (
        ContentPolicyMiddleware(lambda request, answer=answer: answer)(RequestFactory().get("/"))
        for answer in (answer, HttpResponse())
    )

    assert "img-src 'self' data: https://maps.example" in told["Content-Security-Policy"]
    assert "maps.example" not in usual["Content-Security-Policy"]


@pytest.fixture
def rates(monkeypatch):
    """Set the rates for one test, with nothing counted yet."""

    def to(**changed):
        ActorRate().cache.clear()
        monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", {**api_settings.DEFAULT_THROTTLE_RATES, **changed})

    yield to
    ActorRate().cache.clear()


def test_who_asks_too_often_waits_and_others_do_not(api, client_for, rates):
    rates(actor="3/hour")
    other = client_for(MembershipFactory().user)

    said = [api.get(MEMOS) for _ in range(4)]

    assert [answer.status_code for answer in said] == [200, 200, 200, 429]
    assert said[3].json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(said[3]["Retry-After"]) <= 3600
    assert other.get(MEMOS).status_code == 200


def test_more_tokens_give_no_more_requests(membership, rates):
    rates(actor="3/hour")

    said = [machine(membership.user, membership.organisation, "sample:read").get(MEMOS).status_code for _ in range(4)]

    assert said == [200, 200, 200, 429]


def test_an_organisation_has_a_rate_of_its_own(client_for, rates):
    rates(organisation="3/hour")
    organisation = MembershipFactory().organisation

    said = [client_for(MembershipFactory(organisation=organisation).user).get(MEMOS).status_code for _ in range(4)]

    assert said == [200, 200, 200, 429]


def test_an_unknown_address_has_a_rate_whatever_it_says_of_itself(client, rates):
    rates(anonymous="2/hour")

    said = [client.get("/api/v1/schema/", headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(3)]

    assert said == [200, 200, 429]


def test_what_was_used_a_window_ago_fades_away(rates, monkeypatch):
    rates()
    throttle = ActorRate()
    at = {"now": 1000.0}
    monkeypatch.setattr("b2b.api.throttling.time.time", lambda: at["now"])

    def taken(count):
        return sum(throttle._count("key", 100, 10) for _ in range(count))

    assert taken(150) == 100
    at["now"] = 1010.0
    assert taken(1) == 0
    at["now"] = 1015.0
    assert 20 <= taken(100) <= 30
    at["now"] = 1030.0
    assert taken(150) == 100


@pytest.mark.parametrize(("rate", "meaning"), [("120/min", (120, 60)), ("3/s", (3, 1)), ("10/day", (10, 86_400))])
def test_a_rate_is_read(rate, meaning):
    assert parsed(rate) == meaning

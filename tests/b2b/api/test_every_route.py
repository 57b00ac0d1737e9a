"""What holds for every route of the schema, whichever app it belongs to."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest

from tests.factories.b2b import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

NONSENSE = [
    {"nothing": "of ours"},
    {"id": "17", "lines": [{"quantity": "-1e999", "unit": "\U0001f600", "price": "NaN"}], "reason": "\u202e" * 5000},
    [1, None, "a"],
]
STRANGE_PARAMETERS = {
    "limit": "9" * 30,
    "ordering": "\x00",
    "cursor": "💥",
    "state": "'; --",
    "q": "\u202e",
    "id": "17",
}


@pytest.fixture(scope="session")
def routes(schema):
    """Method and path of every operation, unknown keys in the place of ids, 1 in the place of numbers."""
    paths = schema["paths"]
    return [(method, _filled(path, item[method])) for path, item in paths.items() for method in item]


def _filled(path, operation):
    declared = {one["name"]: one["schema"] for one in operation.get("parameters", ()) if one["in"] == "path"}
    is_number = {name for name, schema in declared.items() if schema.get("type") == "integer"}
    return re.sub(r"\{(\w+)\}", lambda found: "1" if found[1] in is_number else str(uuid4()), path)


def ask(client, method, path, body=None):
    sent = {} if method == "get" else {"data": json.dumps({} if body is None else body)}
    return client.generic(method.upper(), path, content_type="application/json", HTTP_IF_MATCH='"v1"', **sent)


def test_nobody_signed_in_is_told_to_sign_in(client, routes):
    assert len(routes) > 40
    for method, path in routes:
        answer = ask(client, method, path)

        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json"), (method, path)


def test_who_belongs_to_no_organisation_sees_no_document(client_for, routes):
    client = client_for(UserFactory())
    own = re.compile(r"/api/v1/(me/.*|organisations/)$")

    for method, path in routes:
        if not own.match(path):
            assert ask(client, method, path).status_code in {403, 404}, (method, path)


def test_what_is_not_there_is_not_found(api, routes):
    for method, path in routes:
        if re.search(r"[0-9a-f]{8}-", path):
            answer = ask(api, method, path)

            assert answer.status_code in {403, 404, 415, 422}, (method, path, answer.content)
            assert answer["Content-Type"] == "application/problem+json", (method, path)


def test_nonsense_is_never_answered_with_a_fault_of_ours(client_for, routes):
    membership = MembershipFactory()
    client = client_for(membership.user, membership.organisation, second_factor=True)
    client.raise_request_exception = False
    failed = []

    for method, path in routes:
        for sent in [STRANGE_PARAMETERS] if method == "get" else NONSENSE:
            answer = client.get(path, sent) if method == "get" else ask(client, method, path, sent)
            if answer.status_code >= 500:
                failed.append((method, path, sent))

    assert not failed

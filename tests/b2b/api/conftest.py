from __future__ import annotations

import pytest

from tests.factories.b2b import MembershipFactory


@pytest.fixture
def membership():
    """Somebody with every role in a buying organisation."""
    return MembershipFactory()


@pytest.fixture
def api(client_for, membership):
    """A browser of that person."""
    return client_for(membership.user, membership.organisation)


@pytest.fixture
def memo(api):
    """A draft memo with one line, as the API answered when it was made."""
    return api.post("/api/v1/memos/", {"text": "Hello", "lines": [{"number": 1, "text": "One"}]}).json()

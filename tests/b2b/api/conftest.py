from __future__ import annotations

from typing import Any

import pytest

from tests import openapi
from tests.factories.b2b import MembershipFactory


@pytest.fixture(scope="session")
def generated() -> tuple[dict[str, Any], list[str]]:
    """The OpenAPI schema, and what its generator complained of."""
    return openapi.generated()


@pytest.fixture(scope="session")
def schema(generated) -> dict[str, Any]:
    return generated[0]


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

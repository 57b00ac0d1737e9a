from __future__ import annotations

import pytest

from b2b.policy import Actor
from tests.b2b.jobs.errands import met
from tests.factories.b2b import OrganisationFactory, member


@pytest.fixture(autouse=True)
def _nobody_met() -> None:
    met.clear()


@pytest.fixture
def actor() -> Actor:
    return member(OrganisationFactory(), "buyer")

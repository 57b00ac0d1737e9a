from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from b2b.models import Organisation
from b2b.policy import Actor
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring, pasted
from tests.factories.b2b import OrganisationFactory, member


@pytest.fixture
def owner() -> Organisation:
    return OrganisationFactory(is_buyer=True)


@pytest.fixture
def clerk(owner: Organisation) -> Actor:
    return member(owner, "buyer")


@pytest.fixture
def brought(clerk: Actor, do_jobs: Callable[[], int]) -> Callable[..., Upload]:
    """Bring a table of parts, written as lines of cells between tabs, and wait until it has been read."""

    def bring_it(text: str, **options: Any) -> Upload:
        upload = bring(pasted(text), format="parts", actor=options.pop("actor", clerk), **options)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return bring_it


@pytest.fixture
def applied(brought: Callable[..., Upload], clerk: Actor, do_jobs: Callable[[], int]) -> Callable[..., Upload]:
    """Bring a table and apply it."""

    def apply_it(text: str, **inputs: Any) -> Upload:
        upload = brought(text)
        upload.apply(actor=clerk, **inputs)
        do_jobs()
        upload.refresh_from_db()
        return upload

    return apply_it

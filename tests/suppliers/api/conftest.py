from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from b2b.models import Organisation
from tests.factories.b2b import OrganisationFactory, SupplierFactory


@pytest.fixture
def supplier() -> Organisation:
    return SupplierFactory()


@pytest.fixture
def buyer() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def sales(client_of: Callable[..., APIClient], supplier: Organisation) -> APIClient:
    return client_of(supplier, "sales")


@pytest.fixture
def buying(client_of: Callable[..., APIClient], buyer: Organisation) -> APIClient:
    return client_of(buyer, "buyer")

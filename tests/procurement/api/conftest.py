from __future__ import annotations

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from tests.factories.procurement import Trade


@pytest.fixture
def clerk(side: Trade, client_of: Callable[..., APIClient]) -> APIClient:
    return client_of(side.buyer, "buyer")


@pytest.fixture
def manager(side: Trade, client_of: Callable[..., APIClient]) -> APIClient:
    return client_of(side.buyer, "buying_manager")


@pytest.fixture
def sales(side: Trade, client_of: Callable[..., APIClient]) -> APIClient:
    return client_of(side.supplier, "sales")

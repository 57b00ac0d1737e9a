from __future__ import annotations

from collections.abc import Callable

import pytest

from b2b.models import Organisation
from b2b.uploads.models import Upload
from suppliers.models import PriceList
from tests.factories.b2b import SupplierFactory
from tests.factories.suppliers import PriceListFactory, ProductFactory


@pytest.fixture
def supplier() -> Organisation:
    supplier = SupplierFactory()
    for sku in ("A", "B"):
        ProductFactory(supplier=supplier, sku=sku)
    return supplier


@pytest.fixture
def draft(supplier: Organisation) -> PriceList:
    return PriceListFactory(supplier=supplier, currency="EUR")


@pytest.fixture
def into(applied: Callable[..., Upload], draft: PriceList) -> Callable[[str], Upload]:
    """Bring prices into the draft."""
    return lambda table: applied(table, format="prices", target_id=draft.pk)

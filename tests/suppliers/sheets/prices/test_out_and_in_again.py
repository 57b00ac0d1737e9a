from __future__ import annotations

from decimal import Decimal

import pytest

from suppliers.models import PriceList
from tests.factories.b2b import OrganisationFactory
from tests.factories.suppliers import PriceFactory, PublishedPriceListFactory
from tests.suppliers.sheets.prices.tables import HEAD, MIXED
from tests.suppliers.sheets.test_catalogue import exported

pytestmark = pytest.mark.django_db


def test_an_export_brought_again_changes_nothing(into, applied, brought, supplier, draft):
    OrganisationFactory(name="Nordwerk")
    PriceList.objects.filter(pk=draft.pk).update(currency="GBP")
    draft.refresh_from_db()
    into(HEAD + "A\t1\t1.234567\t1\nB\t0.5\t3\t100\n")
    applied(MIXED, format="prices")
    published = PublishedPriceListFactory(supplier=supplier, currency="CNY")
    PriceFactory(price_list=published, product=supplier.products.get(sku="A"), unit_price=Decimal(0))

    one = brought(exported(supplier, "prices", draft), format="prices", target_id=draft.pk)
    all_of_them = brought(exported(supplier, "prices"), format="prices")

    assert (one.counts, one.missing_count) == ({"unchanged": 2}, 0)
    assert all_of_them.counts == {"unchanged": 8}


@pytest.mark.parametrize("name", ["–", "-", "N/A", "“–”", "““/””", "“Nordwerk”", "不适用"])
def test_a_customer_called_by_a_dash_is_no_blank_cell(applied, brought, supplier, seller, name):
    own = PublishedPriceListFactory(supplier=supplier, buyer=OrganisationFactory(name=name))
    PriceFactory(price_list=own, product=supplier.products.get(sku="A"), unit_price=Decimal(4))
    content = exported(supplier, "prices")

    upload = brought(content, format="prices")

    assert (upload.state, upload.counts) == ("reviewed", {"unchanged": 1})


def test_a_dash_that_somebody_writes_still_means_everybody(applied, supplier):
    OrganisationFactory(name="–")

    applied("SKU\tPrice\tCurrency\tCustomer\nA\t5\tEUR\t–\n", format="prices")

    assert PriceList.objects.get(supplier=supplier).buyer is None

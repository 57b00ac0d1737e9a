from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.errors import StaleVersion, WrongState
from b2b.models import JournalEntry
from b2b.sheets import workbook as workbooks
from b2b.sheets.exporting import export
from b2b.sheets.faults import Faulty
from b2b.sheets.reading import best_table, read
from suppliers.models import PriceList
from suppliers.price_import import PricesImported, import_prices
from suppliers.sheets.prices import PriceSheet, price_rows
from tests.factories.b2b import SupplierFactory, member
from tests.factories.suppliers import PriceFactory, PriceListFactory, ProductFactory
from tests.suppliers.workbooks import workbook

pytestmark = pytest.mark.django_db

HEADINGS = ["货号", "From quantity", "单价", "Per"]


@pytest.fixture
def supplier():
    supplier = SupplierFactory()
    for sku in ("A", "B"):
        ProductFactory(supplier=supplier, sku=sku)
    return supplier


@pytest.fixture
def draft(supplier):
    return PriceListFactory(supplier=supplier, currency="EUR")


def taken(price_list, *rows, version=None, content=None):
    file = content or workbook(HEADINGS, *rows)
    reading = read(PriceSheet, best_table(PriceSheet, workbooks.open(file, "prices.xlsx")), currency="EUR")
    return import_prices(reading, price_list, actor=member(price_list.supplier, "sales"), version=version)


def tiers(price_list):
    rows = price_list.prices.order_by("product__sku", "min_quantity")
    return [
        (price.product.sku, str(price.min_quantity.normalize()), str(price.unit_price.normalize())) for price in rows
    ]


def test_the_files_prices_stand_for_the_drafts(draft, supplier):
    PriceFactory(price_list=draft, product=supplier.products.get(sku="B"), unit_price=Decimal(99))

    done = taken(draft, ["A", None, "1.25", None], ["A", 100, 1.1, 1], ["B", 1, "€ 0.000125", 1000])

    assert done == PricesImported(prices=3, changed=3)
    assert tiers(draft) == [("A", "1", "1.25"), ("A", "1E+2", "1.1"), ("B", "1", "0.000125")]
    assert JournalEntry.objects.of(draft).last().step == "edit"


def test_the_same_file_twice_changes_not_even_the_version(draft):
    taken(draft, ["A", 1, 5, 1])
    before = PriceList.objects.get(pk=draft.pk).version

    done = taken(draft, ["A", 1, 5, 1])

    assert done == PricesImported(prices=1, changed=0)
    assert PriceList.objects.get(pk=draft.pk).version == before


def test_a_strange_item_another_currency_and_a_tier_twice_are_named_by_cell(draft):
    with pytest.raises(Faulty) as refusal:
        taken(draft, ["A", 1, "$5", 1], ["NOPE", 1, 5, 1], ["B", 10, 5, 1], ["B", 10, 6, 1])

    assert sorted((fault.pointer, fault.code) for fault in refusal.value.faults) == [
        ("Items!A3", "unknown-product"),
        ("Items!A4", "duplicate-key"),
        ("Items!A5", "duplicate-key"),
        ("Items!C2", "currency-differs"),
    ]
    assert tiers(draft) == []


def test_prices_of_a_published_list_stay_as_they_are(supplier):
    published = PriceListFactory(supplier=supplier, state="published")

    with pytest.raises(WrongState):
        taken(published, ["A", 1, 5, 1])

    assert tiers(published) == []


def test_who_saw_an_older_version_changes_nothing(draft):
    with pytest.raises(StaleVersion):
        taken(draft, ["A", 1, 5, 1], version=7)

    assert tiers(draft) == []


def test_an_export_read_back_changes_nothing(draft):
    taken(draft, ["A", 1, "1.234567", 1], ["B", "0.5", 3, 100])

    done = taken(draft, content=export(PriceSheet, price_rows(draft), language="en"))

    assert done == PricesImported(prices=2, changed=0)

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from suppliers.models import Stock
from tests.factories.suppliers import ProductFactory
from tests.suppliers.sheets.test_catalogue import exported, told

pytestmark = pytest.mark.django_db

HEAD = "SKU\tOn hand\tWarn below\n"


@pytest.fixture(autouse=True)
def _items(supplier):
    for sku in ("A", "B", "C"):
        ProductFactory(supplier=supplier, sku=sku)


def stock():
    rows = Stock.objects.order_by("product__sku").values_list("product__sku", "on_hand", "warn_below")
    return {sku: (on_hand, warning) for sku, on_hand, warning in rows}


def test_stock_is_set_and_changed_and_taken_back(applied, undone, supplier):
    first = applied(HEAD + "A\t5\t2\nB\t1.5\t\n", format="stock")
    said_at = datetime(2026, 1, 5, 8, 30, 0, 123456, tzinfo=UTC)
    Stock.objects.update(updated_at=said_at)
    second = applied(HEAD + "A\t4\t2\nB\t1.50\t\nC\t0\t\n", format="stock")

    assert told(second) == {2: ("changed",), 3: ("unchanged",), 4: ("new",)}
    assert stock() == {"A": (4, 2), "B": (Decimal("1.5"), None), "C": (0, None)}
    assert Stock.objects.get(product__sku="A").updated_at > said_at

    undone(second)
    assert stock() == {"A": (5, 2), "B": (Decimal("1.5"), None)}
    assert Stock.objects.get(product__sku="A").updated_at == said_at

    undone(first)
    assert stock() == {}


def test_without_a_column_for_warnings_they_stay(applied):
    applied(HEAD + "A\t5\t2\n", format="stock")

    applied("SKU\tOn hand\nA\t6\n", format="stock")

    assert stock() == {"A": (6, 2)}


def test_strange_items_and_negative_stock_are_refused(brought):
    ProductFactory(sku="THEIRS")

    upload = brought(HEAD + "THEIRS\t5\t\nA\t-1\t\nB\t\t1\n", format="stock")

    assert told(upload) == {2: ("faulty", "unknown-product"), 3: ("faulty", "out-of-range"), 4: ("faulty", "required")}


def test_an_export_brought_again_changes_nothing(applied, brought, supplier):
    applied(HEAD + "A\t5.123456\t2\nB\t0\t\n", format="stock")

    upload = brought(exported(supplier, "stock"), format="stock")

    assert upload.counts == {"unchanged": 2}


def test_an_unknown_item_number_comes_with_those_that_are_like_it(brought, supplier):
    for sku in ("HX-M8-40", "HX-M8-50", "QQ-1"):
        ProductFactory(supplier=supplier, sku=sku)

    upload = brought("SKU\tOn hand\nHX-M8-4O\t5\n", format="stock")

    (fault,) = upload.rows.get().faults
    assert (fault["code"], fault["suggestions"]) == ("unknown-product", ["HX-M8-40", "HX-M8-50"])

"""Uploads that are reviewed and applied within one request."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.uploads.models import Upload
from suppliers.models import PriceList, Product
from tests.factories.b2b import PlatformFactory, SupplierFactory
from tests.factories.suppliers import CategoryFactory, PriceFactory, PriceListFactory, ProductFactory
from tests.suppliers.workbooks import catalogue, upload, workbook

pytestmark = pytest.mark.django_db

HEADINGS = ["SKU", "Name", "Unit"]


@pytest.fixture
def sales(client_of, supplier):
    return client_of(supplier, "sales")


@pytest.fixture
def draft(supplier):
    made = PriceListFactory(supplier=supplier, currency="EUR")
    for sku in ("A", "B"):
        PriceFactory(price_list=made, product=ProductFactory(supplier=supplier, sku=sku), unit_price=Decimal(5))
    return made


def send(client, path, file, **headers):
    return client.post(f"/api/v1/{path}/upload/", {"file": upload(file)}, format="multipart", headers=headers)


def test_the_same_catalogue_twice_changes_nothing_and_leaves_no_trace(sales):
    file = catalogue(["A", "Pump", "H87"], ["B", "Valve", "kg"], headings=HEADINGS)

    first, second = send(sales, "products", file), send(sales, "products", file)

    names = ("created", "changed", "unchanged")
    assert [first.json()[name] for name in names] == [2, 0, 0]
    assert [second.json()[name] for name in names] == [0, 0, 2]
    assert [brought.state for brought in Upload.objects.all()] == ["applied"]


def test_a_refused_catalogue_leaves_no_trace(sales):
    refused = send(sales, "products", catalogue(["A", "Pump", "blorb"], headings=HEADINGS))
    unclear = send(sales, "products", catalogue(["A", "Pump"], headings=["SKU", "Name"]))

    assert (refused.status_code, unclear.status_code) == (422, 422)
    assert [fault["code"] for fault in unclear.json()["errors"]] == ["column-missing"]
    assert not Upload.objects.exists()
    assert not Product.objects.exists()


def test_prices_are_replaced_and_counted(sales, draft):
    file = workbook(["SKU", "Price"], ["A", 5], ["A", 6])
    twice = send(sales, f"price-lists/{draft.pk}", file, if_match=f'"v{draft.version}"')
    taken = send(sales, f"price-lists/{draft.pk}", workbook(["SKU", "Price"], ["A", 6]), if_match=f'"v{draft.version}"')

    assert [fault["code"] for fault in twice.json()["errors"]] == ["duplicate-key", "duplicate-key"]
    assert (taken.status_code, taken.json()["prices"], taken.json()["changed"]) == (200, 1, 1)
    assert [(price.product.sku, price.unit_price) for price in draft.prices.all()] == [("A", 6)]


def test_taking_prices_out_is_a_change_too(sales, draft):
    taken = send(sales, f"price-lists/{draft.pk}", workbook(["SKU", "Price"], ["A", 5]), if_match=f'"v{draft.version}"')

    assert taken.json()["changed"] == 0
    assert [price.product.sku for price in draft.prices.all()] == ["A"]
    assert PriceList.objects.get(pk=draft.pk).version == draft.version + 1


def test_who_saw_an_older_version_changes_nothing(sales, draft):
    refused = send(sales, f"price-lists/{draft.pk}", workbook(["SKU", "Price"], ["A", 6]), if_match='"v7"')

    assert refused.status_code == 412
    assert {price.unit_price for price in draft.prices.all()} == {5}


def test_prices_of_a_published_list_are_refused(sales, draft):
    assert (
        sales.post(f"/api/v1/price-lists/{draft.pk}/publish/", headers={"if-match": f'"v{draft.version}"'}).status_code
        == 200
    )

    refused = send(sales, f"price-lists/{draft.pk}", workbook(["SKU", "Price"], ["A", 6]))

    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "wrong-state")
    assert {price.unit_price for price in draft.prices.all()} == {5}


def test_thousands_of_items_cost_few_statements(sales, supplier, django_assert_max_num_queries):
    file = catalogue(*[[f"N-{number}", f"Item {number}", "H87"] for number in range(2_000)], headings=HEADINGS)

    with django_assert_max_num_queries(150):
        done = send(sales, "products", file)

    assert done.json()["created"] == 2_000
    assert Product.objects.filter(supplier=supplier).count() == 2_000


# --- Variants by hand --------------------------------------------------------------------------------
def variant(client, sku, parent):
    content = {"sku": sku, "name": sku, "unit": "H87", "variant_of": str(parent.pk)}
    return client.post("/api/v1/products/", content, format="json")


def test_a_variant_of_ones_own_item_is_taken_and_others_are_refused(sales, supplier):
    main = ProductFactory(supplier=supplier)
    size = ProductFactory(supplier=supplier, variant_of=main)
    theirs = ProductFactory(supplier=SupplierFactory())

    taken, chained, strange = variant(sales, "S-1", main), variant(sales, "S-2", size), variant(sales, "S-3", theirs)
    body = {"variant_of": str(ProductFactory(supplier=supplier).pk)}
    has_some = sales.patch(
        f"/api/v1/products/{main.pk}/", body, format="json", headers={"if-match": f'"v{main.version}"'}
    )

    assert (taken.status_code, taken.json()["variant_of"]) == (201, str(main.pk))
    codes = [response.json()["errors"][0]["code"] for response in (chained, strange, has_some)]
    assert codes == ["variant-of-variant", "unknown-product", "variant-has-variants"]


def test_a_category_says_how_much_prices_may_rise(client_of):
    staff = client_of(PlatformFactory(), "compliance")
    content = {"code": "steel", "name": "Steel", "parent": str(CategoryFactory().pk)}

    made = staff.post("/api/v1/categories/", {**content, "price_rise_limit": "7.5"}, format="json")
    refused = staff.post("/api/v1/categories/", {**content, "code": "x", "price_rise_limit": "-1"}, format="json")

    assert (made.status_code, made.json()["price_rise_limit"]) == (201, "7.50")
    assert refused.status_code == 422

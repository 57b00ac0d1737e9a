"""Price lists over HTTP."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from suppliers.models import PriceList
from tests.clients import faults
from tests.factories.suppliers import (
    ListedProductFactory,
    PriceFactory,
    PriceListFactory,
    ProductFactory,
    PublishedPriceListFactory,
)
from tests.suppliers.workbooks import upload, workbook

pytestmark = pytest.mark.django_db


def test_a_price_list_is_drawn_up_uploaded_and_published(sales, buying, supplier):
    product = ListedProductFactory(supplier=supplier, sku="A")
    made = sales.post(
        "/api/v1/price-lists/",
        {
            "name": "2026",
            "currency": "CNY",
            "valid_from": "2026-01-01",
            "prices": [{"product": str(product.pk), "unit_price": "12.5"}],
        },
    )
    address = f"/api/v1/price-lists/{made.json()['id']}/"

    up = sales.post(
        f"{address}upload/",
        {"file": upload(workbook(["货号", "起订数量", "单价"], ["A", 1, 12], ["A", 100, 11]))},
        format="multipart",
    )
    published = sales.post(f"{address}publish/")
    asked = {"product": product.pk, "quantity": "150", "currency": "CNY", "on": "2026-06-01"}
    found = buying.get("/api/v1/prices/in-force/", asked).json()

    assert (made.status_code, up.status_code, published.status_code) == (201, 200, 200), up.json()
    assert (up.json()["prices"], up.json()["changed"]) == (2, 2)
    assert (found["price"]["unit_price"], [one["outcome"] for one in found["candidates"]]) == (
        "11.000000",
        ["taken", "tier"],
    )
    assert [row["unit_price"] for row in buying.get("/api/v1/prices/").json()["results"]] == ["11.000000", "12.000000"]


def test_a_price_for_somebody_elses_product_and_a_tier_twice_are_refused(sales, supplier):
    own, strange = ProductFactory(supplier=supplier), ProductFactory()
    price = {"product": str(own.pk), "unit_price": "1"}

    response = sales.post(
        "/api/v1/price-lists/",
        {
            "name": "2026",
            "currency": "EUR",
            "valid_from": "2026-01-01",
            "prices": [price, price, {"product": str(strange.pk), "unit_price": "1"}],
        },
    )

    assert (response.status_code, sorted(faults(response))) == (
        422,
        [("#/prices/1/min_quantity", "tier-twice"), ("#/prices/2/product", "unknown-product")],
    )
    assert not PriceList.objects.exists()


def test_two_lists_published_at_once_meet_the_constraint_and_not_a_server_error(sales, supplier):
    lists = [PriceListFactory(supplier=supplier) for _ in range(2)]
    for price_list in lists:
        PriceFactory(price_list=price_list, product=ProductFactory(supplier=supplier))

    answers = [sales.post(f"/api/v1/price-lists/{one.pk}/publish/") for one in lists]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert faults(answers[1]) == [("#/valid_from", "price-lists-overlap")]


def test_an_export_of_all_lists_says_in_the_readers_language_which_one_it_cannot_hold(sales, supplier):
    product = ProductFactory(supplier=supplier, sku="A")
    published = PublishedPriceListFactory(supplier=supplier, name="Year")
    draft = PriceListFactory(supplier=supplier, name="Next", valid_from=date(2027, 1, 1))
    for one in (published, draft):
        PriceFactory(price_list=one, product=product)

    answer = sales.get("/api/v1/upload-formats/prices/export/", headers={"accept-language": "zh-hans"})

    book = load_workbook(BytesIO(answer.getvalue()))
    assert [cell.value for cell in book["Notes 说明"]["A"]] == [
        "“Next”（草稿）不在此表中：其有效期与同一币种、同一客户的“Year”（已发布）重叠。请在其页面上单独导出。"
    ]


def test_a_price_says_in_which_unit_it_is_in_the_readers_language(sales, supplier):
    price = PriceFactory(product=ProductFactory(supplier=supplier, unit="H87"), price_base_quantity=24)

    listed = sales.get("/api/v1/prices/", headers={"accept-language": "zh-hans"}).json()["results"]
    told = sales.get(f"/api/v1/price-lists/{price.price_list_id}/").json()["prices"]

    assert [(one["price_base_quantity"], one["unit_label"]) for one in listed] == [("24.000000", "件")]
    assert [one["unit_label"] for one in told] == ["piece"]

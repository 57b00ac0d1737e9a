"""Finding products over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from b2b.clock import database_now
from tests.factories.suppliers import (
    CategoryFactory,
    CertificateFactory,
    ListedProductFactory,
    PriceFactory,
    ProductFactory,
    PublishedPriceListFactory,
)

pytestmark = pytest.mark.django_db


def test_a_search_answers_in_pages_the_likeliest_first(buying, supplier):
    for number in range(5):
        ListedProductFactory(supplier=supplier, name=f"Hexagon bolt number {'x' * number}", native_name="六角螺栓")
    best = ListedProductFactory(supplier=supplier, name="Hexagon bolt")
    ProductFactory(supplier=supplier, name="Hexagon bolt, draft")
    seen, address = [], "/api/v1/products/?q=hexagon%20bolt&limit=2"

    while address:
        page = buying.get(address).json()
        seen += [row["id"] for row in page["results"]]
        last, address = page, page["next"]

    assert (len(seen), len(set(seen)), seen[0]) == (6, 6, str(best.pk))
    back = buying.get(last["previous"]).json()
    assert [row["id"] for row in back["results"]] == seen[2:4]
    assert (last["mended"], last["more_than_ranked"]) == ("", False)


def test_a_search_is_narrowed_by_category_attribute_price_lead_time_and_certificate(buying, supplier):
    root = CategoryFactory()
    here = ListedProductFactory(
        supplier=supplier,
        name="Bolt",
        category=CategoryFactory(parent=root),
        attributes={"thread": "M8"},
        lead_time_days=5,
    )
    other = ListedProductFactory(name="Bolt", attributes={"thread": "M6"}, lead_time_days=50)
    today = database_now().date()
    for product, price in ((here, 10), (other, 20)):
        price_list = PublishedPriceListFactory(supplier=product.supplier, valid_from=today - timedelta(days=1))
        PriceFactory(product=product, price_list=price_list, unit_price=price)
    CertificateFactory(supplier=supplier, kind="iso_9001")

    for asked in (
        {"category": root.pk},
        {"attribute": "thread:M8"},
        {"lead_time_days_max": 10},
        {"price_max": "15", "currency": "EUR"},
        {"certified": "iso_9001"},
        {"supplier": supplier.pk},
    ):
        for text in ({"q": "bolt"}, {}):
            rows = buying.get("/api/v1/products/", asked | text).json()["results"]
            assert [row["id"] for row in rows] == [str(here.pk)], (asked, text)


def test_numbers_among_attributes_are_filtered_by_range(buying):
    sizes = {"10": "5", "40.5": "6", "100": "7", "long": "8"}
    rows = {
        length: ListedProductFactory(name="Bolt", attributes={"length": length, "head": head})
        for length, head in sizes.items()
    }

    def lengths(*asked):
        found = buying.get("/api/v1/products/", {"attribute": list(asked)}).json()["results"]
        return sorted(key for key, product in rows.items() if str(product.pk) in [row["id"] for row in found])

    assert lengths("length:10..40.5") == ["10", "40.5"]
    assert lengths("length:..40") == ["10"]
    assert lengths("length:40..", "head:..6") == ["40.5"]
    for wrong in ("length", "length:x..y"):
        assert buying.get("/api/v1/products/", {"attribute": wrong}).status_code == 422


def test_a_filter_nobody_declared_is_refused(buying):
    response = buying.get("/api/v1/products/", {"supplier__address": "x"})

    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "unknown-parameter")


def test_suggestions_name_products_and_categories(buying):
    ListedProductFactory(name="Hexagon bolt")
    ProductFactory(name="Hexagon secret")
    CategoryFactory(name="Hexagon things")

    told = buying.get("/api/v1/products/suggestions/", {"q": "hex"}).json()

    assert told == {"products": ["Hexagon bolt"], "categories": ["Hexagon things"]}

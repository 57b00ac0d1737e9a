from __future__ import annotations

from datetime import date

import pytest

from tests.factories.suppliers import (
    ListedProductFactory,
    PriceFactory,
    PriceListFactory,
    ProductFactory,
    PublishedPriceListFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(supplier):
    return ProductFactory(supplier=supplier)


@pytest.fixture
def draft_list(supplier):
    return PriceListFactory(supplier=supplier, valid_until=date(2026, 12, 31))


@pytest.fixture
def patched(sales, draft_list):
    """Change the list's content."""
    address = f"/api/v1/price-lists/{draft_list.pk}/"

    def patch(content):
        return sales.patch(address, content, headers={"If-Match": sales.get(address)["ETag"]})

    return patch


def test_prices_with_days_are_written_and_told(product, draft_list, patched):
    prices = [
        {"product": str(product.pk), "unit_price": "8", "valid_until": "2026-06-30"},
        {"product": str(product.pk), "unit_price": "9", "valid_from": "2026-07-01", "valid_until": "2026-12-31"},
    ]

    answer = patched({"prices": prices})

    assert answer.status_code == 200, answer.json()
    assert [(one["unit_price"], one["valid_from"], one["valid_until"]) for one in answer.json()["prices"]] == [
        ("8.000000", None, "2026-06-30"),
        ("9.000000", "2026-07-01", None),
    ]


@pytest.mark.parametrize(
    ("days", "pointer", "code"),
    [
        ({"valid_from": "2025-12-31", "valid_until": "2025-12-31"}, "#/prices/1/valid_from", "price-outside-list"),
        ({"valid_from": "2026-07-01", "valid_until": "2027-01-01"}, "#/prices/1/valid_until", "price-outside-list"),
        ({"valid_from": "2026-04-02", "valid_until": "2026-04-01"}, "#/prices/1/valid_until", "ends-before-it-begins"),
        ({"valid_from": "2026-06-30"}, "#/prices/1/min_quantity", "tier-twice"),
    ],
)
def test_days_that_cannot_be_are_refused_with_a_sentence(product, patched, draft_list, days, pointer, code):
    prices = [
        {"product": str(product.pk), "unit_price": "8", "valid_until": "2026-06-30"},
        {"product": str(product.pk), "unit_price": "9", **days},
    ]

    answer = patched({"prices": prices})

    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert not draft_list.prices.exists()


def test_a_lists_days_and_its_prices_change_together(product, draft_list, patched):
    PriceFactory(price_list=draft_list, product=product, valid_from=date(2026, 10, 1))

    refused = patched({"valid_until": "2026-09-30"})
    moved = patched(
        {
            "valid_from": "2027-01-01",
            "valid_until": "2027-12-31",
            "prices": [{"product": str(product.pk), "unit_price": "8", "valid_from": "2027-10-01"}],
        },
    )

    assert refused.status_code == 422
    (fault,) = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == (f"#/prices/{product.sku}", "price-outside-list")
    assert fault["detail"] == "The price list is valid from 2026-01-01 to 2026-09-30; the days of a price lie within."
    assert moved.status_code == 200
    assert list(draft_list.prices.values_list("valid_from", flat=True)) == [date(2027, 10, 1)]


def test_a_limit_on_the_price_looks_at_the_prices_of_today(buying, sales):
    product = ListedProductFactory()
    year = PublishedPriceListFactory(supplier=product.supplier)
    PriceFactory(price_list=year, product=product, unit_price=10, valid_until=date(2026, 6, 30))
    PriceFactory(price_list=year, product=product, unit_price=20, valid_from=date(2026, 7, 1))

    found = {
        most: [
            row["id"]
            for row in buying.get("/api/v1/products/", {"price_max": most, "currency": "EUR"}).json()["results"]
        ]
        for most in ("15", "25")
    }

    assert found == {"15": [], "25": [str(product.pk)]}


def test_why_no_price_counts_is_said_in_a_sentence(buying):
    product = ListedProductFactory()
    year = PublishedPriceListFactory(supplier=product.supplier)
    PriceFactory(price_list=year, product=product, unit_price=10, valid_until=date(2026, 6, 30))

    asked = {"product": product.pk, "quantity": "1", "currency": "EUR", "on": "2026-07-01"}
    told = buying.get("/api/v1/prices/in-force/", asked).json()

    assert told["price"] is None
    assert [(one["outcome"], one["reason"], one["price"]["valid_until"]) for one in told["candidates"]] == [
        ("day", "It is valid on other days of the price list only.", "2026-06-30")
    ]

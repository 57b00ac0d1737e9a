"""A price may have days of its own within its list's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from suppliers.models import Price, PriceList
from suppliers.pricing import explanation, price_in_force
from tests.factories.b2b import OrganisationFactory
from tests.factories.suppliers import PriceFactory, ProductFactory, PublishedPriceListFactory

pytestmark = pytest.mark.django_db

SPRING = {"valid_from": date(2026, 3, 1), "valid_until": date(2026, 5, 31)}


@pytest.fixture
def product():
    return ProductFactory()


@pytest.fixture
def buyer():
    return OrganisationFactory()


@pytest.fixture
def year(product):
    """A published list for 2026."""
    return PublishedPriceListFactory(supplier=product.supplier, name="Year", valid_until=date(2026, 12, 31))


def priced(price_list, product, price, *, from_quantity=1, **days):
    return PriceFactory(
        price_list=price_list, product=product, unit_price=Decimal(price), min_quantity=from_quantity, **days
    )


def on(product, buyer, month, day, quantity=1):
    found = price_in_force(
        product.pk, buyer_id=buyer.pk, quantity=Decimal(quantity), currency="EUR", on=date(2026, month, day)
    )
    return found and f"{found.unit_price.normalize():f}"


# --- Which price counts --------------------------------------------------------------------------------
def test_a_price_counts_on_its_first_and_its_last_day_and_not_beyond(product, buyer, year):
    priced(year, product, 8, **SPRING)

    days = [on(product, buyer, *day) for day in ((2, 28), (3, 1), (5, 31), (6, 1))]

    assert days == [None, "8", "8", None]


def test_one_price_follows_the_other_and_between_them_there_is_none(product, buyer, year):
    priced(year, product, 8, valid_until=date(2026, 3, 31))
    priced(year, product, 9, valid_from=date(2026, 4, 1), valid_until=date(2026, 6, 30))
    priced(year, product, 10, valid_from=date(2026, 8, 1))

    days = [on(product, buyer, *day) for day in ((1, 1), (3, 31), (4, 1), (6, 30), (7, 15), (8, 1), (12, 31))]

    assert days == ["8", "8", "9", "9", None, "10", "10"]


def test_in_the_gap_of_a_customers_list_the_general_price_counts(product, buyer, year):
    own = PublishedPriceListFactory(supplier=product.supplier, buyer=buyer)
    priced(own, product, 7, **SPRING)
    priced(year, product, 10)

    assert [on(product, buyer, 4, 1), on(product, buyer, 6, 1)] == ["7", "10"]


def test_a_tier_for_spring_leaves_the_word_to_the_one_of_all_year(product, buyer, year):
    priced(year, product, 10)
    priced(year, product, 8, from_quantity=100, **SPRING)

    found = [on(product, buyer, month, 15, quantity) for month in (2, 4, 6) for quantity in (1, 100)]

    assert found == ["10", "10", "10", "8", "10", "10"]


def test_an_open_end_lasts_as_long_as_the_list(product, buyer, year):
    priced(year, product, 10, valid_from=date(2026, 7, 1))

    found = price_in_force(product.pk, buyer_id=buyer.pk, quantity=Decimal(1), currency="EUR", on=date(2026, 12, 31))

    assert (found.valid_from, found.valid_until) == (date(2026, 7, 1), date(2026, 12, 31))
    assert (
        price_in_force(product.pk, buyer_id=buyer.pk, quantity=Decimal(1), currency="EUR", on=date(2027, 1, 1)) is None
    )


def test_without_a_price_for_the_day_it_is_said_that_there_are_some_for_others(product, buyer, year):
    priced(year, product, 8, **SPRING)
    priced(year, product, 9, valid_from=date(2026, 9, 1))

    told = explanation(product.pk, buyer_id=buyer.pk, quantity=Decimal(1), currency="EUR", on=date(2026, 7, 1))

    assert [(one.outcome, one.price.valid_from) for one in told] == [
        ("day", date(2026, 9, 1)),
        ("day", date(2026, 3, 1)),
    ]


# --- What the database bars -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("second", "barred"),
    [
        ({}, True),
        ({"valid_from": date(2026, 5, 31)}, True),
        ({"valid_until": date(2026, 3, 1)}, True),
        ({"valid_from": date(2026, 6, 1)}, False),
        ({"valid_until": date(2026, 2, 28)}, False),
        ({**SPRING, "from_quantity": 10}, False),
    ],
)
def test_two_prices_of_a_tier_are_not_valid_on_one_day(product, year, second, barred):
    priced(year, product, 8, **SPRING)

    if barred:
        with pytest.raises(IntegrityError, match="price_tier_once_a_day"), transaction.atomic():
            priced(year, product, 9, **second)
    else:
        priced(year, product, 9, **second)

    assert year.prices.count() == (1 if barred else 2)


@pytest.mark.parametrize(
    "days",
    [
        {"valid_from": date(2025, 12, 31)},
        {"valid_until": date(2027, 1, 1)},
        {"valid_from": date(2027, 1, 1)},
        {"valid_until": date(2025, 12, 31)},
    ],
)
def test_the_days_of_a_price_lie_within_its_lists(product, year, days):
    kept = priced(year, product, 8)

    with pytest.raises(IntegrityError, match="reach out of its list"), transaction.atomic():
        priced(year, ProductFactory(supplier=product.supplier), 8, **days)
    with pytest.raises(IntegrityError, match="reach out of its list"), transaction.atomic():
        Price.objects.filter(pk=kept.pk).update(**days)

    assert list(year.prices.values_list("valid_from", "valid_until")) == [(None, None)]


def test_a_list_does_not_shrink_from_its_prices(product, year):
    priced(year, product, 8, **SPRING)

    with pytest.raises(IntegrityError, match="reach out of its list"), transaction.atomic():
        PriceList.objects.filter(pk=year.pk).update(valid_until=date(2026, 5, 30))
        transaction.get_connection().check_constraints()

    assert PriceList.objects.get(pk=year.pk).valid_until == date(2026, 12, 31)


def test_a_price_does_not_end_before_it_begins(product, year):
    with pytest.raises(IntegrityError, match=r"price_ends_after_it_begins|lower bound"), transaction.atomic():
        priced(year, product, 8, valid_from=date(2026, 4, 2), valid_until=date(2026, 4, 1))

    assert not year.prices.exists()

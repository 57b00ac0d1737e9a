from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from b2b.errors import Blocked
from suppliers.models import PriceList
from suppliers.pricing import explanation, price_in_force, prices_in_force
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.suppliers import PriceFactory, PriceListFactory, ProductFactory, PublishedPriceListFactory

pytestmark = pytest.mark.django_db

ON = date(2026, 6, 1)


@pytest.fixture
def product():
    return ProductFactory()


@pytest.fixture
def buyer():
    return OrganisationFactory()


def listed(product, price, *, from_quantity=1, state="published", **fields):
    """One price in a list of its own."""
    price_list = PriceListFactory(supplier=product.supplier, state=state, **fields)
    return PriceFactory(
        product=product, price_list=price_list, unit_price=Decimal(price), min_quantity=Decimal(from_quantity)
    )


def in_force(product, buyer, quantity=1, currency="EUR", on=ON):
    found = price_in_force(product.pk, buyer_id=buyer.pk, quantity=Decimal(quantity), currency=currency, on=on)
    return found and str(found.unit_price.normalize())


def test_the_highest_tier_not_above_the_quantity_counts(product, buyer):
    price_list = PublishedPriceListFactory(supplier=product.supplier)
    for start, price in ((1, "10"), (100, "8"), (1000, "5")):
        PriceFactory(product=product, price_list=price_list, min_quantity=start, unit_price=Decimal(price))

    prices = [in_force(product, buyer, quantity) for quantity in ("0.5", "1", "99.999999", "100", "999", "1000")]

    assert prices == [None, "1E+1", "1E+1", "8", "8", "5"]


def test_a_customers_own_list_goes_before_a_promotion_and_that_before_the_standard(product, buyer):
    listed(product, "10")
    assert in_force(product, buyer) == "1E+1"

    listed(product, "9", scope="promotion")
    assert in_force(product, buyer) == "9"

    listed(product, "9.5", buyer=buyer)
    assert in_force(product, buyer) == "9.5"
    assert in_force(product, OrganisationFactory()) == "9"


def test_a_list_without_a_fitting_tier_leaves_the_word_to_the_next(product, buyer):
    listed(product, "10")
    listed(product, "6", buyer=buyer, from_quantity=500)

    assert (in_force(product, buyer, 499), in_force(product, buyer, 500)) == ("1E+1", "6")


def test_both_days_of_the_validity_are_included(product, buyer):
    listed(product, "7", valid_from=ON, valid_until=ON)

    days = [in_force(product, buyer, on=day) for day in (date(2026, 5, 31), ON, date(2026, 6, 2))]

    assert days == [None, "7", None]


def test_drafts_other_currencies_and_other_customers_lists_do_not_count(product, buyer):
    listed(product, "1", state="draft")
    listed(product, "2", state="withdrawn")
    listed(product, "3", currency="CNY")
    listed(product, "4", buyer=OrganisationFactory())

    assert in_force(product, buyer) is None


def test_prices_of_many_products_cost_one_query(buyer, django_assert_num_queries):
    products = ProductFactory.create_batch(4)
    for product in products[:3]:
        listed(product, "2")

    with django_assert_num_queries(1):
        found = prices_in_force(
            {product.pk: Decimal(1) for product in products}, buyer_id=buyer.pk, currency="EUR", on=ON
        )

    assert set(found) == {product.pk for product in products[:3]}


def test_the_explanation_says_of_every_price_why_it_counts_or_not(product, buyer):
    standard = PublishedPriceListFactory(supplier=product.supplier, name="Standard")
    for start, price in ((1, "10"), (50, "9"), (500, "7")):
        PriceFactory(product=product, price_list=standard, min_quantity=start, unit_price=Decimal(price))
    listed(product, "9.9", scope="promotion")

    told = explanation(product.pk, buyer_id=buyer.pk, quantity=Decimal(60), currency="EUR", on=ON)

    assert [(str(one.price.unit_price.normalize()), one.outcome) for one in told] == [
        ("9.9", "taken"),
        ("7", "quantity"),
        ("9", "list"),
        ("1E+1", "list"),
    ]


@pytest.mark.parametrize(
    ("second", "barred"),
    [
        ({}, True),
        ({"valid_from": date(2026, 12, 31), "valid_until": None}, True),
        ({"valid_from": date(2027, 1, 1), "valid_until": None}, False),
        ({"valid_from": date(2025, 1, 1), "valid_until": date(2025, 12, 31)}, False),
        ({"currency": "CNY"}, False),
        ({"scope": "promotion"}, False),
        ({"state": "draft"}, False),
    ],
)
def test_the_database_bars_published_lists_whose_days_overlap(second, barred):
    supplier = SupplierFactory()
    first = {"supplier": supplier, "valid_from": date(2026, 1, 1), "valid_until": date(2026, 12, 31)}
    PublishedPriceListFactory(**first)

    def publish_another():
        with transaction.atomic():
            PublishedPriceListFactory(**first | second)

    if barred:
        with pytest.raises(IntegrityError, match="price_lists_do_not_overlap"):
            publish_another()
    else:
        publish_another()

    assert PriceList.objects.filter(supplier=supplier).count() == (1 if barred else 2)


def test_lists_for_one_customer_and_for_everybody_stand_side_by_side_and_two_for_one_customer_do_not():
    supplier, buyer = SupplierFactory(), OrganisationFactory()
    PublishedPriceListFactory(supplier=supplier)
    PublishedPriceListFactory(supplier=supplier, buyer=buyer)
    PublishedPriceListFactory(supplier=supplier, buyer=OrganisationFactory())

    with pytest.raises(IntegrityError, match="price_lists_do_not_overlap"), transaction.atomic():
        PublishedPriceListFactory(supplier=supplier, buyer=buyer)

    assert PriceList.objects.filter(supplier=supplier).count() == 3


def test_publishing_says_beforehand_which_list_stands_in_the_way(product):
    listed(product, "10", name="List of 2026")
    draft = listed(product, "11", state="draft").price_list

    with pytest.raises(Blocked) as refusal:
        draft.publish(actor=member(product.supplier, "sales"))

    (fault,) = refusal.value.faults
    assert (fault.pointer, fault.code) == ("#/valid_from", "price-lists-overlap")
    assert "List of 2026" in fault.detail
    assert PriceList.objects.get(pk=draft.pk).state == "draft"


def test_an_empty_list_is_not_published():
    draft = PriceListFactory()

    with pytest.raises(Blocked) as refusal:
        draft.publish(actor=member(draft.supplier, "sales"))

    assert [fault.code for fault in refusal.value.faults] == ["no-prices"]


def test_a_customers_list_is_seen_by_that_customer_alone(product, buyer):
    own, everybody = listed(product, "1", buyer=buyer).price_list, listed(product, "2").price_list

    seen = [
        set(PriceList.objects.visible_to(member(organisation, "buyer")))
        for organisation in (buyer, OrganisationFactory(), product.supplier)
    ]

    assert seen == [{own, everybody}, {everybody}, {own, everybody}]

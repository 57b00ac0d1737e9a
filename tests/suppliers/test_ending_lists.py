"""A published price list may be given an end, and what was true stays true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from b2b import journal
from b2b.clock import database_now
from b2b.errors import Invalid, NotAllowed, WrongState
from b2b.models import JournalEntry
from suppliers.models import Price, PriceList, Product
from suppliers.pricing import price_in_force
from tests.clients import faults
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.suppliers import PriceFactory, PriceListFactory, ProductFactory, PublishedPriceListFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> date:
    return database_now().date()


@pytest.fixture
def product() -> Product:
    return ProductFactory(sku="A")


@pytest.fixture
def year(product: Product, today: date) -> PriceList:
    """In force since a month, until further notice."""
    made = PublishedPriceListFactory(supplier=product.supplier, name="Year", valid_from=today - timedelta(days=30))
    PriceFactory(price_list=made, product=product, unit_price=Decimal(10))
    return made


def price_on(product: Product, day: date) -> str | None:
    found = price_in_force(product.pk, buyer_id=None, quantity=Decimal(1), currency="EUR", on=day)
    return found and f"{found.unit_price.normalize():f}"


def test_an_ended_list_counts_to_its_last_day_and_lets_the_next_one_follow(
    product: Product, year: PriceList, today: date
) -> None:
    sales = member(product.supplier, "sales")
    following = PriceListFactory(supplier=product.supplier, valid_from=today + timedelta(days=8))
    PriceFactory(price_list=following, product=product, unit_price=Decimal(11))

    year.end(actor=sales, valid_until=today + timedelta(days=7))
    following.publish(actor=sales)

    days = (-30, 0, 7, 8)
    assert [price_on(product, today + timedelta(days=day)) for day in days] == ["10", "10", "10", "11"]
    entry = JournalEntry.objects.filter(document_id=year.pk).latest("sequence")
    assert (entry.step, entry.inputs) == ("end", {"valid_until": (today + timedelta(days=7)).isoformat()})
    assert journal.verify() == []


def test_days_of_prices_end_with_the_list_and_the_journal_keeps_what_was_to_come(
    product: Product, year: PriceList, today: date
) -> None:
    later = today + timedelta(days=20)
    year.prices.update(valid_until=later - timedelta(days=1))
    PriceFactory(price_list=year, product=product, unit_price=Decimal(12), valid_from=later)

    year.end(actor=member(product.supplier, "sales"), valid_until=today)

    assert list(year.prices.values_list("unit_price", "valid_from", "valid_until")) == [(Decimal(10), None, None)]
    assert price_on(product, today) == "10"
    assert price_on(product, today + timedelta(days=1)) is None
    cut = JournalEntry.objects.get(document_id=year.pk, step="edit").changes
    assert cut["lines.A/1.valid_until"] == [(later - timedelta(days=1)).isoformat(), None]
    assert cut[f"lines.A/1/{later.isoformat()}.unit_price"] == ["12.000000", None]
    assert journal.verify() == []


@pytest.mark.parametrize(
    ("ends", "day", "code", "detail"),
    [
        (None, -1, "ends-in-the-past", "The prices were valid on past days and stay so. Say {today} or a later day."),
        (None, -31, "ends-before-it-begins",
         "The list begins on {begins}. Withdraw it if it is not to be valid at all."),
        (9, 9, "ends-already", "The list ends on {ends} already. Say an earlier day, or draw up another list."),
        (9, 10, "ends-already", "The list ends on {ends} already. Say an earlier day, or draw up another list."),
    ],
)  # fmt: skip
def test_a_day_that_would_make_the_past_untrue_or_the_list_longer_is_refused(
    product: Product, year: PriceList, today: date, ends: int | None, day: int, code: str, detail: str
) -> None:
    until = None if ends is None else today + timedelta(days=ends)
    PriceList.objects.filter(pk=year.pk).update(valid_until=until)
    version = PriceList.objects.get(pk=year.pk).version

    with pytest.raises(Invalid) as refused:
        PriceList.objects.get(pk=year.pk).end(
            actor=member(product.supplier, "sales"), valid_until=today + timedelta(days=day)
        )

    said = {"today": today, "begins": year.valid_from, "ends": until}
    assert [(one.pointer, one.code, one.detail) for one in refused.value.faults] == [
        ("#/valid_until", code, detail.format(**said))
    ]
    left = PriceList.objects.get(pk=year.pk)
    assert (left.valid_until, left.version, Price.objects.count()) == (until, version, 1)


def test_only_the_suppliers_sales_end_a_list_and_only_a_published_one(
    product: Product, year: PriceList, today: date
) -> None:
    draft = PriceListFactory(supplier=product.supplier)

    with pytest.raises(NotAllowed):
        year.end(actor=member(SupplierFactory.create(), "sales"), valid_until=today)
    with pytest.raises(WrongState):
        draft.end(actor=member(product.supplier, "sales"), valid_until=today)

    assert PriceList.objects.get(pk=year.pk).valid_until is None


def test_over_http_the_step_is_offered_with_a_form_in_the_readers_language(
    client_of: Callable[..., APIClient], product: Product, year: PriceList, today: date
) -> None:
    client = client_of(product.supplier, "sales")
    address = f"/api/v1/price-lists/{year.pk}/"

    offered = {one["name"]: one for one in client.get(address).json()["steps"]}
    form = client.get("/api/v1/step-inputs/EndInput/", headers={"accept-language": "zh-hans"}).json()
    refused = client.post(f"{address}end/", {"valid_until": (today - timedelta(days=1)).isoformat()})
    ended = client.post(f"{address}end/", {"valid_until": today.isoformat()})

    assert offered["end"]["input"] == "EndInput"
    assert [(one["name"], one["label"], one["kind"], one["is_required"]) for one in form["fields"]] == [
        ("valid_until", "有效期至", "day", True)
    ]
    assert form["fields"][0]["help"] == "最后一天。之后才生效的价格将从价目表中移除。"
    assert (refused.status_code, faults(refused)) == (422, [("#/valid_until", "ends-in-the-past")])
    assert (ended.status_code, ended.json()["valid_until"], ended.json()["state"]) == (
        200,
        today.isoformat(),
        "published",
    )


def test_a_buyer_sees_the_end(
    client_of: Callable[..., APIClient], product: Product, year: PriceList, today: date
) -> None:
    year.end(actor=member(product.supplier, "sales"), valid_until=today)

    seen = client_of(OrganisationFactory(), "buyer").get(f"/api/v1/price-lists/{year.pk}/").json()

    assert (seen["valid_until"], [one["name"] for one in seen["steps"]]) == (today.isoformat(), [])

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from b2b import journal
from b2b.uploads.drift import Drifted
from suppliers.listing_prices import PriceSession
from suppliers.models import Price, PriceList
from tests.factories.b2b import OrganisationFactory
from tests.factories.suppliers import PriceFactory, PublishedPriceListFactory
from tests.suppliers.sheets.prices.tables import MIXED, tiers
from tests.suppliers.sheets.test_catalogue import suggestions, told

pytestmark = pytest.mark.django_db


def test_rows_without_a_list_make_one_for_each_currency_customer_and_kind(applied, undone, supplier):
    customer = OrganisationFactory(name="Nordwerk")

    upload = applied(MIXED, format="prices")

    lists = PriceList.objects.filter(supplier=supplier).order_by("currency", "scope", "buyer")
    made = [(x.state, x.currency, x.scope, x.buyer, x.valid_from, x.valid_until, tiers(x)) for x in lists]
    assert sorted(made, key=lambda one: len(one[-1])) == sorted(
        [
            ("draft", "EUR", "promotion", None, date(2026, 5, 1), date(2026, 5, 31), [("B", "1", "3")]),
            ("draft", "EUR", "standard", customer, date(2026, 1, 1), None, [("A", "1", "4")]),
            ("draft", "USD", "standard", None, date(2026, 1, 1), None, [("A", "1", "5.5")]),
            (
                "draft",
                "EUR",
                "standard",
                None,
                date(2026, 1, 1),
                date(2026, 12, 31),
                [("A", "1", "5"), ("B", "1", "6")],
            ),
        ],
        key=lambda one: (len(one[-1]), [x[0] for x in made].index("draft")),
    )
    assert all(x.number for x in lists)

    undone(upload)

    assert {x.state for x in lists.all()} == {"withdrawn"}
    assert not Price.objects.filter(price_list__supplier=supplier).exists()
    assert journal.verify() == []


def test_the_same_file_without_a_list_changes_nothing_and_another_goes_into_the_same_drafts(applied, brought, supplier):
    OrganisationFactory(name="Nordwerk")
    applied(MIXED, format="prices")

    again = brought(MIXED, format="prices")
    other = applied(MIXED.replace("\t5.5\t", "\t5.75\t"), format="prices")

    assert again.counts == {"unchanged": 5}
    assert other.counts == {"unchanged": 4, "changed": 1}
    assert PriceList.objects.filter(supplier=supplier).count() == 4
    assert tiers(PriceList.objects.get(supplier=supplier, currency="USD")) == [("A", "1", "5.75")]


def test_where_a_published_list_would_change_the_next_draft_holds_all_of_the_file(applied, supplier):
    published = PublishedPriceListFactory(supplier=supplier, currency="EUR", valid_from=date(2026, 1, 1))
    for sku, price in (("A", 5), ("B", 6)):
        PriceFactory(price_list=published, product=supplier.products.get(sku=sku), unit_price=Decimal(price))

    upload = applied(
        "SKU\tPrice\tCurrency\tValid from\nA\t5\tEUR\t2026-01-01\nB\t6.5\tEUR\t2026-01-01\n", format="prices"
    )

    assert upload.counts == {"new": 2}
    assert tiers(published) == [("A", "1", "5"), ("B", "1", "6")]
    new = PriceList.objects.get(supplier=supplier, state="draft")
    assert tiers(new) == [("A", "1", "5"), ("B", "1", "6.5")]
    assert (new.valid_from, new.name) == (published.valid_from, published.name)


def test_a_row_is_named_by_what_people_know(brought, client_of, supplier):
    upload = brought("Item number\tUnit price\tCurrency\tValid from\nA\t5\tEUR\t2026-01-01\n", format="prices")

    (row,) = client_of(supplier, "sales").get(f"/api/v1/uploads/{upload.pk}/rows/").json()["results"]

    assert row["key"] == "A / 1 / 2026-01-01"


def test_a_strange_customer_and_a_missing_currency_are_refused_with_suggestions(brought):
    OrganisationFactory(name="Nordwerk GmbH")

    upload = brought("SKU\tPrice\tCurrency\tCustomer\nA\t5\t\t\nB\t5\tEUR\tNordwerk Gmbh.\n", format="prices")

    assert told(upload) == {2: ("faulty", "currency-missing"), 3: ("faulty", "unknown-customer")}
    assert suggestions(upload, 3) == [["Nordwerk GmbH"]]


def test_the_currency_may_be_said_for_the_whole_file(applied, supplier):
    applied("SKU\tPrice\nA\t5\n", format="prices", currency="GBP")

    assert PriceList.objects.get(supplier=supplier).currency == "GBP"


def test_what_stops_half_way_leaves_no_price_and_can_be_applied_again(brought, seller, do_jobs, supplier, monkeypatch):
    monkeypatch.setattr(PriceSession, "chunk_rows", 1)
    upload = brought("SKU\tPrice\tCurrency\nA\t5\tEUR\nB\t6\tEUR\n", format="prices")
    with monkeypatch.context() as patched:
        patched.setattr(PriceSession, "touched", _fails_the_second_time())
        upload.apply(actor=seller)
        do_jobs()
    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert not Price.objects.filter(price_list__supplier=supplier).exists()

    upload.apply(actor=seller)
    do_jobs()

    upload.refresh_from_db()
    assert upload.state == "applied"
    states = PriceList.objects.filter(supplier=supplier).order_by("pk").values_list("state", flat=True)
    assert sorted(states) == ["draft", "withdrawn"]
    assert tiers(PriceList.objects.get(supplier=supplier, state="draft")) == [("A", "1", "5"), ("B", "1", "6")]
    assert journal.verify() == []


def _fails_the_second_time():
    calls = []

    def touched(session, acts, *, actor):
        calls.append(acts)
        if len(calls) == 2:
            raise Drifted

    return touched


@pytest.mark.parametrize("said", ["promo", "Special offer", "特价", "促销", "Aktion"])
def test_the_kind_of_a_list_is_known_by_its_usual_names(applied, supplier, said):
    applied(f"SKU\tPrice\tCurrency\tKind of list\nA\t5\tEUR\t{said}\n", format="prices")

    assert PriceList.objects.get(supplier=supplier).scope == "promotion"


def test_what_may_be_chosen_is_named_in_the_language_of_whoever_reads(brought):
    upload = brought("SKU\tPrice\tCurrency\tKind of list\nA\t5\tEUR\tpromotoin\n", format="prices")

    with override("zh-hans"):
        (fault,) = upload.rows.get().faults
    assert fault["detail"] == "这不是可选项。请填写以下选项之一：标准, 促销。"
    (fault,) = upload.rows.get().faults
    assert (fault["detail"], fault["suggestions"]) == (
        "This is not a choice here. Write one of: Standard, Promotion.",
        ["Promotion"],
    )

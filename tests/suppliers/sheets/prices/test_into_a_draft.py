from __future__ import annotations

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from b2b import journal
from b2b.errors import Blocked, NotAllowed, WrongState
from b2b.models import JournalEntry, User
from suppliers.models import PriceList
from tests.factories.b2b import member
from tests.factories.suppliers import PriceFactory, ProductFactory, PublishedPriceListFactory
from tests.suppliers.sheets.prices.tables import HEAD, tiers
from tests.suppliers.sheets.test_catalogue import suggestions, told

pytestmark = pytest.mark.django_db


def test_the_files_prices_stand_for_the_drafts(into, undone, draft, supplier):
    PriceFactory(price_list=draft, product=supplier.products.get(sku="B"), unit_price=Decimal(99))
    PriceFactory(price_list=draft, product=supplier.products.get(sku="A"), unit_price=Decimal(7), min_quantity=9)

    upload = into(HEAD + "A\t\t1.25\t\nA\t100\t1.1\t1\nB\t1\t€ 0.000125\t1000\n")

    assert upload.state == "applied"
    assert tiers(draft) == [("A", "1", "1.25"), ("A", "100", "1.1"), ("B", "1", "0.000125")]
    assert draft.prices.get(product__sku="B").price_base_quantity == 1000
    assert told(upload) == {2: ("new",), 3: ("new",), 4: ("changed",), 5: ("missing",)}

    undone(upload)

    assert tiers(draft) == [("A", "9", "7"), ("B", "1", "99")]
    assert upload.state == "undone"


def test_what_is_missing_is_told_with_its_tier_before_and_after_it_is_taken_out(
    brought, do_jobs, draft, supplier, seller
):
    PriceFactory(price_list=draft, product=supplier.products.get(sku="A"), unit_price=Decimal("7.5"), min_quantity=9)
    api = APIClient()
    api.force_login(User.objects.get(pk=seller.user_id))
    missing = lambda: [(one["key"], one["label"]) for one in api.get(address).json()["results"]]  # noqa: E731

    upload = brought(HEAD + "A\t1\t5\t1\n", format="prices", target_id=draft.pk)
    address = f"/api/v1/uploads/{upload.pk}/missing/"
    name = supplier.products.get(sku="A").name
    assert missing() == [("A", f"{name} · 9 × 7.5 EUR")]

    upload.apply(actor=seller)
    do_jobs()

    assert missing() == [("A / 9", "")]


def test_an_upload_is_one_entry_in_the_lists_journal(into, undone, draft):
    upload = into(HEAD + "A\t1\t5\t1\nB\t1\t6\t1\n")

    draft.refresh_from_db()
    entry = JournalEntry.objects.of(draft).last()
    assert (draft.version, entry.step, entry.inputs) == (2, "edit", {"upload": str(upload.pk)})

    undone(upload)

    draft.refresh_from_db()
    assert (draft.version, draft.state) == (3, "draft")
    assert journal.verify() == []


def test_the_same_file_twice_changes_not_even_the_version(into, brought, draft):
    into(HEAD + "A\t1\t5\t1\n")
    before = PriceList.objects.get(pk=draft.pk).version

    upload = brought(HEAD + "A\t1\t5\t1\n", format="prices", target_id=draft.pk)

    assert (upload.counts, upload.missing_count) == ({"unchanged": 1}, 0)
    assert PriceList.objects.get(pk=draft.pk).version == before


def test_what_is_wrong_is_named_by_cell(brought, draft, supplier):
    ProductFactory(supplier=supplier, sku="HX-100")

    upload = brought(
        "SKU\tFrom quantity\tPrice\tCurrency\tValid from\tValid until\n"
        "A\t1\t$5\t\t\t\nHX-10\t1\t5\t\t\t\nB\t10\t5\t\t\t\nB\t10\t6\t\t\t\nA\t2\t0\t\t\t\nA\t3\t5\tUSD\t\t\n"
        "A\t4\t5\t\t2027-01-01\t2026-01-01\n",
        format="prices",
        target_id=draft.pk,
    )

    assert told(upload) == {
        2: ("faulty", "currency-differs"),
        3: ("faulty", "unknown-product"),
        4: ("faulty", "duplicate-key"),
        5: ("faulty", "duplicate-key"),
        6: ("faulty", "price-zero"),
        7: ("faulty", "differs-from-list"),
        8: ("faulty", "ends-before-it-begins"),
    }
    assert suggestions(upload, 3) == [["HX-100"]]
    assert suggestions(upload, 7) == [["EUR"]]


def test_prices_said_to_be_in_another_currency_do_not_go_into_the_list(brought, draft):
    upload = brought(HEAD + "A\t1\t5\t1\n", format="prices", target_id=draft.pk, currency="USD")

    assert told(upload) == {2: ("faulty", "differs-from-list")}


def test_terms_that_agree_with_the_list_may_be_said(brought, draft):
    upload = brought(
        "SKU\tPrice\tCurrency\tKind of list\tValid from\nA\t5\tEUR\tStandard\t2026-01-01\n",
        format="prices",
        target_id=draft.pk,
    )

    assert told(upload) == {2: ("new",)}


def test_while_rows_have_faults_nothing_is_taken_out(brought, draft, supplier, seller, do_jobs):
    PriceFactory(price_list=draft, product=supplier.products.get(sku="B"), unit_price=Decimal(99))
    upload = brought(HEAD + "A\t1\t5\t1\nB\t1\tcheap\t1\n", format="prices", target_id=draft.pk)

    upload.apply(actor=seller, only_valid=True)
    do_jobs()

    assert tiers(draft) == [("A", "1", "5"), ("B", "1", "99")]


def test_prices_of_a_published_list_stay_as_they_are(brought, supplier):
    published = PublishedPriceListFactory(supplier=supplier, currency="EUR")

    with pytest.raises(WrongState):
        brought(HEAD + "A\t1\t5\t1\n", format="prices", target_id=published.pk)
    with pytest.raises(NotAllowed):
        brought(HEAD, format="prices", target_id=published.pk, actor=member(supplier, "finance"))


def test_a_list_that_is_being_filled_is_not_published(brought, draft, seller, do_jobs):
    upload = brought(HEAD + "A\t1\t5\t1\n", format="prices", target_id=draft.pk)
    PriceFactory(price_list=draft, product=draft.supplier.products.get(sku="B"))
    upload.apply(actor=seller)

    with pytest.raises(Blocked) as refused:
        draft.publish(actor=seller)
    do_jobs()

    assert [fault.code for fault in refused.value.faults] == ["upload-at-work"]
    assert draft.publish(actor=seller).state == "published"


def test_prices_of_a_published_list_cannot_be_taken_back(into, draft, seller):
    upload = into(HEAD + "A\t1\t5\t1\n")
    draft.refresh_from_db()
    draft.publish(actor=seller)

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=seller)

    assert [fault.code for fault in refused.value.faults] == ["gone-on-since"]

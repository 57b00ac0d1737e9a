from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from b2b import journal
from b2b.errors import Blocked, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.uploads.drift import Drifted
from suppliers import price_rows
from suppliers.listing_prices import PriceSession
from suppliers.models import Price, PriceList
from tests.factories.b2b import OrganisationFactory, PlatformFactory, SupplierFactory, member
from tests.factories.suppliers import (
    CategoryFactory,
    PriceFactory,
    PriceListFactory,
    ProductFactory,
    PublishedPriceListFactory,
)
from tests.suppliers.sheets.test_catalogue import exported, suggestions, told

pytestmark = pytest.mark.django_db

HEAD = "货号\tFrom quantity\t单价\tPer\n"


@pytest.fixture
def supplier():
    supplier = SupplierFactory()
    for sku in ("A", "B"):
        ProductFactory(supplier=supplier, sku=sku)
    return supplier


@pytest.fixture
def draft(supplier):
    return PriceListFactory(supplier=supplier, currency="EUR")


@pytest.fixture
def into(applied, draft):
    """Bring prices into the draft."""
    return lambda table: applied(table, format="prices", target_id=draft.pk)


def tiers(price_list):
    rows = price_list.prices.order_by("product__sku", "min_quantity")
    return [
        (price.product.sku, f"{price.min_quantity.normalize():f}", f"{price.unit_price.normalize():f}")
        for price in rows
    ]


# --- Into a draft ------------------------------------------------------------------------------------
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


# --- Without a list ----------------------------------------------------------------------------------
MIXED = (
    "SKU\tPrice\tCurrency\tCustomer\tKind of list\tValid from\tValid until\n"
    "A\t5\tEUR\t\t\t2026-01-01\t2026-12-31\nB\t6\tEUR\t\tstandard\t2026-01-01\t2026-12-31\n"
    "A\t5.5\tUSD\t\t\t2026-01-01\t\nA\t4\tEUR\tnordwerk\t\t2026-01-01\t\nB\t3\tEUR\t\tPromotion\t2026-05-01\t2026-05-31\n"
)


def test_rows_without_a_list_make_one_for_each_currency_customer_kind_and_validity(applied, undone, supplier):
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


def test_lists_of_one_file_whose_days_overlap_are_refused(brought):
    upload = brought(
        "SKU\tPrice\tCurrency\tValid from\tValid until\n"
        "A\t5\tEUR\t2026-01-01\t2026-06-30\nB\t6\tEUR\t2026-06-30\t\nA\t6\tEUR\t2027-01-01\t\n",
        format="prices",
    )

    assert told(upload) == {2: ("new",), 3: ("faulty", "price-lists-overlap"), 4: ("faulty", "price-lists-overlap")}


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
        patched.setattr(price_rows, "delete_missing", _fails_the_second_time())
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

    def delete_missing(*span):
        calls.append(span)
        if len(calls) == 2:
            raise Drifted

    return delete_missing


# --- Out and in again ----------------------------------------------------------------------------------
def test_an_export_brought_again_changes_nothing(into, applied, brought, supplier, draft):
    OrganisationFactory(name="Nordwerk")
    into(HEAD + "A\t1\t1.234567\t1\nB\t0.5\t3\t100\n")
    applied(MIXED, format="prices")
    published = PublishedPriceListFactory(supplier=supplier, currency="CNY")
    PriceFactory(price_list=published, product=supplier.products.get(sku="A"), unit_price=Decimal(0))

    one = brought(exported(supplier, "prices", draft), format="prices", target_id=draft.pk)
    all_of_them = brought(exported(supplier, "prices"), format="prices")

    assert (one.counts, one.missing_count) == ({"unchanged": 2}, 0)
    assert all_of_them.counts == {"unchanged": 8}


# --- Prices that rise -----------------------------------------------------------------------------------
@pytest.fixture
def guarded(supplier):
    """An item of a category below one that allows ten percent, sold at 10 from one and 9 from a hundred."""
    shelf = CategoryFactory(parent=CategoryFactory(price_rise_limit=Decimal(10)))
    item = ProductFactory(supplier=supplier, sku="G", category=shelf)
    old = PublishedPriceListFactory(supplier=supplier, currency="EUR", valid_until=date(2026, 12, 31))
    PriceFactory(price_list=old, product=item, unit_price=Decimal(10))
    PriceFactory(price_list=old, product=item, unit_price=Decimal(900), min_quantity=100, price_base_quantity=100)
    return item


def test_the_review_says_which_rises_need_approval(brought, draft, guarded):
    upload = brought(
        HEAD + "G\t1\t11\t\nG\t50\t11.01\t\nG\t100\t9.95\t1\nG\t200\t9\t1\nA\t1\t500\t\n",
        format="prices",
        target_id=draft.pk,
    )

    remarks = dict(upload.rows.order_by("number").values_list("number", "remark"))
    assert remarks == {
        2: "",
        3: "Needs approval: rises by 10.1 %, more than the 10 % of its category.",
        4: "Needs approval: rises by 10.6 %, more than the 10 % of its category.",
        5: "",
        6: "",
    }


def test_a_rise_over_the_limit_is_published_only_by_the_platforms_approval(into, draft, guarded, seller, supplier):
    into(HEAD + "G\t1\t11.50\t\nA\t1\t5\t\n")
    later = PriceList.objects.get(pk=draft.pk)
    later.valid_from = date(2027, 1, 1)
    later.save(update_fields=["valid_from"])
    staff = member(PlatformFactory(), "compliance")

    with pytest.raises(Blocked) as refused:
        later.publish(actor=seller)
    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("#/prices/G", "price-rise")]
    assert "15.0 %" in refused.value.faults[0].detail

    later.submit(actor=seller)
    with pytest.raises(NotAllowed):
        later.approve(actor=seller)
    later.send_back(actor=staff, reason="Why?")
    assert (later.state, later.review_note) == ("draft", "Why?")
    later.submit(actor=seller)
    later.approve(actor=staff)

    assert (later.state, later.published_at is not None) == ("published", True)


def test_withdrawing_a_list_does_not_let_its_prices_be_forgotten(into, draft, guarded, seller):
    into(HEAD + "G\t1\t20\t\n")
    PriceList.objects.exclude(pk=draft.pk).get().withdraw(actor=seller)
    draft.refresh_from_db()

    with pytest.raises(Blocked) as refused:
        draft.publish(actor=seller)

    assert [fault.code for fault in refused.value.faults] == ["price-rise"]


def test_the_nearest_category_with_a_limit_decides(into, draft, guarded, seller):
    guarded.category.price_rise_limit = Decimal(200)
    guarded.category.save()
    into(HEAD + "G\t1\t20\t\n")
    PriceList.objects.exclude(pk=draft.pk).get().withdraw(actor=seller)
    draft.refresh_from_db()

    assert draft.publish(actor=seller).state == "published"


def test_who_filled_the_list_does_not_approve_it(into, draft, guarded, seller):
    into(HEAD + "G\t1\t20\t\n")
    draft.refresh_from_db()
    PriceList.objects.exclude(pk=draft.pk).get().withdraw(actor=seller)
    draft.submit(actor=seller)
    platform = PlatformFactory()

    with pytest.raises(NotAllowed):
        draft.approve(actor=member(platform, "compliance", user_id=seller.user_id))
    assert draft.approve(actor=member(platform, "compliance")).state == "published"

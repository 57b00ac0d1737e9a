"""Rows with days of their own: one list for all of them, whatever their days."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from b2b import journal
from b2b.uploads.mending import mend
from suppliers.listing_prices import PriceSession
from suppliers.models import Price, PriceList
from tests.factories.suppliers import PriceFactory, ProductFactory, PublishedPriceListFactory
from tests.suppliers.sheets.test_catalogue import exported, suggestions, told

pytestmark = pytest.mark.django_db

DATED = "SKU\tFrom quantity\tPrice\tCurrency\tValid from\tValid until\n"
SEASONS = (
    DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-06-30\nA\t1\t6\tEUR\t2026-07-01\t\n"
    "A\t100\t4\tEUR\t2026-03-01\t2026-05-31\nB\t1\t9\tEUR\t2026-02-01\t\n"
)


def days(price_list):
    """Item, quantity, price, and the price's own days."""
    rows = price_list.prices.order_by("product__sku", "min_quantity", "unit_price").select_related("product")
    return [
        (
            one.product.sku,
            f"{one.min_quantity.normalize():f}",
            f"{one.unit_price.normalize():f}",
            one.valid_from and one.valid_from.isoformat(),
            one.valid_until and one.valid_until.isoformat(),
        )
        for one in rows
    ]


def only_list(supplier):
    return PriceList.objects.get(supplier=supplier)


def test_rows_of_different_days_make_one_list_from_the_earliest_to_the_latest(applied, undone, supplier):
    upload = applied(SEASONS, format="prices")

    made = only_list(supplier)
    assert told(upload) == {2: ("new",), 3: ("new",), 4: ("new",), 5: ("new",)}
    assert (made.valid_from, made.valid_until) == (date(2026, 1, 1), None)
    assert days(made) == [
        ("A", "1", "5", None, "2026-06-30"),
        ("A", "1", "6", "2026-07-01", None),
        ("A", "100", "4", "2026-03-01", "2026-05-31"),
        ("B", "1", "9", "2026-02-01", None),
    ]

    undone(upload)

    assert (upload.state, only_list(supplier).state) == ("undone", "withdrawn")
    assert not Price.objects.filter(price_list=made).exists()
    assert journal.verify() == []


def test_a_table_that_ends_makes_a_list_that_ends_with_its_last_row(applied, supplier):
    applied(DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-06-30\nB\t1\t6\tEUR\t2026-03-01\t2026-09-30\n", format="prices")

    made = only_list(supplier)
    assert (made.valid_from, made.valid_until) == (date(2026, 1, 1), date(2026, 9, 30))
    assert days(made) == [("A", "1", "5", None, "2026-06-30"), ("B", "1", "6", "2026-03-01", None)]


def test_a_price_without_an_end_lasts_until_the_next_begins_and_the_review_says_so(applied, brought, supplier):
    table = DATED + "A\t1\t6\tEUR\t2026-07-01\t\nA\t1\t5\tEUR\t2026-01-01\t\nA\t1\t7\tEUR\t2026-10-01\t\n"

    upload = applied(table, format="prices")

    assert days(only_list(supplier)) == [
        ("A", "1", "5", None, "2026-06-30"),
        ("A", "1", "6", "2026-07-01", "2026-09-30"),
        ("A", "1", "7", "2026-10-01", None),
    ]
    taken = {row.number: [one["taken"] for one in row.conversions or ()] for row in upload.rows.order_by("number")}
    assert {number: said[-1:] for number, said in taken.items()} == {2: ["2026-09-30"], 3: ["2026-06-30"], 4: []}
    assert [(one.kind, one.rows) for one in upload.conversion_counts.filter(kind__startswith="blank")] == [
        ("blank:next", 2)
    ]
    assert brought(table, format="prices").counts == {"unchanged": 3}


def test_an_end_that_reaches_into_the_next_price_is_refused_with_the_day_before(brought, seller):
    upload = brought(
        DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-07-31\nA\t1\t6\tEUR\t2026-07-01\t\nA\t9\t4\tEUR\t2026-05-01\t\n",
        format="prices",
    )

    assert told(upload) == {2: ("faulty", "prices-overlap"), 3: ("new",), 4: ("new",)}
    assert suggestions(upload, 2) == [["2026-06-30"]]

    mend(upload, 2, {"valid_until": "2026-06-30"}, actor=seller, expected_version=None)

    assert upload.counts == {"new": 3}


@pytest.mark.parametrize(
    ("number", "cells"),
    [(3, {"valid_from": "2026-08-01"}), (3, {"sku": "B"}), (3, {"min_quantity": "2"}), (2, {"valid_until": ""})],
)
def test_mending_either_of_two_prices_whose_days_overlap_mends_both(brought, seller, number, cells):
    upload = brought(
        DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-07-31\nA\t1\t6\tEUR\t2026-07-01\t\nB\t9\t4\tEUR\t2026-05-01\t\n",
        format="prices",
    )
    assert upload.counts == {"faulty": 1, "new": 2}

    others = mend(upload, number, cells, actor=seller, expected_version=None)

    assert (upload.counts, others) == ({"new": 3}, [2] if number == 3 else [])


def test_of_three_prices_that_overlap_only_what_still_does_stays_faulty(brought, seller):
    upload = brought(
        DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-07-31\nA\t1\t6\tEUR\t2026-07-01\t2026-10-31\n"
        "A\t1\t7\tEUR\t2026-10-01\t\n",
        format="prices",
    )
    assert told(upload) == {2: ("faulty", "prices-overlap"), 3: ("faulty", "prices-overlap"), 4: ("new",)}

    mend(upload, 4, {"valid_from": "2026-11-01"}, actor=seller, expected_version=None)

    assert told(upload) == {2: ("faulty", "prices-overlap"), 3: ("new",), 4: ("new",)}


def test_mending_a_day_moves_the_end_of_the_price_before(brought, seller, do_jobs, supplier):
    upload = brought(DATED + "A\t1\t5\tEUR\t2026-01-01\t\nA\t1\t6\tEUR\t2026-07-01\t\n", format="prices")

    mend(upload, 3, {"valid_from": "2026-08-01"}, actor=seller, expected_version=None)
    upload.refresh_from_db()
    upload.apply(actor=seller)
    do_jobs()

    assert days(only_list(supplier)) == [("A", "1", "5", None, "2026-07-31"), ("A", "1", "6", "2026-08-01", None)]


def test_the_same_day_twice_is_the_same_price_twice(brought):
    upload = brought(DATED + "A\t1\t5\tEUR\t2026-01-01\t\nA\t1\t6\tEUR\t2026-01-01\t2026-06-30\n", format="prices")

    assert told(upload) == {2: ("faulty", "duplicate-key"), 3: ("faulty", "duplicate-key")}


# --- Into what is there --------------------------------------------------------------------------------
def test_an_export_brought_again_changes_nothing(applied, brought, supplier):
    applied(SEASONS, format="prices")
    made = only_list(supplier)

    all_of_them = brought(exported(supplier, "prices"), format="prices")
    one = brought(exported(supplier, "prices", made), format="prices", target_id=made.pk)

    assert all_of_them.counts == {"unchanged": 4}
    assert (one.counts, one.missing_count) == ({"unchanged": 4}, 0)


def test_a_draft_that_would_stand_in_the_way_of_what_is_in_force_is_not_exported_beside_it(applied, brought, supplier):
    year = PublishedPriceListFactory(supplier=supplier)
    PriceFactory(price_list=year, product=supplier.products.get(sku="A"), unit_price=Decimal(5))
    applied(DATED + "A\t1\t6\tEUR\t2027-01-01\t\n", format="prices")
    content = exported(supplier, "prices")

    upload = brought(content, format="prices")

    assert (upload.state, upload.counts) == ("reviewed", {"unchanged": 1})
    draft = PriceList.objects.get(supplier=supplier, state="draft")
    notes = load_workbook(BytesIO(content))["Notes 说明"]
    told_there = [row[0] for row in notes.iter_rows(values_only=True)]
    assert told_there == [
        (
            f"“{draft}” (Draft) is not in this table: its days meet those of “{year}” (Published), which is in the "
            "same currency and for the same customer. Export it on its own page."
        )
    ]


def test_an_export_of_all_lists_that_fit_beside_each_other_has_no_notes(applied, supplier):
    applied(SEASONS, format="prices")

    assert load_workbook(BytesIO(exported(supplier, "prices"))).sheetnames == ["价目表", "_hanse_choices"]


def test_lists_that_follow_each_other_are_known_row_by_row(applied, brought, supplier):
    applied(DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-12-31\n", format="prices")
    applied(DATED + "A\t1\t6\tEUR\t2027-01-01\t\n", format="prices")

    again = applied(DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-12-31\nA\t1\t6.5\tEUR\t2027-01-01\t\n", format="prices")

    assert again.counts == {"unchanged": 1, "changed": 1}
    assert [days(one) for one in PriceList.objects.filter(supplier=supplier).order_by("valid_from")] == [
        [("A", "1", "5", None, None)],
        [("A", "1", "6.5", None, None)],
    ]


def test_another_end_takes_the_place_of_the_price_in_the_draft(applied, undone, supplier):
    applied(SEASONS, format="prices")
    before = days(only_list(supplier))

    upload = applied(
        SEASONS.replace("2026-05-31", "2026-04-30").replace("2026-06-30\nA", "2026-05-31\nA"), format="prices"
    )

    assert told(upload)[2] == ("new",)
    remark = upload.rows.get(number=2).remark
    assert remark == "Takes the place of the price that was valid until 2026-06-30."
    assert days(only_list(supplier))[:3] == [
        ("A", "1", "5", None, "2026-05-31"),
        ("A", "1", "6", "2026-07-01", None),
        ("A", "100", "4", "2026-03-01", "2026-04-30"),
    ]

    undone(upload)

    assert upload.state == "undone"
    assert days(only_list(supplier)) == before


def test_a_new_season_goes_into_the_draft_it_fits(applied, supplier):
    applied(SEASONS, format="prices")

    applied(SEASONS + "B\t50\t8\tEUR\t2026-11-01\t2026-11-30\n", format="prices")

    assert days(only_list(supplier))[-1] == ("B", "50", "8", "2026-11-01", "2026-11-30")


def test_what_does_not_fit_makes_all_rows_the_next_draft(applied, supplier):
    first = DATED + "A\t1\t5\tEUR\t2026-01-01\t2026-06-30\nB\t1\t9\tEUR\t2026-01-01\t2026-06-30\n"
    applied(first, format="prices")

    applied(first + "B\t50\t8\tEUR\t2026-06-01\t2026-07-31\n", format="prices")

    old, new = PriceList.objects.filter(supplier=supplier).order_by("created_at")
    assert (new.valid_from, new.valid_until) == (date(2026, 1, 1), date(2026, 7, 31))
    assert days(old) == [("A", "1", "5", None, None), ("B", "1", "9", None, None)]
    assert days(new) == [
        ("A", "1", "5", None, "2026-06-30"),
        ("B", "1", "9", None, "2026-06-30"),
        ("B", "50", "8", "2026-06-01", None),
    ]


def test_prices_the_file_does_not_name_are_not_overlaid(applied, supplier):
    applied(DATED + "A\t1\t5\tEUR\t2026-01-01\t\nB\t1\t9\tEUR\t2026-01-01\t\n", format="prices")

    applied(DATED + "A\t1\t4\tEUR\t2026-05-01\t2026-05-31\nB\t1\t9\tEUR\t2026-01-01\t\n", format="prices")

    old, new = PriceList.objects.filter(supplier=supplier).order_by("created_at")
    assert days(old) == [("A", "1", "5", None, None), ("B", "1", "9", None, None)]
    assert days(new) == [("A", "1", "4", "2026-05-01", "2026-05-31"), ("B", "1", "9", None, None)]


def test_where_a_published_list_has_others_the_next_draft_has_the_same_days(applied, seller, supplier):
    applied(SEASONS, format="prices")
    published = only_list(supplier)
    published.publish(actor=seller)
    before = days(published)

    upload = applied(SEASONS.replace("\t9\tEUR", "\t9.5\tEUR"), format="prices")

    new = PriceList.objects.get(supplier=supplier, state="draft")
    assert upload.counts == {"new": 4}
    assert days(published) == before
    assert (new.valid_from, new.valid_until, new.name) == (published.valid_from, None, published.name)
    assert days(new) == [*before[:3], ("B", "1", "9.5", "2026-02-01", None)]


def test_next_years_list_says_which_one_has_to_make_room(applied, supplier):
    year = PublishedPriceListFactory(supplier=supplier, name="List of 2026")
    PriceFactory(price_list=year, product=supplier.products.get(sku="A"))

    upload = applied(DATED + "A\t1\t6\tEUR\t2027-01-01\t\nB\t1\t6\tEUR\t2027-02-01\t\n", format="prices")

    new = PriceList.objects.get(supplier=supplier, state="draft")
    assert (new.valid_from, days(new)) == (
        date(2027, 1, 1),
        [("A", "1", "6", None, None), ("B", "1", "6", "2027-02-01", None)],
    )
    assert {row.remark for row in upload.rows.all()} == {
        "End List of 2026 on 2026-12-31 before you publish: its validity overlaps."
    }


# --- Into a list that is named ------------------------------------------------------------------------------
def test_days_within_the_list_named_are_the_prices_own(into, undone, draft, supplier):
    PriceFactory(price_list=draft, product=supplier.products.get(sku="A"), unit_price=Decimal(3))

    upload = into(DATED + "A\t1\t5\t\t2026-03-01\t\nA\t1\t6\t\t2026-07-01\t\nB\t1\t9\t\t\t\n")

    assert days(draft) == [
        ("A", "1", "5", "2026-03-01", "2026-06-30"),
        ("A", "1", "6", "2026-07-01", None),
        ("B", "1", "9", None, None),
    ]

    undone(upload)

    assert upload.state == "undone"
    assert days(draft) == [("A", "1", "3", None, None)]


def test_days_outside_the_list_named_are_refused(brought, draft):
    PriceList.objects.filter(pk=draft.pk).update(valid_until=date(2026, 12, 31))

    upload = brought(
        DATED + "A\t1\t5\t\t2025-12-31\t\nA\t2\t5\t\t\t2027-01-01\nB\t1\t9\t\t2026-01-01\t2026-12-31\n",
        format="prices",
        target_id=draft.pk,
    )

    assert told(upload) == {2: ("faulty", "price-outside-list"), 3: ("faulty", "price-outside-list"), 4: ("new",)}
    assert upload.rows.get(number=3).faults[0]["heading"] == "Valid until"


def test_prices_move_within_a_list_in_whatever_portion_they_come(
    brought, seller, do_jobs, undone, draft, supplier, monkeypatch
):
    """What a price of a later portion gives up is free for one of an earlier."""
    monkeypatch.setattr(PriceSession, "chunk_rows", 1)
    items = [supplier.products.get(sku="A"), ProductFactory(supplier=supplier, sku="C")]
    for item in items:
        PriceFactory(price_list=draft, product=item, unit_price=Decimal(3), valid_until=date(2026, 6, 30))
        PriceFactory(price_list=draft, product=item, unit_price=Decimal(4), valid_from=date(2026, 7, 1))
    before = days(draft)
    table = DATED + "".join(
        f"{item.sku}\t1\t{price}\t\t{begins}\t{ends}\n"
        for price, begins, ends in ((9, "2026-04-01", ""), (4, "", "2026-03-31"))
        for item in items
    )

    upload = brought(table, format="prices", target_id=draft.pk)
    upload.apply(actor=seller)
    do_jobs()
    upload.refresh_from_db()

    assert upload.state == "applied"
    assert days(draft) == [
        (sku, "1", *rest) for sku in ("A", "C") for rest in (("4", None, "2026-03-31"), ("9", "2026-04-01", None))
    ]

    undone(upload)

    assert (upload.state, days(draft)) == ("undone", before)


def test_of_two_uploads_into_one_draft_the_second_is_told_that_the_first_was_quicker(
    brought, seller, do_jobs, draft, supplier
):
    first = brought(DATED + "A\t1\t5\t\t2026-03-01\t2026-05-31\n", format="prices", target_id=draft.pk)
    second = brought(DATED + "A\t1\t6\t\t2026-05-01\t2026-06-30\n", format="prices", target_id=draft.pk)

    for upload in (first, second):
        upload.apply(actor=seller)
        do_jobs()
        upload.refresh_from_db()

    assert (first.state, second.state) == ("applied", "reviewed")
    assert second.problem["code"] == "changed-since-review"
    assert days(draft) == [("A", "1", "5", "2026-03-01", "2026-05-31")]


def test_without_a_first_day_a_price_is_valid_from_the_day_of_the_upload(applied, supplier):
    upload = applied("SKU\tPrice\tCurrency\tValid until\nA\t5\tEUR\t\nB\t5\tEUR\t2099-12-31\n", format="prices")

    made, today = only_list(supplier), upload.created_at.date()
    assert (made.valid_from, made.valid_until) == (today, None)
    assert days(made) == [("A", "1", "5", None, None), ("B", "1", "5", None, "2099-12-31")]


def test_an_end_before_the_day_of_the_upload_asks_for_a_first_day(brought):
    ended = date.today() - timedelta(days=400)  # noqa: DTZ011 — any day long past

    upload = brought(f"SKU\tPrice\tCurrency\tValid from\tValid until\nA\t5\tEUR\t\t{ended}\n", format="prices")

    assert told(upload) == {2: ("faulty", "ends-before-it-begins")}

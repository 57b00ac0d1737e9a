"""A table that gives all prices of a published list one last day ends the list, and makes room for the next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from b2b import journal
from b2b.clock import database_now
from b2b.errors import Blocked
from b2b.models import JournalEntry, Organisation
from b2b.policy import Actor
from b2b.uploads.models import Upload
from suppliers.models import PriceList
from tests.factories.suppliers import PriceFactory, PriceListFactory, PublishedPriceListFactory
from tests.suppliers.sheets.prices.test_days import days
from tests.suppliers.sheets.test_catalogue import exported, told

pytestmark = pytest.mark.django_db

HEAD = "SKU\tFrom quantity\tPrice\tCurrency\tValid from\tValid until\n"


@pytest.fixture
def last() -> date:
    """The last day."""
    return database_now().date() + timedelta(days=20)


@pytest.fixture
def following(last: date) -> date:
    return last + timedelta(days=1)


@pytest.fixture
def year(supplier: Organisation, last: date) -> PriceList:
    """Of two items, in force until further notice; a price of one of them has an end of its own."""
    made = PublishedPriceListFactory(supplier=supplier, name="Year")
    a, b = supplier.products.order_by("sku")
    PriceFactory(price_list=made, product=a, unit_price=Decimal(5))
    PriceFactory(price_list=made, product=b, unit_price=Decimal(9), valid_until=last + timedelta(days=100))
    return made


def until(price_list: PriceList) -> date | None:
    return PriceList.objects.get(pk=price_list.pk).valid_until


def table(*rows: tuple[Any, ...]) -> str:
    return HEAD + "".join("\t".join(map(str, row)) + "\n" for row in rows)


def ended(last: date) -> tuple[tuple[Any, ...], ...]:
    return (("A", 1, 5, "EUR", "2026-01-01", last), ("B", 1, 9, "EUR", "2026-01-01", last))


def test_the_list_ends_and_undoing_lets_it_go_on(
    applied: Callable[..., Upload], undone: Callable[..., Upload], brought: Callable[..., Upload],
    supplier: Organisation, year: PriceList, last: date,
) -> None:  # fmt: skip
    before = days(year)

    upload = applied(table(*ended(last)), format="prices")

    assert (upload.counts, told(upload)) == ({"changed": 2}, {2: ("changed",), 3: ("changed",)})
    assert [(row.before, row.after) for row in upload.rows.order_by("number")] == [
        ({"ends": None}, {"ends": last.isoformat()}),
        ({"ends": (last + timedelta(days=100)).isoformat()}, {"ends": last.isoformat()}),
    ]
    assert {row.remark for row in upload.rows.all()} == {f"Ends the published price list Year on {last}."}
    assert (until(year), days(year)) == (last, [("A", "1", "5", None, None), ("B", "1", "9", None, None)])
    assert PriceList.objects.filter(supplier=supplier).count() == 1
    assert brought(table(*ended(last)), format="prices").counts == {"unchanged": 2}

    undone(upload)

    assert (upload.state, until(year), days(year)) == ("undone", None, before)
    steps = JournalEntry.objects.filter(document_id=year.pk).order_by("sequence").values_list("step", flat=True)
    assert list(steps)[-3:] == ["edit", "end", "edit"]
    assert journal.verify() == []


def test_the_prices_behind_the_end_become_a_draft_that_can_be_published(
    applied: Callable[..., Upload], undone: Callable[..., Upload], supplier: Organisation, seller: Actor,
    year: PriceList, last: date, following: date,
) -> None:  # fmt: skip
    upload = applied(table(*ended(last), ("A", 1, 6, "EUR", following, "")), format="prices")

    draft = PriceList.objects.get(supplier=supplier, state="draft")
    assert upload.counts == {"changed": 2, "new": 1}
    assert (until(year), draft.valid_from, days(draft)) == (last, following, [("A", "1", "6", None, None)])

    draft.publish(actor=seller)

    with pytest.raises(Blocked) as refused:
        upload.undo(actor=seller)
    assert {fault.code for fault in refused.value.faults} >= {"gone-on-since"}
    assert until(year) == last


def test_a_blank_end_before_a_next_price_ends_the_list_too(
    applied: Callable[..., Upload], supplier: Organisation, year: PriceList, last: date, following: date
) -> None:
    rows = [
        (sku, 1, price, "EUR", begins, "")
        for sku, old, new in (("A", 5, 6), ("B", 9, 10))
        for price, begins in ((old, "2026-01-01"), (new, following))
    ]

    upload = applied(table(*rows), format="prices")

    assert (upload.counts, until(year)) == ({"changed": 2, "new": 2}, last)
    assert PriceList.objects.get(supplier=supplier, state="draft").valid_from == following


def test_an_export_with_an_end_written_into_every_row_ends_the_list(
    brought: Callable[..., Upload], supplier: Organisation, year: PriceList, last: date
) -> None:
    assert brought(exported(supplier, "prices"), format="prices").counts == {"unchanged": 2}


@pytest.mark.parametrize(("change", "drafts"), [("price", 1), ("one-row", 1), ("past", 1), ("draft", 2)])
def test_a_list_does_not_end_where_the_table_says_more_or_less_than_that(
    applied: Callable[..., Upload], supplier: Organisation, year: PriceList, last: date, change: str, drafts: int
) -> None:
    rows = list(ended(last))
    if change == "price":
        rows[0] = ("A", 1, 7, "EUR", "2026-01-01", last)
    elif change == "one-row":
        rows = rows[:1]
    elif change == "past":
        rows = [(*row[:5], "2026-06-30") for row in rows]
    else:
        PriceListFactory(supplier=supplier)

    applied(table(*rows), format="prices")

    assert until(year) is None
    assert PriceList.objects.filter(supplier=supplier, state="draft").count() == drafts


def test_a_list_that_was_withdrawn_meanwhile_is_not_ended_and_nothing_is_applied(
    brought: Callable[..., Upload], do_jobs: Callable[[], int], seller: Actor, supplier: Organisation,
    year: PriceList, last: date, following: date,
) -> None:  # fmt: skip
    upload = brought(table(*ended(last), ("A", 1, 6, "EUR", following, "")), format="prices")
    PriceList.objects.get(pk=year.pk).withdraw(actor=seller)

    upload.apply(actor=seller)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, until(year)) == ("reviewed", None)
    assert upload.problem["detail"]
    assert not PriceList.objects.filter(supplier=supplier, state="draft").exists()

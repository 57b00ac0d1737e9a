from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from b2b.errors import Blocked, NotAllowed
from suppliers.models import PriceList
from tests.factories.b2b import PlatformFactory, member
from tests.factories.suppliers import CategoryFactory, PriceFactory, ProductFactory, PublishedPriceListFactory
from tests.suppliers.sheets.prices.tables import HEAD

pytestmark = pytest.mark.django_db


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


# --- Prices that follow each other in one list --------------------------------------------------------------
DATED = "SKU\tFrom quantity\tPrice\tValid from\tValid until\n"


def test_a_later_price_of_a_list_is_a_rise_over_the_one_before(into, draft, supplier, seller):
    ProductFactory(supplier=supplier, sku="S", category=CategoryFactory(price_rise_limit=Decimal(10)))
    into(DATED + "S\t1\t8\t\t2026-06-30\nS\t1\t8.80\t2026-07-01\t2026-09-30\nS\t1\t9.69\t2026-10-01\t\n")
    draft.refresh_from_db()

    with pytest.raises(Blocked) as refused:
        draft.publish(actor=seller)

    assert [fault.detail for fault in refused.value.faults] == [
        (
            "S, from quantity 1: from 2026-10-01 on the price rises by 10.1 % over the one before it in this list, more "
            "than the 10 % of its category. Submit the prices for approval."
        )
    ]
    draft.submit(actor=seller)
    assert draft.approve(actor=member(PlatformFactory(), "compliance")).state == "published"


def test_the_review_says_of_a_later_price_that_it_rises_over_the_one_before(brought, draft, supplier):
    ProductFactory(supplier=supplier, sku="S", category=CategoryFactory(price_rise_limit=Decimal(10)))

    upload = brought(DATED + "S\t1\t10\t2026-07-01\t\nS\t1\t8\t\t2026-06-30\n", format="prices", target_id=draft.pk)

    assert dict(upload.rows.values_list("number", "remark")) == {
        2: "Needs approval: rises by 25.0 % over the price before it in this list, more than the 10 % of its category.",
        3: "",
    }


def test_many_small_steps_are_measured_against_the_price_last_in_force(brought, draft, guarded):
    upload = brought(
        DATED + "G\t1\t10.5\t2026-01-01\t2026-03-31\nG\t1\t11\t2026-04-01\t2026-06-30\nG\t1\t11.5\t2026-07-01\t\n",
        format="prices",
        target_id=draft.pk,
    )

    assert dict(upload.rows.values_list("number", "remark")) == {
        2: "",
        3: "",
        4: "Needs approval: rises by 15.0 %, more than the 10 % of its category.",
    }


def test_a_season_that_is_over_is_not_what_was_last_in_force(brought, draft, supplier):
    shelf = CategoryFactory(price_rise_limit=Decimal(10))
    item = ProductFactory(supplier=supplier, sku="S", category=shelf)
    old = PublishedPriceListFactory(supplier=supplier, currency="EUR")
    PriceFactory(price_list=old, product=item, unit_price=Decimal(10))
    season = {"valid_from": date(2026, 2, 1), "valid_until": date(2026, 2, 28)}
    PriceFactory(price_list=old, product=item, unit_price=Decimal(5), min_quantity=100, **season)

    upload = brought(HEAD + "S\t1\t10\t\nS\t100\t10\t\n", format="prices", target_id=draft.pk)

    assert set(upload.rows.values_list("remark", flat=True)) == {""}

"""An order is made and edited: its lines, sums, taxes and what an award has settled."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b2b.errors import Invalid
from b2b.policy import CLOCK
from b2b.workflow import editing
from procurement import ordering
from procurement.models import PurchaseOrder
from procurement.ordering import OrderedLine, order_from
from tests.factories.procurement import (
    order_of,
    ordered,
    policy_for,
    trade,
)
from tests.factories.suppliers import ListedProductFactory, PriceFactory

pytestmark = pytest.mark.django_db


def test_an_order_sums_its_rounded_lines_and_taxes_the_sum(side):
    lines = ordered(3, quantity=Decimal(1), unit_price=Decimal("0.335"), source_unit_price=Decimal("0.335"))

    order = order_of(side, lines=lines)

    assert [line.amount for line in order.lines.all()] == [Decimal("0.34")] * 3
    assert (order.net, order.tax, order.total) == (Decimal("1.02"), Decimal("0.19"), Decimal("1.21"))


def test_an_order_made_from_a_source_is_made_once_per_supplier(side):
    facts = {
        "buyer_id": side.buyer.pk, "supplier_id": side.supplier.pk, "source": "quotations.award/1",
        "currency": "EUR", "payment_terms": "net_30", "actor": CLOCK,
    }  # fmt: skip

    first = order_from(lines=ordered(2, source_unit_price=None), **facts)
    again = order_from(lines=ordered(1), **facts)

    assert again.pk == first.pk
    assert PurchaseOrder.objects.count() == 1
    assert set(first.lines.values_list("source_unit_price", flat=True)) == {Decimal("1.5")}


@pytest.mark.parametrize("who", ["the buyer itself", "somebody who supplies nothing"])
def test_an_order_goes_to_another_organisation_that_supplies(side, codes, who):
    other = side.buyer if who == "the buyer itself" else trade().buyer
    order = PurchaseOrder(buyer=side.buyer, supplier=other, currency="EUR")

    with pytest.raises(Invalid) as refusal:
        ordering.draft(order, ordered(), actor=side.clerk)

    assert codes(refusal) == ["unknown-supplier"]
    assert PurchaseOrder.objects.count() == 0


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"unit": "BOX9"}, "#/lines/0/unit", "unknown-unit"),
        ({"quantity": Decimal(-1)}, "#/lines/0/quantity", "not-positive"),
        ({"unit_price": Decimal(-1)}, "#/lines/0/unit_price", "negative-price"),
        ({"unit_price": None}, "#/lines/0/unit_price", "no-price"),
        ({"vat_rate": Decimal(0)}, "#/lines/0/vat_rate", "tax-does-not-fit"),
    ],
)
def test_a_line_that_cannot_stand_is_named_and_nothing_is_written(side, values, pointer, code):
    with pytest.raises(Invalid) as refusal:
        order_of(side, lines=ordered(1, **values))

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, code)]
    assert PurchaseOrder.objects.count() == 0


def test_lines_without_a_tax_take_the_organisations_usual_one(side):
    policy_for(side.buyer, vat_category="S", vat_rate=Decimal(13))

    order = order_of(side, lines=ordered(1, vat_category=None, vat_rate=None))

    assert (order.net, order.tax) == (Decimal(150), Decimal("19.50"))


@pytest.mark.parametrize(
    ("second", "code"),
    [
        ({"vat_category": "O", "vat_rate": Decimal(0)}, "tax-does-not-fit"),
        ({"quantity": Decimal("9e13"), "unit_price": Decimal("9e13")}, "amount-too-large"),
        ({"quantity": Decimal("9e13"), "unit_price": Decimal(111)}, "total-too-large"),
    ],
)
def test_lines_that_cannot_be_summed_are_refused(side, codes, second, code):
    first, other = (
        ordered(2, quantity=Decimal("9e13"), unit_price=Decimal(100)) if code == "total-too-large" else ordered()
    )

    with pytest.raises(Invalid) as refusal:
        order_of(side, lines=[first, replace(other, **second)])

    assert codes(refusal) == [code]
    assert PurchaseOrder.objects.count() == 0


def awarded_order(side):
    return order_from(
        buyer_id=side.buyer.pk, supplier_id=side.supplier.pk, source="quotations.award/1", currency="EUR",
        payment_terms="net_30", lines=ordered(2, source_unit_price=None), actor=CLOCK,
    )  # fmt: skip


def test_an_edited_line_keeps_the_price_agreed_for_it(side):
    order = awarded_order(side)

    with editing(order, actor=side.clerk):
        ordering.revise(order, {}, ordered(2, source_unit_price=None, quantity=Decimal(60)))

    assert order.submit(actor=side.clerk).state == "pending_approval"
    assert order.net == 180


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"quantity": Decimal(101)}, "#/lines/1/quantity"),
        ({"number": 3}, "#/lines/1/number"),
        ({"item": "Something else"}, "#/lines/1/item"),
    ],
)
def test_no_more_is_ordered_than_the_award_has_settled(side, changes, pointer):
    order = awarded_order(side)
    first, second = ordered(2, source_unit_price=None)

    with pytest.raises(Invalid) as refusal, editing(order, actor=side.clerk):
        ordering.revise(order, {}, [first, replace(second, **changes)])

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, "settled-by-source")]
    assert list(order.lines.values_list("quantity", flat=True)) == [100, 100]


def test_the_award_settles_supplier_currency_and_terms(side, codes):
    order = awarded_order(side)
    head = {"currency": "USD", "payment_terms": "net_90", "supplier": trade().supplier, "note": "Gate 3"}

    with pytest.raises(Invalid) as refusal, editing(order, actor=side.clerk):
        ordering.revise(order, head)

    order.refresh_from_db()
    assert codes(refusal) == ["settled-by-source"] * 3
    assert (order.currency, order.supplier, order.note) == ("EUR", side.supplier, "")


def test_another_supplier_has_agreed_to_no_price(side):
    order = order_of(side)

    with editing(order, actor=side.clerk):
        ordering.revise(order, {"supplier": trade().supplier})

    assert set(order.lines.values_list("source_unit_price", flat=True)) == {None}


def test_another_supplier_does_not_deliver_this_ones_products(side, codes):
    product = PriceFactory(product=ListedProductFactory(supplier=side.supplier)).product
    order = order_of(side, lines=[OrderedLine(number=1, quantity=Decimal(1), product_id=product.pk)])

    with pytest.raises(Invalid) as refusal, editing(order, actor=side.clerk):
        ordering.revise(order, {"supplier": trade().supplier})

    assert codes(refusal) == ["products-of-another"]

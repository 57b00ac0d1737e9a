"""How orders end, and what their steps cost."""

from datetime import timedelta
from decimal import Decimal

import pytest

from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.workflow import editing
from credit import ledger
from procurement.models import PurchaseOrder
from procurement.ordering import OrderedLine
from suppliers.models import ScoreFact
from tests.factories.procurement import (
    acknowledged_order,
    invoice_of,
    issued_order,
    order_of,
    ordered,
    receive,
    tomorrow,
)
from tests.factories.suppliers import ListedProductFactory, PriceFactory

pytestmark = pytest.mark.django_db
TOTAL = Decimal(357)


def held(side, order):
    return ledger.held_for(side.account, order.reference)


def test_a_cancelled_order_gives_its_credit_back(side):
    order = acknowledged_order(side)

    with pytest.raises(NotAllowed):
        order.cancel(actor=side.clerk, reason="Not needed.")
    order.cancel(actor=side.manager, reason="Not needed.")

    assert (order.state, held(side, order)) == ("cancelled", 0)


def test_an_invoiced_order_is_not_cancelled(side, codes, state_of):
    order = acknowledged_order(side)
    invoice_of(side, order)

    with pytest.raises(Blocked) as refusal:
        order.cancel(actor=side.manager, reason="Not needed.")

    assert codes(refusal) == ["already-invoiced"]
    assert state_of(order) == "acknowledged"


def test_a_received_order_is_closed_with_a_reason_and_not_cancelled(side, codes):
    order = acknowledged_order(side)
    receive(side, order, 40)
    order.refresh_from_db()

    with pytest.raises(WrongState):
        order.cancel(actor=side.manager, reason="Not needed.")
    with pytest.raises(Blocked) as refusal:
        order.close(actor=side.clerk)
    order.close(actor=side.clerk, reason="The rest is not needed.")

    assert codes(refusal) == ["not-received", "not-invoiced"]
    assert (order.state, held(side, order)) == ("closed", 0)


def test_open_invoices_are_decided_before_an_order_closes(side, codes, state_of):
    order = acknowledged_order(side)
    receive(side, order, 40)
    order.refresh_from_db()
    invoice_of(side, order).submit(actor=side.sales)

    with pytest.raises(Blocked) as refusal:
        order.close(actor=side.clerk, reason="Enough.")

    assert codes(refusal) == ["invoices-open"]
    assert state_of(order) == "partially_received"


def test_an_issued_order_is_not_edited(side):
    order = issued_order(side)

    with pytest.raises(WrongState), editing(order, actor=side.clerk):
        order.note = "Too late."


def test_a_stale_copy_cannot_repeat_a_step(side):
    order = order_of(side)
    stale = PurchaseOrder.objects.get(pk=order.pk)
    order.submit(actor=side.clerk)

    with pytest.raises(WrongState):
        stale.submit(actor=side.clerk)

    assert held(side, order) == TOTAL


@pytest.mark.parametrize("count", [3, 300])
def test_statements_do_not_grow_with_the_lines(side, alone, django_assert_max_num_queries, count):
    lines = ordered(count, quantity=Decimal(1))

    with django_assert_max_num_queries(85):
        order = order_of(side, lines=lines)
        order.submit(actor=side.clerk).approve(actor=side.manager).issue(actor=side.clerk)
        order.acknowledge(actor=side.sales)
        receive(side, order, 1)

    assert PurchaseOrder.objects.get(pk=order.pk).state == "received"


def test_lines_of_a_product_take_name_unit_and_price_from_the_catalogue(side):
    product = PriceFactory(product=ListedProductFactory(supplier=side.supplier), unit_price=Decimal("2.40")).product

    order = order_of(side, lines=[OrderedLine(number=1, quantity=Decimal(10), product_id=product.pk)])

    line = order.lines.get()
    assert (line.item, line.unit, line.unit_price) == (product.name, product.unit, Decimal("2.40"))
    assert order.submit(actor=side.clerk).state == "pending_approval"


def test_a_product_of_another_supplier_is_not_ordered(side, codes):
    product = PriceFactory(product=ListedProductFactory()).product

    with pytest.raises(Invalid) as refusal:
        order_of(side, lines=[OrderedLine(number=1, quantity=Decimal(10), product_id=product.pk)])

    assert codes(refusal) == ["product-not-offered"]


def test_waiting_for_ever_is_late(side, deliver):
    """What was promised for a day that has passed and was then cancelled counts as never delivered."""
    order = acknowledged_order(side)
    order.lines.update(promised_on=tomorrow() - timedelta(days=3))

    order.cancel(actor=side.manager, reason="It never came.")
    deliver()

    facts = ScoreFact.objects.filter(component="on_time_in_full")
    assert [(fact.line, fact.mark) for fact in facts.order_by("line")] == [("1", 0), ("2", 0)]

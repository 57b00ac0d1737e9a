from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b2b.clock import database_now
from b2b.errors import DomainError, Invalid, NotAllowed, WrongState
from procurement import receiving
from procurement.models import GoodsReceipt, PurchaseOrder
from procurement.workflow.arriving import AlreadyInvoiced, Arrival, OverTolerance
from suppliers.models import ScoreFact
from tests.factories.procurement import (
    acknowledged_order,
    arrivals,
    issued_order,
    matched_invoice,
    policy_for,
    receive,
    tomorrow,
    trade,
)

pytestmark = pytest.mark.django_db


def moved(order):
    return list(order.lines.order_by("number").values_list("received", "rejected"))


def test_what_came_moves_the_lines_and_the_order(side, state_of):
    order = acknowledged_order(side)

    receipt = receive(side, order, 40)
    partly = state_of(order)
    receive(side, order, 60)

    assert receipt.number.startswith("GRN-")
    assert (receipt.state, receipt.lines.count()) == ("posted", 2)
    assert (partly, state_of(order)) == ("partially_received", "received")
    assert moved(order) == [(100, 0), (100, 0)]


def test_what_inspection_refuses_does_not_count_as_received(side, state_of):
    order = acknowledged_order(side)

    receive(side, order, 100, rejected=Decimal(30), reason="damaged")
    after_refusal = state_of(order)
    receive(side, order, 30)

    assert after_refusal == "partially_received"
    assert state_of(order) == "received"
    assert moved(order) == [(100, 30), (100, 30)]


def test_nothing_is_received_beyond_the_tolerance(side, codes, state_of):
    policy_for(side.buyer, receipt_tolerance=Decimal("0.05"))
    order = acknowledged_order(side)
    receive(side, order, 100)

    with pytest.raises(OverTolerance) as refusal:
        _receive_more(side, order, Decimal("5.000001"))

    assert codes(refusal) == ["over-tolerance"]
    assert refusal.value.faults[0].detail == "At most 5 C62 more can be received on line 1."
    assert moved(order) == [(100, 0), (100, 0)]
    assert GoodsReceipt.objects.count() == 1


def _receive_more(side, order, quantity):
    order.refresh_from_db()
    PurchaseOrder.objects.filter(pk=order.pk).update(state="partially_received")
    line = order.lines.get(number=1)
    return receiving.post(
        order, received_on=database_now().date(), lines=[Arrival(line.pk, quantity)], actor=side.receiver
    )


def test_the_tolerance_itself_may_be_used_up(side):
    policy_for(side.buyer, receipt_tolerance=Decimal("0.05"))
    order = acknowledged_order(side)

    receive(side, order, 105)

    assert moved(order) == [(105, 0), (105, 0)]


def test_the_database_has_the_last_word_on_the_tolerance(side):
    order = acknowledged_order(side)

    with pytest.raises(IntegrityError, match="order_line_received_within_tolerance"), transaction.atomic():
        order.lines.update(received=Decimal("100.000001"))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"quantity": Decimal(0)}, "not-positive"),
        ({"quantity": Decimal(-5)}, "not-positive"),
        ({"rejected": Decimal(11), "reason": "damaged"}, "rejected-more-than-came"),
        ({"rejected": Decimal(1)}, "required"),
        ({"order_line_id": uuid4()}, "unknown-line"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_and_nothing_moves(side, codes, state_of, values, code):
    order = acknowledged_order(side)
    first, second = arrivals(order, 10)

    with pytest.raises(Invalid) as refusal:
        receiving.post(order, received_on=tomorrow(0), lines=[replace(first, **values), second], actor=side.receiver)

    assert codes(refusal) == [code]
    assert (state_of(order), moved(order)) == ("acknowledged", [(0, 0), (0, 0)])
    assert GoodsReceipt.objects.count() == 0


def test_a_line_is_named_once_in_a_receipt(side, codes):
    order = acknowledged_order(side)
    line = arrivals(order, 10)[0]

    with pytest.raises(Invalid) as refusal:
        receiving.post(order, received_on=tomorrow(0), lines=[line, line], actor=side.receiver)

    assert codes(refusal) == ["line-twice", "line-twice"]


@pytest.mark.parametrize(("days", "code"), [(2, "date-ahead")])
def test_nothing_is_received_in_the_future(side, codes, days, code):
    order = acknowledged_order(side)

    with pytest.raises(Invalid) as refusal:
        receiving.post(order, received_on=tomorrow(days), lines=arrivals(order), actor=side.receiver)

    assert codes(refusal) == [code]
    assert moved(order) == [(0, 0), (0, 0)]


def test_only_a_receiver_of_the_buyer_receives_and_only_what_is_acknowledged(side):
    issued, acknowledged = issued_order(side), acknowledged_order(side)

    with pytest.raises(NotAllowed):
        receiving.post(acknowledged, received_on=tomorrow(0), lines=arrivals(acknowledged), actor=side.clerk)
    with pytest.raises(NotAllowed):
        receiving.post(acknowledged, received_on=tomorrow(0), lines=arrivals(acknowledged), actor=side.stranger)
    with pytest.raises(WrongState):
        receiving.post(issued, received_on=tomorrow(0), lines=arrivals(issued), actor=side.receiver)

    assert GoodsReceipt.objects.count() == 0


# --- Reversal ----------------------------------------------------------------------------------
def test_a_reversed_receipt_takes_its_quantities_back(side, state_of):
    order = acknowledged_order(side)
    first, second = receive(side, order, 40), receive(side, order, 60)

    second.reverse(actor=side.receiver, reason="Counted twice.")
    after_one = state_of(order)
    first.reverse(actor=side.manager, reason="Counted twice.")

    assert (after_one, state_of(order)) == ("partially_received", "acknowledged")
    assert moved(order) == [(0, 0), (0, 0)]


def test_a_receipt_is_reversed_once(side):
    order = acknowledged_order(side)
    receipt = receive(side, order, 40)
    stale = GoodsReceipt.objects.get(pk=receipt.pk)
    receipt.reverse(actor=side.receiver, reason="Counted twice.")

    with pytest.raises(WrongState):
        stale.reverse(actor=side.receiver, reason="Counted twice.")

    assert moved(order) == [(0, 0), (0, 0)]


def test_what_is_invoiced_is_not_reversed(side, codes, state_of):
    order = acknowledged_order(side)
    receipt = receive(side, order)
    order.refresh_from_db()
    matched_invoice(side, order)

    with pytest.raises(AlreadyInvoiced) as refusal:
        receipt.reverse(actor=side.receiver, reason="Counted twice.")

    assert codes(refusal) == ["already-invoiced", "already-invoiced"]
    assert (state_of(receipt), moved(order)) == ("posted", [(100, 0), (100, 0)])


# --- What others hear --------------------------------------------------------------------------
def marks(component="on_time_in_full"):
    return {fact.line: fact.mark for fact in ScoreFact.objects.filter(component=component, weight__gt=0)}


def test_scoring_hears_whether_each_line_came_by_its_promised_day(side, deliver):
    order = acknowledged_order(side)
    order.lines.filter(number=2).update(promised_on=database_now().date() - timedelta(days=1))

    receive(side, order)
    deliver()

    assert marks() == {"1": 1, "2": 0}


def test_scoring_hears_of_refusals_and_forgets_a_reversed_receipt(side, deliver):
    order = acknowledged_order(side)
    receipt = receive(side, order, 50, rejected=Decimal(25), reason="quality")
    deliver()
    before = marks("quality")

    receipt.reverse(actor=side.receiver, reason="Another order's goods.")
    deliver()

    assert before == {"1": Decimal("0.5"), "2": Decimal("0.5")}
    assert marks("quality") == {}


# --- What must always hold ---------------------------------------------------------------------
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    tolerance=st.decimals(0, Decimal("0.2"), places=4),
    moves=st.lists(st.tuples(st.integers(1, 70), st.integers(0, 100), st.booleans()), max_size=6),
)
def test_received_is_what_the_standing_receipts_accept_and_never_beyond_tolerance(tolerance, moves):
    with transaction.atomic():
        side = trade(receipt_tolerance=tolerance)
        order = acknowledged_order(side)

        for quantity, refused_percent, reverse in moves:
            _try_to_move(side, order, Decimal(quantity), Decimal(quantity * refused_percent) / 100, reverse=reverse)

        line = order.lines.get(number=1)
        standing = [row for row in _receipt_lines(order) if row.receipt.state == "posted"]
        assert line.received == sum(row.quantity - row.rejected for row in standing)
        assert line.rejected == sum(row.rejected for row in standing)
        assert line.received <= line.quantity * (1 + tolerance)
        transaction.set_rollback(True)


def _try_to_move(side, order, quantity, rejected, *, reverse):
    order.refresh_from_db()
    line = Arrival(order.lines.get(number=1).pk, quantity, rejected, "quality" if rejected else "")
    try:
        with transaction.atomic():
            receipt = receiving.post(order, received_on=tomorrow(0), lines=[line], actor=side.receiver)
            if reverse:
                receipt.reverse(actor=side.receiver, reason="Again.")
    except DomainError:
        pass


def _receipt_lines(order):
    return [row for receipt in order.receipts.all() for row in receipt.lines.select_related("receipt", "order_line")]

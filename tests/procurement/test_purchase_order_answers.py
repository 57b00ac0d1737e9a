"""What a supplier answers to an order: yes, no, or a change."""

from decimal import Decimal

import pytest

from b2b.errors import Invalid, NotAllowed
from credit import ledger
from credit.ledger import CreditExceeded
from procurement.models import OrderChange, PurchaseOrder
from procurement.workflow.changing import ProposedLine
from procurement.workflow.promising import Promise
from tests.factories.b2b import member
from tests.factories.procurement import (
    approved_order,
    issued_order,
    ordered,
    policy_for,
    tomorrow,
    trade,
)

pytestmark = pytest.mark.django_db
TOTAL = Decimal(357)


def held(side, order):
    return ledger.held_for(side.account, order.reference)


def test_issuing_numbers_the_order_and_shows_it_to_its_supplier(side):
    order = approved_order(side)
    before = PurchaseOrder.objects.visible_to(side.sales).count()

    order.issue(actor=side.clerk)

    assert order.number.startswith("PO-")
    assert (before, PurchaseOrder.objects.visible_to(side.sales).get()) == (0, order)
    assert PurchaseOrder.objects.visible_to(side.rival).count() == 0
    assert PurchaseOrder.objects.visible_to(side.stranger).count() == 0


def test_acknowledging_freezes_the_requested_dates_as_promises(side):
    order = issued_order(side)

    order.acknowledge(actor=side.sales)

    assert set(order.lines.values_list("promised_on", flat=True)) == {tomorrow(14)}


def test_a_line_without_a_date_needs_a_promise(side, codes, state_of):
    order = issued_order(side, lines=ordered(2, requested_on=None))

    with pytest.raises(Invalid) as refusal:
        order.acknowledge(actor=side.sales, promised=[Promise(1, tomorrow(20))])
    before = state_of(order)
    order.acknowledge(actor=side.sales, promised=[Promise(1, tomorrow(20)), Promise(2, tomorrow(21))])

    assert (before, codes(refusal)) == ("issued", ["no-promised-date"])
    assert list(order.lines.order_by("number").values_list("promised_on", flat=True)) == [tomorrow(20), tomorrow(21)]


@pytest.mark.parametrize(("number", "days", "code"), [(1, 15, "promise-too-late"), (9, 3, "unknown-line")])
def test_a_promise_is_for_a_line_and_not_later_than_requested(side, codes, state_of, number, days, code):
    order = issued_order(side)

    with pytest.raises(Invalid) as refusal:
        order.acknowledge(actor=side.sales, promised=[Promise(number, tomorrow(days))])

    assert codes(refusal) == [code]
    assert state_of(order) == "issued"
    assert set(order.lines.values_list("promised_on", flat=True)) == {None}


def test_another_supplier_may_not_answer(side, state_of):
    order = issued_order(side)

    with pytest.raises(NotAllowed):
        order.acknowledge(actor=side.rival)

    assert state_of(order) == "issued"


def test_a_rejected_order_gives_its_credit_back(side):
    order = issued_order(side).reject_order(actor=side.sales, reason="Sold out.")

    assert (order.state, held(side, order)) == ("supplier_rejected", 0)


def proposed(order, side, **values):
    return order.propose_change(actor=side.sales, reason="Zinc is short.", lines=[ProposedLine(1, **values)])


def test_a_proposal_changes_nothing_until_it_is_accepted(side):
    order = proposed(issued_order(side), side, quantity=Decimal(50))

    assert order.state == "change_proposed"
    assert order.lines.get(number=1).quantity == 100
    assert order.changes.get().state == "open"


def test_an_accepted_change_within_tolerance_is_acknowledged_and_held_anew(side):
    order = proposed(issued_order(side), side, quantity=Decimal(50), promised_on=tomorrow(30))

    order.accept_change(actor=side.clerk)

    line = order.lines.get(number=1)
    assert (order.state, order.total, held(side, order)) == ("acknowledged", Decimal("267.75"), Decimal("267.75"))
    assert (line.quantity, line.amount, line.promised_on) == (50, 75, tomorrow(30))
    assert order.lines.get(number=2).promised_on == tomorrow(14)
    assert OrderChange.objects.get().state == "accepted"


def test_a_change_beyond_tolerance_is_approved_by_another_person_and_issued_again(side, state_of):
    policy_for(side.buyer, change_tolerance=Decimal("0.05"))
    both = member(side.buyer, "buyer", "buying_manager")
    order = proposed(issued_order(side), side, unit_price=Decimal("1.7"))
    number = order.number

    order.accept_change(actor=both)
    waiting = state_of(order)
    with pytest.raises(NotAllowed):
        order.approve(actor=both)
    order.approve(actor=side.manager).issue(actor=side.clerk).acknowledge(actor=side.sales)

    assert waiting == "pending_approval"
    assert (order.state, order.number, order.approved_total) == ("acknowledged", number, Decimal("380.80"))
    assert held(side, order) == Decimal("380.80")


def test_small_changes_add_up_against_what_was_approved(side):
    policy_for(side.buyer, change_tolerance=Decimal("0.05"))
    order = issued_order(side)

    order = proposed(order, side, unit_price=Decimal("1.6")).accept_change(actor=side.clerk)

    assert (order.state, order.total, order.approved_total) == ("acknowledged", Decimal("368.90"), TOTAL)


def test_a_change_the_credit_does_not_cover_is_not_accepted(state_of):
    side = trade(limit=400)
    order = proposed(issued_order(side), side, quantity=Decimal(1000))

    with pytest.raises(CreditExceeded):
        order.accept_change(actor=side.clerk)

    assert state_of(order) == "change_proposed"
    assert order.lines.get(number=1).quantity == 100
    assert held(side, order) == TOTAL


def test_a_refused_change_leaves_the_order_as_it_was_issued(side):
    order = proposed(issued_order(side), side, quantity=Decimal(50))

    order.refuse_change(actor=side.clerk, reason="We need all of it.")

    change = order.changes.get()
    assert (order.state, order.total) == ("issued", TOTAL)
    assert (change.state, change.answer) == ("refused", "We need all of it.")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (ProposedLine(1), "nothing-changes"),
        (ProposedLine(9, quantity=Decimal(1)), "unknown-line"),
        (ProposedLine(1, quantity=Decimal(0)), "not-positive"),
        (ProposedLine(1, unit_price=Decimal(-1)), "negative-price"),
    ],
)
def test_a_proposal_says_something_possible(side, codes, state_of, line, code):
    order = issued_order(side)

    with pytest.raises(Invalid) as refusal:
        order.propose_change(actor=side.sales, reason="", lines=[line])

    assert codes(refusal) == [code]
    assert state_of(order) == "issued"
    assert OrderChange.objects.count() == 0

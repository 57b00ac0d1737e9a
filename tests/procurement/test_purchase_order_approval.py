"""An order is submitted, holds credit, and is approved by others than who wrote it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from b2b.workflow import editing
from credit import ledger
from credit.ledger import CreditExceeded
from credit.models import CreditAccount
from procurement import ordering
from procurement.ordering import order_from
from suppliers.models import Qualification
from tests.factories.b2b import member
from tests.factories.procurement import (
    approved_order,
    order_of,
    ordered,
    policy_for,
    tomorrow,
    trade,
)

pytestmark = pytest.mark.django_db
TOTAL = Decimal(357)


def held(side, order):
    return ledger.held_for(side.account, order.reference)


def test_submitting_holds_the_total_on_the_credit_account(side):
    order = order_of(side)

    order.submit(actor=side.clerk)

    assert order.state == "pending_approval"
    assert held(side, order) == TOTAL
    assert order.credit_account_id == side.account.pk


def test_an_order_over_the_credit_is_refused_and_stays_a_draft(side, state_of):
    poor = trade(limit=356)
    order = order_of(poor)

    with pytest.raises(CreditExceeded):
        order.submit(actor=poor.clerk)

    assert state_of(order) == "draft"
    assert held(poor, order) == 0
    assert JournalEntry.objects.of(order).filter(step="submit").count() == 0


def test_a_prepaid_order_holds_nothing(side):
    order = order_of(side, payment_terms="prepaid").submit(actor=side.clerk)

    assert (order.credit_account_id, held(side, order)) == (None, 0)


def test_without_an_account_one_pays_in_advance(side, codes, state_of):
    order = order_of(side, currency="USD")

    with pytest.raises(Blocked) as refusal:
        order.submit(actor=side.clerk)

    assert codes(refusal) == ["no-credit-account"]
    assert state_of(order) == "draft"


def test_a_price_that_differs_needs_a_reason(side, codes):
    lines = ordered(3)
    lines[1] = replace(lines[1], unit_price=Decimal("1.6"))
    lines[2] = replace(lines[2], source_unit_price=None)
    order = order_of(side, lines=lines)

    with pytest.raises(Blocked) as refusal:
        order.submit(actor=side.clerk)
    with editing(order, actor=side.clerk):
        lines[1] = replace(lines[1], variance_reason="Zinc got dearer.")
        lines[2] = replace(lines[2], variance_reason="Asked by telephone.")
        ordering.rewrite(order, lines)
    order.submit(actor=side.clerk)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("#/lines/2/unit_price", "price-differs"),
        ("#/lines/3/unit_price", "price-without-source"),
    ]
    assert order.state == "pending_approval"


def test_one_reason_may_stand_for_all_prices(side):
    order = order_of(side, lines=ordered(2, source_unit_price=None), variance_reason="Bought at the fair.")

    assert order.submit(actor=side.clerk).state == "pending_approval"


def test_a_supplier_one_may_not_order_from_stops_the_order(side, codes, state_of):
    Qualification.objects.update(state="suspended")
    order = order_of(side)

    with pytest.raises(Blocked) as refusal:
        order.submit(actor=side.clerk)

    assert codes(refusal) == ["supplier-barred"]
    assert state_of(order) == "draft"


def test_nobody_approves_what_they_wrote_or_edited(side, state_of):
    both = member(side.buyer, "buyer", "buying_manager")
    order = order_of(side)
    with editing(order, actor=both):
        order.note = "Deliver to gate 3."
    order.submit(actor=side.clerk)

    with pytest.raises(NotAllowed):
        order.approve(actor=both)

    assert state_of(order) == "pending_approval"
    assert order.approve(actor=side.manager).state == "approved"


def test_from_the_second_limit_finance_approves_as_well(side, state_of):
    policy_for(side.buyer, order_second_limit=TOTAL)
    order = order_of(side).submit(actor=side.clerk)

    order.approve(actor=side.manager)
    waiting = state_of(order)
    with pytest.raises(NotAllowed):
        order.approve(actor=member(side.buyer, "buying_manager"))
    order.approve(actor=side.finance)

    assert (waiting, order.state) == ("pending_approval", "approved")
    assert list(order.approvals.values_list("role", flat=True)) == ["buying_manager", "finance"]


def test_one_person_with_both_roles_gives_one_approval_only(side, state_of):
    policy_for(side.buyer, order_second_limit=TOTAL)
    both = member(side.buyer, "buying_manager", "finance")
    order = order_of(side).submit(actor=side.clerk).approve(actor=both)

    with pytest.raises(NotAllowed):
        order.approve(actor=both)

    assert state_of(order) == "pending_approval"
    assert order.approvals.count() == 1


def test_an_editor_does_not_approve_second_either(side):
    policy_for(side.buyer, order_second_limit=TOTAL)
    both = member(side.buyer, "buyer", "finance")
    order = order_of(side)
    with editing(order, actor=both):
        order.note = "Deliver to gate 3."
    order.submit(actor=side.clerk).approve(actor=side.manager)

    with pytest.raises(NotAllowed):
        order.approve(actor=both)

    assert order.approvals.count() == 1


@pytest.mark.parametrize(("step", "state"), [("send_back", "draft"), ("reject", "rejected")])
def test_what_is_not_approved_gives_its_credit_back(side, step, state):
    order = order_of(side).submit(actor=side.clerk)

    getattr(order, step)(actor=side.manager, reason="Too dear.")

    assert (order.state, held(side, order)) == (state, 0)


def test_an_order_sent_back_is_held_anew_when_it_is_submitted_again(side):
    order = order_of(side).submit(actor=side.clerk).send_back(actor=side.manager, reason="One line less.")

    with editing(order, actor=side.clerk):
        ordering.rewrite(order, ordered(1))
    order.submit(actor=side.clerk)

    assert held(side, order) == Decimal("178.50")


def called_off(side, lines=None, source="contracts.calloff/1"):
    return order_from(
        buyer_id=side.buyer.pk, supplier_id=side.supplier.pk, source=source, currency="EUR", payment_terms="net_30",
        lines=lines or ordered(), actor=side.clerk,
    )  # fmt: skip


def test_a_call_off_under_the_limit_is_approved_by_the_clock(side, deliver):
    order = called_off(side)

    deliver()

    order.refresh_from_db()
    assert (order.state, order.approved_total, held(side, order)) == ("approved", TOTAL, TOTAL)


def test_a_call_off_over_the_limit_waits_for_a_person(side, deliver, state_of):
    policy_for(side.buyer, order_approval_limit=Decimal(356))
    order = called_off(side)

    deliver()

    assert state_of(order) == "draft"
    assert order.submit(actor=side.clerk).state == "pending_approval"


def test_an_order_outside_a_contract_is_never_approved_by_the_clock(side, codes, state_of):
    order = order_of(side)

    with pytest.raises(Blocked) as refusal:
        order.auto_approve(actor=CLOCK)

    assert codes(refusal) == ["not-under-contract"]
    assert state_of(order) == "draft"


def stop_account(side, state="on_hold"):
    CreditAccount.objects.filter(pk=side.account.pk).update(state=state)


def test_the_clock_holds_an_approved_order_while_its_account_is_stopped_and_releases_it_when_cured(side, state_of):
    order = approved_order(side)

    stop_account(side)
    take_due_steps()
    stopped = state_of(order)
    stop_account(side, "active")
    take_due_steps()

    assert (stopped, state_of(order)) == ("credit_hold", "approved")


def test_an_order_whose_account_is_stopped_is_not_issued(side, codes, state_of):
    order = approved_order(side)
    stop_account(side)

    with pytest.raises(Blocked) as refusal:
        order.issue(actor=side.clerk)

    assert codes(refusal) == ["credit-on-hold"]
    assert state_of(order) == "approved"


def test_finance_overrides_a_hold_with_a_reason_and_a_last_day(side, codes):
    order = approved_order(side)
    stop_account(side)
    order.hold(actor=CLOCK)

    with pytest.raises(Blocked):
        order.release(actor=side.finance)
    with pytest.raises(Invalid) as refusal:
        order.release(actor=side.finance, until=tomorrow(-1), reason="")
    order.release(actor=side.finance, until=tomorrow(3), reason="Payment is on its way.")
    take_due_steps()
    order.refresh_from_db()

    assert codes(refusal) == ["until-in-the-past", "required"]
    assert (order.state, order.credit_override_until) == ("approved", tomorrow(3))
    assert order.issue(actor=side.clerk).state == "issued"


def test_an_account_in_order_is_no_reason_to_hold(side, codes, state_of):
    order = approved_order(side)

    with pytest.raises(Blocked) as refusal:
        order.hold(actor=CLOCK)

    assert codes(refusal) == ["credit-in-order"]
    assert state_of(order) == "approved"

"""Approving by enough people, owing, paying, holding and taking back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.policy import CLOCK
from credit import ledger
from procurement.models import Invoice, InvoicePayment
from suppliers.models import BankAccount
from tests.factories.b2b import member
from tests.factories.procurement import (
    in_days,
    invoice_of,
    matched_invoice,
    policy_for,
    received_order,
    tomorrow,
    trade,
)
from tests.procurement.billing import TOTAL, invoiced

pytestmark = pytest.mark.django_db


def owed(side, invoice):
    return ledger.owed_on(side.account, invoice.reference)


def test_approving_turns_what_the_order_held_into_what_is_owed(side):
    order = received_order(side)
    invoice = matched_invoice(side, order)

    invoice.approve(actor=side.finance)

    assert (invoice.state, owed(side, invoice)) == ("approved", TOTAL)
    assert ledger.held_for(side.account, order.reference) == 0


def test_paying_gives_the_credit_back_where_it_was(side):
    order = received_order(side)
    invoice = matched_invoice(side, order).approve(actor=side.finance)
    invoice.schedule(actor=side.finance, pay_on=tomorrow())

    invoice.pay(actor=side.finance, amount=Decimal(57), paid_on=tomorrow(0), reference="SEPA-1")
    partly = (invoice.state, owed(side, invoice))
    invoice.pay(actor=side.finance, amount=Decimal(300), paid_on=tomorrow(0), reference="SEPA-2")

    side.account.refresh_from_db()
    assert partly == ("partially_paid", 300)
    assert (invoice.state, invoice.paid, side.account.held, side.account.drawn) == ("paid", TOTAL, 0, 0)


def test_a_fully_billed_order_is_closed_by_the_clock(side, state_of):
    order = received_order(side)
    matched_invoice(side, order).approve(actor=side.finance)

    take_due_steps()

    assert state_of(order) == "closed"


@pytest.mark.parametrize(
    ("amount", "reference", "code"),
    [
        (Decimal("357.01"), "SEPA-9", "more-than-open"),
        (Decimal(0), "SEPA-9", "not-an-amount"),
        (Decimal(-1), "SEPA-9", "not-an-amount"),
        (Decimal("0.001"), "SEPA-9", "not-an-amount"),
        (Decimal(1), "SEPA-1", "payment-recorded"),
    ],
)
def test_a_payment_that_cannot_be_is_refused_and_nothing_moves(side, codes, amount, reference, code):
    invoice = matched_invoice(side, received_order(side)).approve(actor=side.finance)
    invoice.schedule(actor=side.finance, pay_on=tomorrow())
    invoice.payments.create(amount=Decimal("0.01"), paid_on=tomorrow(0), reference="SEPA-1")

    with pytest.raises(Invalid) as refusal:
        invoice.pay(actor=side.finance, amount=amount, paid_on=tomorrow(0), reference=reference)

    invoice.refresh_from_db()
    assert codes(refusal) == [code]
    assert (invoice.state, invoice.paid, InvoicePayment.objects.count()) == ("scheduled", 0, 1)


def test_paying_asks_for_a_second_factor(side, state_of):
    invoice = matched_invoice(side, received_order(side)).approve(actor=side.finance)
    invoice.schedule(actor=side.finance, pay_on=tomorrow())

    with pytest.raises(NotAllowed):
        invoice.pay(
            actor=replace(side.finance, second_factor=False), amount=TOTAL, paid_on=tomorrow(0), reference="SEPA-1"
        )

    assert state_of(invoice) == "scheduled"


def test_from_the_limit_a_second_person_approves(side, state_of):
    policy_for(side.buyer, invoice_second_limit=TOTAL)
    invoice = matched_invoice(side, received_order(side)).approve(actor=side.finance)

    waiting = state_of(invoice)
    with pytest.raises(NotAllowed):
        invoice.approve(actor=side.finance)
    invoice.approve(actor=side.second_finance)

    assert (waiting, invoice.state, owed(side, invoice)) == ("matched", "approved", TOTAL)


def test_who_typed_an_invoice_does_not_approve_it(side, state_of):
    order = received_order(side)
    invoice = invoice_of(side, order, author=side.finance).submit(actor=side.finance).match(actor=CLOCK)

    with pytest.raises(NotAllowed):
        invoice.approve(actor=side.finance)

    assert state_of(invoice) == "matched"
    assert invoice.approve(actor=side.second_finance).state == "approved"


def test_without_a_confirmed_bank_account_nothing_is_approved(side, codes, state_of):
    BankAccount.objects.update(state="retired")
    invoice = matched_invoice(side, received_order(side))

    with pytest.raises(Blocked) as refusal:
        invoice.approve(actor=side.finance)

    assert codes(refusal) == ["no-bank-account"]
    assert state_of(invoice) == "matched"


def test_no_money_goes_to_a_bank_account_in_its_cooling_period(side, codes, state_of):
    BankAccount.objects.update(usable_from=in_days(2))
    invoice = matched_invoice(side, received_order(side)).approve(actor=side.finance)
    invoice.schedule(actor=side.finance, pay_on=tomorrow())

    with pytest.raises(Blocked) as refusal:
        invoice.pay(actor=side.finance, amount=TOTAL, paid_on=tomorrow(0), reference="SEPA-1")

    assert codes(refusal) == ["bank-account-too-new"]
    assert state_of(invoice) == "scheduled"


@pytest.mark.parametrize("scheduled", [False, True])
def test_a_held_payment_goes_back_to_where_it_was(side, scheduled):
    invoice = matched_invoice(side, received_order(side)).approve(actor=side.finance)
    if scheduled:
        invoice.schedule(actor=side.finance, pay_on=tomorrow())

    invoice.hold(actor=side.controller, reason="Under review.")
    with pytest.raises(WrongState):
        invoice.pay(actor=side.finance, amount=TOTAL, paid_on=tomorrow(0), reference="SEPA-1")
    invoice.release(actor=side.finance, reason="Cleared.")

    assert invoice.state == ("scheduled" if scheduled else "approved")


def test_a_credit_note_takes_the_invoice_back(side):
    order = received_order(side)
    invoice = matched_invoice(side, order).approve(actor=side.finance)

    invoice.cancel(actor=side.finance, credit_note="GS-7", reason="Wrong customer.")

    assert (invoice.state, invoice.credit_note, owed(side, invoice)) == ("cancelled", "GS-7", 0)
    assert invoiced(order) == [0, 0]


def test_a_prepaid_order_moves_no_credit(side):
    order = received_order(side, payment_terms="prepaid")
    invoice = matched_invoice(side, order).approve(actor=side.finance)
    invoice.schedule(actor=side.finance, pay_on=tomorrow())

    invoice.pay(actor=side.finance, amount=TOTAL, paid_on=tomorrow(0), reference="SEPA-1")

    side.account.refresh_from_db()
    assert (invoice.state, side.account.held, side.account.drawn) == ("paid", 0, 0)


def test_overdue_follows_from_the_due_date(side):
    invoice = matched_invoice(side, received_order(side)).approve(actor=side.finance)
    today = database_now().date()

    on_the_day = Invoice.objects.overdue(invoice.due_on).count()
    day_after = Invoice.objects.overdue(invoice.due_on + timedelta(days=1)).count()

    assert (on_the_day, day_after, Invoice.objects.overdue(today).count()) == (0, 1, 0)


def test_another_organisations_finance_may_do_nothing(side, state_of):
    invoice = matched_invoice(side, received_order(side))
    outsider = member(trade().buyer, "finance", "buyer", second_factor=True)

    for step, inputs in [("approve", {}), ("reject", {"reason": "x"})]:
        with pytest.raises(NotAllowed):
            getattr(invoice, step)(actor=outsider, **inputs)

    assert state_of(invoice) == "matched"

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.policy import CLOCK
from b2b.workflow import editing
from credit import ledger
from procurement import invoicing
from procurement.invoicing import InvoiceNumberUsed, Stated
from procurement.models import Invoice, InvoicePayment
from suppliers.models import BankAccount
from tests.factories.b2b import member
from tests.factories.procurement import (
    acknowledged_order,
    billed,
    in_days,
    invoice_of,
    matched_invoice,
    order_of,
    policy_for,
    receive,
    received_order,
    tomorrow,
    trade,
)

pytestmark = pytest.mark.django_db
TOTAL = Decimal(357)


def invoiced(order):
    return list(order.lines.order_by("number").values_list("invoiced", flat=True))


def failed_checks(invoice):
    found = invoice.match_results.filter(round=invoice.match_round, within=False)
    return list(found.order_by("line__number", "check_kind").values_list("line__number", "reason"))


# --- Writing -----------------------------------------------------------------------------------
def test_the_head_is_taken_from_the_lines_where_it_is_not_stated(side):
    invoice = invoice_of(side, received_order(side))

    assert (invoice.net, invoice.tax, invoice.total) == (300, 57, TOTAL)
    assert (invoice.buyer, invoice.supplier, invoice.currency) == (side.buyer, side.supplier, "EUR")


@pytest.mark.parametrize("again", ["RE-1001", "re 1001", "RE/1001", "ＲＥ－１００１", " Re_1001 "])
def test_a_number_used_before_is_refused_however_it_is_written(side, again):
    order = received_order(side)
    invoice_of(side, order, "RE-1001")

    with pytest.raises(InvoiceNumberUsed):
        invoice_of(side, order, again)

    assert Invoice.objects.count() == 1


def test_a_number_counts_as_used_in_all_years_and_states(side):
    order = received_order(side)
    old = invoice_of(side, order)
    Invoice.objects.filter(pk=old.pk).update(state="rejected", invoiced_on=tomorrow(-3650), due_on=tomorrow(-3600))

    with pytest.raises(InvoiceNumberUsed):
        invoice_of(side, order)


def test_two_suppliers_may_use_the_same_number():
    for side in (trade(), trade()):
        invoice_of(side, received_order(side), "RE-1001")

    assert Invoice.objects.count() == 2


def test_the_database_has_the_last_word_on_numbers(side):
    order = received_order(side)
    invoice_of(side, order, "RE-1001")
    other = invoice_of(side, order, "RE-1002")

    with pytest.raises(IntegrityError, match="invoice_number_once_per_supplier"), transaction.atomic():
        Invoice.objects.filter(pk=other.pk).update(number="re1001")


def test_a_number_says_something(side):
    with pytest.raises(IntegrityError, match="invoice_number_says_something"), transaction.atomic():
        invoice_of(side, received_order(side), "---")


def test_a_line_bills_a_line_of_its_own_order(side, codes):
    order, other = received_order(side), received_order(side)

    with pytest.raises(Invalid) as refusal:
        invoice_of(side, order, lines=billed(other))

    assert codes(refusal) == ["unknown-line", "unknown-line"]
    assert Invoice.objects.count() == 0


def test_a_draft_is_seen_by_who_writes_it_and_a_sent_invoice_by_both_sides(side):
    order = received_order(side)
    invoice = invoice_of(side, order)
    visible = Invoice.objects.visible_to

    before = [visible(actor).count() for actor in (side.sales, side.finance, side.stranger)]
    invoice.submit(actor=side.sales)

    assert before == [1, 0, 0]
    assert [visible(actor).count() for actor in (side.sales, side.finance, side.stranger, side.rival)] == [1, 1, 0, 0]


# --- Submitting --------------------------------------------------------------------------------
def test_submitting_sets_the_due_date_by_the_orders_terms(side):
    invoice = invoice_of(side, received_order(side)).submit(actor=side.sales)

    assert (invoice.state, invoice.due_on) == ("submitted", invoice.invoiced_on + timedelta(days=30))


@pytest.mark.parametrize(
    ("stated", "pointer"),
    [
        (Stated(net=Decimal("299.99")), "#/net"),
        (Stated(tax=Decimal("57.01")), "#/tax"),
        (Stated(total=Decimal(358)), "#/total"),
    ],
)
def test_a_head_that_differs_from_its_lines_is_not_sent(side, state_of, stated, pointer):
    invoice = invoice_of(side, received_order(side), stated=stated)

    with pytest.raises(Blocked) as refusal:
        invoice.submit(actor=side.sales)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, "header-differs-from-lines")]
    assert state_of(invoice) == "draft"


def test_tax_is_rounded_once_for_each_rate_as_en_16931_wants(side):
    order = received_order(side)
    lines = billed(order, quantity=Decimal(1), unit_price=Decimal("0.13"))

    invoice = invoice_of(side, order, lines=lines)

    # Line by line the tax of 0.0247 would be rounded to 0.02 twice; on the sum of 0.26 it is 0.05.
    assert (invoice.net, invoice.tax) == (Decimal("0.26"), Decimal("0.05"))


def test_an_order_not_acknowledged_is_not_billed(side, codes, state_of):
    invoice = invoice_of(side, order_of(side))

    with pytest.raises(Blocked) as refusal:
        invoice.submit(actor=side.sales)

    assert codes(refusal) == ["order-not-billable"]
    assert state_of(invoice) == "draft"


# --- Three-way match ---------------------------------------------------------------------------
def test_an_invoice_as_ordered_and_received_matches_by_the_clock(side, deliver, state_of):
    order = received_order(side)
    invoice = invoice_of(side, order).submit(actor=side.sales)

    deliver()

    assert state_of(invoice) == "matched"
    assert invoiced(order) == [100, 100]
    assert invoice.match_results.count() == 8
    assert not invoice.match_results.filter(within=False).exists()


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"unit_price": Decimal("1.500001")}, "price-above-order"),
        ({"quantity": Decimal("100.000001")}, "quantity-above-received"),
        ({"unit": "KGM"}, "unit-differs"),
        ({"vat_rate": Decimal(7)}, "tax-differs"),
    ],
)
def test_what_differs_is_an_exception_with_its_reason(side, values, reason):
    order = received_order(side)
    first, second = billed(order)

    invoice = matched_invoice(side, order, lines=[first, replace(second, **values)])

    assert invoice.state == "exception"
    assert failed_checks(invoice) == [(2, reason)]
    assert invoiced(order) == [0, 0]


def test_differences_within_tolerance_match(side):
    policy_for(side.buyer, match_price_tolerance=Decimal("0.02"), match_quantity_tolerance=Decimal("0.01"))
    order = received_order(side)

    invoice = matched_invoice(side, order, lines=billed(order, unit_price=Decimal("1.53"), quantity=Decimal(101)))

    assert (invoice.state, invoiced(order)) == ("matched", [101, 101])


def test_a_lower_price_is_no_exception(side):
    order = received_order(side)

    assert matched_invoice(side, order, lines=billed(order, unit_price=Decimal("1.4"))).state == "matched"


def test_together_invoices_bill_no_more_than_was_received(side):
    order = acknowledged_order(side)
    receive(side, order, 60)
    order.refresh_from_db()

    first = matched_invoice(side, order, "1", lines=billed(order, quantity=Decimal(40)))
    second = matched_invoice(side, order, "2", lines=billed(order, quantity=Decimal(40)))

    assert (first.state, second.state) == ("matched", "exception")
    assert invoiced(order) == [40, 40]


def test_two_lines_of_one_invoice_count_together(side):
    order = received_order(side)
    line = billed(order)[0]

    invoice = matched_invoice(side, order, lines=[line, replace(line, number=2)])

    assert failed_checks(invoice) == [(2, "quantity-above-received")]


def test_what_was_invoiced_before_it_came_matches_when_it_comes(side, deliver, state_of):
    order = acknowledged_order(side)
    invoice = invoice_of(side, order).submit(actor=side.sales)
    deliver()
    early = state_of(invoice)

    receive(side, order)
    deliver()

    assert (early, state_of(invoice)) == ("exception", "matched")
    assert sorted(set(invoice.match_results.values_list("round", flat=True))) == [1, 2]


def test_a_variance_is_accepted_with_a_reason_and_counts(side):
    order = received_order(side)
    invoice = matched_invoice(side, order, lines=billed(order, unit_price=Decimal("1.6")))

    invoice.resolve(actor=side.finance, reason="Agreed by telephone.")

    accepted = invoice.match_results.filter(within=False)
    assert (invoice.state, invoiced(order)) == ("matched", [100, 100])
    assert set(accepted.values_list("accepted_reason", "accepted_by_id")) == {
        ("Agreed by telephone.", side.finance.user_id)
    }


def test_nobody_accepts_the_variance_of_an_invoice_they_typed(side, state_of):
    order = received_order(side)
    lines = billed(order, unit_price=Decimal("1.6"))
    invoice = invoice_of(side, order, lines=lines, author=side.finance)
    invoice.submit(actor=side.finance).match(actor=CLOCK)

    with pytest.raises(NotAllowed):
        invoice.resolve(actor=side.finance, reason="It is fine.")

    assert state_of(invoice) == "exception"


def test_a_disputed_invoice_is_corrected_and_matched_again(side, deliver, state_of):
    order = received_order(side)
    invoice = matched_invoice(side, order, lines=billed(order, unit_price=Decimal("1.6")))
    invoice.dispute(actor=side.finance, reason="The price is 1.50.")

    with editing(invoice, actor=side.sales):
        invoicing.rewrite(invoice, billed(order), stated=Stated())
    invoice.correct(actor=side.sales)
    deliver()

    assert state_of(invoice) == "matched"


def test_the_other_side_leaves_a_disputed_invoice_as_it_is(side):
    order = received_order(side)
    invoice = matched_invoice(side, order, lines=billed(order, unit_price=Decimal("1.6")))
    invoice.dispute(actor=side.finance, reason="The price is 1.50.")

    with pytest.raises(NotAllowed), editing(invoice, actor=side.finance):
        invoice.note = "Cheaper"
    with pytest.raises(NotAllowed):
        invoice.correct(actor=side.finance)

    invoice.refresh_from_db()
    assert (invoice.state, invoice.note) == ("disputed", "")


@pytest.mark.parametrize("state", ["submitted", "exception", "disputed"])
def test_finance_rejects_what_is_not_matched(side, state):
    order = received_order(side)
    invoice = invoice_of(side, order, lines=billed(order, unit_price=Decimal("1.6"))).submit(actor=side.sales)
    if state != "submitted":
        invoice.match(actor=CLOCK)
    if state == "disputed":
        invoice.dispute(actor=side.finance, reason="No.")

    invoice.reject(actor=side.finance, reason="Not our order.")

    assert (invoice.state, invoiced(order)) == ("rejected", [0, 0])


# --- Approval and payment ----------------------------------------------------------------------
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

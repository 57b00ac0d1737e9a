from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from b2b.workflow import editing
from credit import ledger
from credit.ledger import CreditExceeded
from credit.models import CreditAccount
from procurement import ordering
from procurement.models import OrderChange, PurchaseOrder
from procurement.ordering import OrderedLine, order_from
from procurement.workflow.changing import ProposedLine
from procurement.workflow.promising import Promise
from suppliers.models import Qualification, ScoreFact
from tests.factories.b2b import member
from tests.factories.procurement import (
    acknowledged_order,
    approved_order,
    invoice_of,
    issued_order,
    order_of,
    ordered,
    policy_for,
    receive,
    tomorrow,
    trade,
)
from tests.factories.suppliers import ListedProductFactory, PriceFactory

pytestmark = pytest.mark.django_db
TOTAL = Decimal(357)


def held(side, order):
    return ledger.held_for(side.account, order.reference)


# --- Making ------------------------------------------------------------------------------------
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


# --- Editing -----------------------------------------------------------------------------------
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


# --- Submitting --------------------------------------------------------------------------------
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


# --- Approval ----------------------------------------------------------------------------------
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


# --- Credit hold -------------------------------------------------------------------------------
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


# --- The supplier's answer ---------------------------------------------------------------------
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


# --- Ending ------------------------------------------------------------------------------------
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


# --- Size --------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [3, 300])
def test_statements_do_not_grow_with_the_lines(side, alone, django_assert_max_num_queries, count):
    lines = ordered(count, quantity=Decimal(1))

    with django_assert_max_num_queries(105):
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

"""The three-way match: what an invoice says against what was ordered and received."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from b2b.errors import NotAllowed
from b2b.policy import CLOCK
from b2b.workflow import editing
from procurement import invoicing
from procurement.invoicing import Stated
from tests.factories.procurement import (
    acknowledged_order,
    billed,
    invoice_of,
    matched_invoice,
    policy_for,
    receive,
    received_order,
)
from tests.procurement.billing import invoiced

pytestmark = pytest.mark.django_db


def failed_checks(invoice):
    found = invoice.match_results.filter(round=invoice.match_round, within=False)
    return list(found.order_by("line__number", "check_kind").values_list("line__number", "reason"))


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

"""Numbers of invoices used once, heads that agree with their lines, and what is sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from b2b.errors import Blocked, Invalid
from procurement.invoicing import InvoiceNumberUsed, Stated
from procurement.models import Invoice
from tests.factories.procurement import billed, invoice_of, order_of, received_order, tomorrow, trade
from tests.procurement.billing import TOTAL

pytestmark = pytest.mark.django_db


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

"""What two do at the same instant; each promise is kept by a lock or a constraint, and shown to need it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections, transaction

from b2b.clock import database_now
from b2b.errors import DomainError, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from procurement import receiving
from procurement.invoicing import InvoiceNumberUsed
from procurement.models import GoodsReceipt, Invoice, PurchaseOrder, PurchaseOrderLine, RequestForQuotation
from procurement.ordering import order_from
from procurement.workflow.arriving import Arrival, OverTolerance
from tests.factories.b2b import member
from tests.factories.procurement import (
    acknowledged_order,
    billed,
    invoice_of,
    order_of,
    ordered,
    policy_for,
    receive,
    received_order,
    rfq_of,
    trade,
)

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do everything in threads that start together; what each returned, or the refusal it raised."""
    ready, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            ready.wait(timeout=20)
            outcomes[place] = work()
        except DomainError as refusal:
            outcomes[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=entry) for entry in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def kinds(outcomes: Sequence[Any]) -> list[type]:
    return [type(outcome) for outcome in outcomes if isinstance(outcome, DomainError)]


def test_receipts_at_once_stay_within_tolerance():
    side = trade()
    order = acknowledged_order(side)
    line = order.lines.get(number=1)

    def post() -> GoodsReceipt:
        return receiving.post(
            PurchaseOrder.objects.get(pk=order.pk),
            received_on=database_now().date(),
            lines=[Arrival(line.pk, Decimal(40))],
            actor=side.receiver,
        )

    outcomes = at_once(*[post] * 4)

    line.refresh_from_db()
    assert kinds(outcomes) == [OverTolerance, OverTolerance]
    assert (line.received, GoodsReceipt.objects.count()) == (80, 2)


def test_without_the_lock_receipts_at_once_would_lose_each_other():
    """The same work with the lock taken out: both read 0, both write 40."""
    side = trade()
    order = acknowledged_order(side)
    key = order.lines.get(number=1).pk
    both_have_read = threading.Barrier(2)

    def careless() -> None:
        with transaction.atomic():
            line = PurchaseOrderLine.objects.get(pk=key)
            both_have_read.wait(timeout=20)
            PurchaseOrderLine.objects.filter(pk=key).update(received=line.received + 40)

    at_once(careless, careless)

    assert PurchaseOrderLine.objects.get(pk=key).received == 40


def test_of_two_approvals_at_once_one_counts():
    side = trade()
    policy_for(side.buyer, order_second_limit=Decimal(1))
    order = order_of(side).submit(actor=side.clerk)
    both = member(side.buyer, "buying_manager", "finance")

    outcomes = at_once(*[lambda: PurchaseOrder.objects.get(pk=order.pk).approve(actor=both)] * 2)

    order.refresh_from_db()
    assert kinds(outcomes) == [NotAllowed]
    assert (order.state, order.approvals.count()) == ("pending_approval", 1)


def test_two_roles_approving_at_once_both_count():
    side = trade()
    policy_for(side.buyer, order_second_limit=Decimal(1))
    order = order_of(side).submit(actor=side.clerk)

    outcomes = at_once(
        lambda: PurchaseOrder.objects.get(pk=order.pk).approve(actor=side.manager),
        lambda: PurchaseOrder.objects.get(pk=order.pk).approve(actor=side.finance),
    )

    order.refresh_from_db()
    assert kinds(outcomes) == []
    assert (order.state, order.approvals.count()) == ("approved", 2)


def test_of_two_publications_at_once_one_wins():
    side = trade()
    rfq = rfq_of(side)

    outcomes = at_once(*[lambda: RequestForQuotation.objects.get(pk=rfq.pk).publish(actor=side.clerk)] * 2)

    assert kinds(outcomes) == [WrongState]
    assert JournalEntry.objects.of(rfq).filter(step="publish").count() == 1


def test_the_same_invoice_number_at_once_is_used_once():
    side = trade()
    order = received_order(side)

    outcomes = at_once(
        lambda: invoice_of(side, order, "RE-1001"), lambda: invoice_of(side, order, "re 1001"),
        lambda: invoice_of(side, order, "RE/1001"),
    )  # fmt: skip

    assert kinds(outcomes) == [InvoiceNumberUsed, InvoiceNumberUsed]
    assert Invoice.objects.count() == 1


def test_invoices_matched_at_once_bill_no_more_than_was_received():
    side = trade()
    order = acknowledged_order(side)
    receive(side, order, 60)
    order.refresh_from_db()
    invoices = [
        invoice_of(side, order, f"RE-{number}", lines=billed(order, quantity=Decimal(40))).submit(actor=side.sales)
        for number in range(3)
    ]

    at_once(*[lambda key=invoice.pk: Invoice.objects.get(pk=key).match(actor=CLOCK) for invoice in invoices])

    states = sorted(Invoice.objects.values_list("state", flat=True))
    assert states == ["exception", "exception", "matched"]
    assert set(order.lines.values_list("invoiced", flat=True)) == {40}


def test_an_order_made_from_one_source_at_once_is_made_once():
    side = trade()

    def make() -> PurchaseOrder:
        return order_from(
            buyer_id=side.buyer.pk, supplier_id=side.supplier.pk, source="quotations.award/1", currency="EUR",
            payment_terms="net_30", lines=ordered(), actor=CLOCK,
        )  # fmt: skip

    outcomes = at_once(*[make] * 3)

    assert len({order.pk for order in outcomes}) == 1
    assert PurchaseOrder.objects.count() == 1


def test_orders_submitted_at_once_stay_within_the_credit():
    side = trade(limit=Decimal(800))
    orders = [order_of(side) for _ in range(4)]

    outcomes = at_once(*[lambda key=o.pk: PurchaseOrder.objects.get(pk=key).submit(actor=side.clerk) for o in orders])

    side.account.refresh_from_db()
    assert len(kinds(outcomes)) == 2
    assert side.account.held == 714
    assert sorted(PurchaseOrder.objects.values_list("state", flat=True)) == ["draft"] * 2 + ["pending_approval"] * 2

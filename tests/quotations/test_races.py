"""Many at once: awards are proposed, confirmed and cancelled once; quotations come in time or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from b2b.errors import DomainError
from b2b.policy import CLOCK
from procurement.models import PurchaseOrder, RequestForQuotation
from quotations.awarding import Allocation, best_per_line, propose
from quotations.comparison import comparison
from quotations.models import Award, AwardLine, Quotation, QuotationLine
from quotations.opening import consent
from tests.factories.procurement import in_days
from tests.factories.quotations import bid, close, opened_tender, proposed, save, tender


def allocation(side, place, line):
    return Allocation(line, side.quotation(place).pk, Decimal(100))


def at_once(count, work):
    """Run ``work`` in so many threads, each with its own connection; their results, or the refusals."""
    barrier = Barrier(count)

    def one(_place):
        barrier.wait()
        try:
            return work()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_create_the_orders_once():
    side = opened_tender({1: 10, 2: 19}, {1: 9, 2: 21})
    award = propose(side.rfq, allocations=best_per_line(comparison(side.rfq)), actor=side.clerk)
    award.approve(actor=side.manager)

    results = at_once(4, lambda: Award.objects.get(pk=award.pk).confirm(actor=CLOCK).state)

    assert sorted(results) == ["confirmed", "wrong-state", "wrong-state", "wrong-state"]
    assert PurchaseOrder.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_awards_proposed_at_once_are_one():
    side = opened_tender({1: 10, 2: 20})

    def work():
        rfq = RequestForQuotation.objects.get(pk=side.rfq.pk)
        return propose(rfq, allocations=[allocation(side, 0, 1)], actor=side.clerk).state

    results = at_once(4, work)

    assert sorted(results) == ["awarded-already", "awarded-already", "awarded-already", "proposed"]
    assert (Award.objects.count(), AwardLine.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_approving_and_cancelling_at_once_end_in_one_of_the_two():
    side = opened_tender({1: 10, 2: 20})
    award = proposed(side)
    turns = iter(["approve", "cancel"] * 2)

    def work():
        if next(turns) == "approve":
            return Award.objects.get(pk=award.pk).approve(actor=side.manager).state
        return RequestForQuotation.objects.get(pk=side.rfq.pk).cancel(actor=side.manager, reason="Budget").state

    results = at_once(4, work)

    side.rfq.refresh_from_db()
    assert side.rfq.state == "cancelled"
    assert "cancelled" in results


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_confirmations_would_both_begin(monkeypatch):
    """What the lock is for: without it each reads “approved” and goes on to the RFQ, where only one gets through."""
    side = opened_tender({1: 10, 2: 19})
    award = proposed(side).approve(actor=side.manager)
    monkeypatch.setattr(Award, "lock", lambda self: self.refresh_from_db())

    results = at_once(2, lambda: Award.objects.get(pk=award.pk).confirm(actor=CLOCK).state)

    assert "confirmed" in results
    assert PurchaseOrder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_consents_of_one_role_at_once_are_one():
    side = tender(1)
    bid(side, 0, {1: 10, 2: 20})
    close(side)

    results = at_once(3, lambda: consent(RequestForQuotation.objects.get(pk=side.rfq.pk), side.clerk).state)

    assert sorted(results) == ["awaited", "consented-already", "consented-already"]


@pytest.mark.django_db(transaction=True)
def test_both_people_at_once_open_everything_once():
    side = tender(2)
    for place in range(2):
        bid(side, place, {1: 10, 2: 20})
    close(side)
    people = iter([side.clerk, side.controller])

    results = at_once(2, lambda: consent(RequestForQuotation.objects.get(pk=side.rfq.pk), next(people)).state)

    assert sorted(results) == ["awaited", "opened"]
    assert QuotationLine.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_submitting_while_the_rfq_closes_ends_in_time_or_refused():
    side = tender(1)
    quotation = side.quotation().start(actor=side.seller())
    save(quotation, side.seller(), {1: 1, 2: 1})
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(deadline=in_days(0.5 / 86400))
    turns = iter(["submit"] * 2 + ["close"] * 2)

    def work():
        if next(turns) == "submit":
            return Quotation.objects.get(pk=quotation.pk).submit(actor=side.seller()).state
        rfq = RequestForQuotation.objects.get(pk=side.rfq.pk)
        RequestForQuotation.objects.filter(pk=rfq.pk).update(deadline=in_days(-0.001))
        return rfq.close(actor=CLOCK).state

    at_once(4, work)

    side.rfq.refresh_from_db()
    assert side.rfq.state == "closed"
    assert side.quotation().state in {"submitted", "draft"}
    if side.quotation().state == "submitted":
        assert side.quotation().submitted_at <= side.rfq.closed_at

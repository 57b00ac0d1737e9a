"""Deciding an award: four eyes, standstill, and orders exactly once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.errors import Blocked, NotAllowed, WrongState
from b2b.models import Notification
from b2b.policy import CLOCK
from procurement.models import PurchaseOrder
from quotations import due
from quotations.awarding import all_to_best_total, best_per_line, propose
from quotations.comparison import comparison
from quotations.models import Award
from tests.factories.b2b import member
from tests.factories.procurement import in_days
from tests.factories.quotations import approved, opened_tender, proposed
from tests.quotations.awards import STANDSTILL, allocation

pytestmark = pytest.mark.django_db


def test_the_manager_approves_and_the_standstill_begins():
    side = opened_tender({1: 10, 2: 20}, policy=STANDSTILL)

    award = approved(side)

    side.rfq.refresh_from_db()
    assert (award.state, side.rfq.state) == ("approved", "standstill")
    assert side.rfq.standstill_ends_at > in_days(9)
    assert not PurchaseOrder.objects.exists()


def test_nobody_approves_what_they_proposed():
    side = opened_tender({1: 10, 2: 20})
    both = member(side.buyer, "buyer", "buying_manager")
    award = propose(side.rfq, allocations=all_to_best_total(comparison(side.rfq)), actor=both)

    with pytest.raises(NotAllowed):
        award.approve(actor=both)

    award.refresh_from_db()
    assert award.state == "proposed"


def test_over_the_limit_compliance_endorses_first():
    side = opened_tender({1: 10, 2: 20}, policy={"award_endorsement_limit": Decimal(3000)})
    award = proposed(side)

    with pytest.raises(Blocked) as refusal:
        award.approve(actor=side.manager)
    assert [fault.code for fault in refusal.value.faults] == ["endorsement-missing"]

    award.endorse(actor=side.controller)
    assert award.approve(actor=side.manager).state == "approved"


def test_a_rejected_award_can_be_proposed_anew():
    side = opened_tender({1: 10, 2: 20})
    award = proposed(side)

    award.reject(actor=side.manager, reason="Ask again")

    side.rfq.refresh_from_db()
    assert (award.state, side.rfq.state, proposed(side).state) == ("rejected", "under_evaluation", "proposed")


def test_winners_and_losers_are_told_when_the_award_is_approved(deliver):
    side = opened_tender({1: 10, 2: 20}, {1: 11, 2: 20}, policy=STANDSTILL)
    deliver()
    Notification.objects.all().delete()

    approved(side)
    deliver()

    told = dict(Notification.objects.filter(organisation__in=side.bidders).values_list("organisation_id", "kind"))
    assert told == {
        side.bidders[0].pk: "quotations.chosen",
        side.bidders[1].pk: "quotations.not_chosen",
    }


def test_after_the_standstill_each_winner_gets_one_order():
    side = opened_tender({1: 10, 2: 19}, {1: 9, 2: 21}, {1: 50, 2: 50})
    award = propose(side.rfq, allocations=best_per_line(comparison(side.rfq)), actor=side.clerk)
    award.approve(actor=side.manager)

    award.confirm(actor=CLOCK)

    side.rfq.refresh_from_db()
    assert (award.state, side.rfq.state) == ("confirmed", "awarded")
    orders = PurchaseOrder.objects.filter(rfq=side.rfq)
    assert sorted(orders.values_list("supplier", "net")) == sorted(
        [(side.bidders[0].pk, 1900), (side.bidders[1].pk, 900)]
    )
    assert [side.quotation(place).state for place in range(3)] == ["ordered", "ordered", "not_awarded"]
    assert set(side.rfq.lines.values_list("status", flat=True)) == {"awarded"}


def test_a_line_nobody_got_is_unawarded():
    side = opened_tender({1: 10, 2: 19})
    award = propose(side.rfq, allocations=[allocation(side, 0, 1)], actor=side.clerk)
    award.approve(actor=side.manager)

    award.confirm(actor=CLOCK)

    assert list(side.rfq.lines.order_by("number").values_list("status", flat=True)) == ["awarded", "unawarded"]


def test_the_standstill_is_waited_for():
    side = opened_tender({1: 10, 2: 20}, policy=STANDSTILL)
    award = approved(side)

    with pytest.raises(Blocked) as refusal:
        award.confirm(actor=CLOCK)

    assert [fault.code for fault in refusal.value.faults] == ["standstill-running"]
    assert list(due.due_to_confirm(in_days(0))) == []
    assert [one.pk for one in due.due_to_confirm(in_days(11))] == [award.pk]


def test_a_confirmed_award_is_not_confirmed_again():
    side = opened_tender({1: 10, 2: 20})
    award = approved(side)
    stale = Award.objects.get(pk=award.pk)
    award.confirm(actor=CLOCK)

    with pytest.raises(WrongState):
        stale.confirm(actor=CLOCK)

    assert PurchaseOrder.objects.count() == 1


def test_an_award_for_a_contract_makes_no_order():
    side = opened_tender({1: 10, 2: 20})
    award = approved(side, creates="contract")

    award.confirm(actor=CLOCK)

    assert (side.quotation().state, PurchaseOrder.objects.count()) == ("awarded", 0)
    assert side.quotation().order(actor=CLOCK, created="contracts.contract/1").state == "ordered"


def test_part_of_what_was_offered_is_a_partial_award():
    side = opened_tender({1: 10, 2: 20})
    award = propose(side.rfq, allocations=[allocation(side, 0, 1, 50)], actor=side.clerk, creates="contract")
    award.approve(actor=side.manager)

    award.confirm(actor=CLOCK)

    assert side.quotation().state == "partially_awarded"


@pytest.mark.parametrize("prices", [({1: 0, 2: 0},), ({1: "0.000001", 2: "99999.999999"},)])
def test_odd_prices_reach_the_order_exactly(prices):
    side = opened_tender(*prices)
    award = approved(side)

    award.confirm(actor=CLOCK)

    lines = PurchaseOrder.objects.get().lines.order_by("number").values_list("unit_price", flat=True)
    assert list(lines) == [Decimal(price) for price in prices[0].values()]

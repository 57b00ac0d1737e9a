"""Awarding: who gets what, four eyes, standstill, and orders exactly once."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import Notification
from b2b.policy import CLOCK
from procurement.models import PurchaseOrder, RequestForQuotation
from quotations import awarding, due
from quotations.awarding import Allocation, AwardedAlready, all_to_best_total, best_per_line, propose
from quotations.comparison import comparison
from quotations.hearing import void_on_cancel
from quotations.models import Award, Objection
from quotations.objecting import ObjectedAlready, object_to
from tests.factories.b2b import member
from tests.factories.procurement import asked, in_days
from tests.factories.quotations import approved, bid, opened_tender, proposed, tender

pytestmark = pytest.mark.django_db

STANDSTILL = {"standstill_days": 10}


def allocation(side, place, line, quantity=100, reason=""):
    return Allocation(line, side.quotation(place).pk, Decimal(quantity), reason)


def after_standstill(side):
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(standstill_ends_at=in_days(-0.001))


# --- Proposing ----------------------------------------------------------------------------------
def test_everything_to_the_best_total():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 20})

    award = proposed(side)

    assert (award.state, award.total, award.currency) == ("proposed", 2900, "EUR")
    assert list(award.lines.values_list("rfq_line__number", "quotation", "quantity", "unit_price")) == [
        (1, side.quotation(1).pk, 100, 9),
        (2, side.quotation(1).pk, 100, 20),
    ]
    side.rfq.refresh_from_db()
    assert side.rfq.state == "award_proposed"


def test_each_line_to_its_best_price():
    side = opened_tender({1: 10, 2: 19}, {1: 9, 2: 21})

    chosen = best_per_line(comparison(side.rfq))

    assert chosen == [allocation(side, 1, 1), allocation(side, 0, 2)]


def test_no_more_is_awarded_than_was_asked_for():
    side = opened_tender({1: 10, 2: 20}, {1: 10, 2: 20})

    with pytest.raises(Invalid) as refusal:
        propose(side.rfq, allocations=[allocation(side, 0, 1, 60), allocation(side, 1, 1, 41)], actor=side.clerk)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("#/lines/1/quantity", "over-quantity")]
    side.rfq.refresh_from_db()
    assert (side.rfq.state, Award.objects.count()) == ("under_evaluation", 0)


def test_a_line_may_be_split():
    side = opened_tender({1: 10, 2: 20}, {1: 10, 2: 20})

    award = propose(side.rfq, allocations=[allocation(side, 0, 1, 60), allocation(side, 1, 1, 40)], actor=side.clerk)

    assert award.total == 1000


def test_who_is_not_the_best_needs_a_reason():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 19})

    with pytest.raises(Invalid) as refusal:
        propose(side.rfq, allocations=[allocation(side, 0, 1)], actor=side.clerk)
    assert [fault.code for fault in refusal.value.faults] == ["reason-missing"]

    award = propose(side.rfq, allocations=[allocation(side, 0, 1, reason="Delivers tomorrow")], actor=side.clerk)
    assert award.lines.get().reason == "Delivers tomorrow"


@pytest.mark.parametrize(
    ("line", "quantity", "code"),
    [(99, 1, "no-such-line"), (1, 0, "not-positive"), (1, -5, "not-positive"), (2, 1, "line-not-priced")],
)
def test_what_cannot_be_awarded_is_named(line, quantity, code):
    side = opened_tender({1: 10, 2: None}, {1: 20, 2: 20})

    with pytest.raises(Invalid) as refusal:
        propose(side.rfq, allocations=[allocation(side, 0, line, quantity)], actor=side.clerk, reason="So")

    assert code in [fault.code for fault in refusal.value.faults]
    assert not Award.objects.exists()


def test_an_award_of_nothing_is_none():
    side = opened_tender({1: 10, 2: 20})

    with pytest.raises(Invalid) as refusal:
        propose(side.rfq, allocations=[], actor=side.clerk)

    assert [fault.code for fault in refusal.value.faults] == ["nothing-awarded"]


def test_the_disqualified_are_not_awarded():
    side = opened_tender({1: 1, 2: 1}, {1: 2, 2: 2})
    out = side.quotation(0).propose_disqualification(actor=side.clerk, criterion="Bond", reason="None given")
    out.disqualify(actor=side.controller)

    with pytest.raises(Invalid) as refusal:
        propose(side.rfq, allocations=[allocation(side, 0, 1)], actor=side.clerk)

    assert [fault.code for fault in refusal.value.faults] == ["not-in-the-running"]
    assert {one.quotation_id for one in all_to_best_total(comparison(side.rfq))} == {side.quotation(1).pk}


def test_who_proposed_a_disqualification_does_not_decide_it():
    side = opened_tender({1: 1, 2: 1})
    both = member(side.buyer, "buyer", "compliance")
    quotation = side.quotation().propose_disqualification(actor=both, criterion="Bond", reason="None given")

    with pytest.raises(NotAllowed):
        quotation.disqualify(actor=both)

    assert side.quotation().state == "opened"


def test_nobody_is_disqualified_without_a_proposal():
    side = opened_tender({1: 1, 2: 1})

    with pytest.raises(Blocked) as refusal:
        side.quotation().disqualify(actor=side.controller)

    assert [fault.code for fault in refusal.value.faults] == ["disqualification-not-proposed"]


def test_a_second_award_of_the_same_rfq_is_refused():
    side = opened_tender({1: 10, 2: 20})
    proposed(side)

    with pytest.raises(AwardedAlready):
        proposed(side)

    assert Award.objects.count() == 1


def test_nothing_is_awarded_before_opening():
    side = tender(1)
    bid(side, 0, {1: 1, 2: 1})

    with pytest.raises(WrongState):
        propose(side.rfq, allocations=[allocation(side, 0, 1)], actor=side.clerk)


# --- Deciding -----------------------------------------------------------------------------------
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


# --- Confirming ---------------------------------------------------------------------------------
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


# --- Objecting ----------------------------------------------------------------------------------
def test_a_loser_objects_and_the_award_waits():
    side = opened_tender({1: 10, 2: 20}, {1: 11, 2: 20}, policy=STANDSTILL)
    award = approved(side)
    objection = object_to(side.quotation(1), text="Wrong scale", actor=side.seller(1))
    after_standstill(side)

    with pytest.raises(Blocked) as refusal:
        award.confirm(actor=CLOCK)
    assert [fault.code for fault in refusal.value.faults] == ["objection-open"]
    assert list(due.due_to_confirm(in_days(0))) == []

    objection.dismiss(actor=side.controller, reason="The scale is right")
    assert award.confirm(actor=CLOCK).state == "confirmed"


def test_an_upheld_objection_brings_the_award_down():
    side = opened_tender({1: 10, 2: 20}, {1: 11, 2: 20}, policy=STANDSTILL)
    award = approved(side)
    objection = object_to(side.quotation(1), text="Wrong scale", actor=side.seller(1))

    awarding.uphold_objection(objection, actor=side.controller, reason="Indeed")

    award.refresh_from_db()
    side.rfq.refresh_from_db()
    assert (objection.state, award.state, side.rfq.state) == ("upheld", "cancelled", "under_evaluation")
    assert proposed(side).state == "proposed"


def test_one_objects_once_and_only_during_the_standstill():
    side = opened_tender({1: 10, 2: 20}, policy=STANDSTILL)
    with pytest.raises(Blocked):
        object_to(side.quotation(), text="Too early", actor=side.seller())
    approved(side)
    object_to(side.quotation(), text="Now", actor=side.seller())

    with pytest.raises(ObjectedAlready):
        object_to(side.quotation(), text="Again", actor=side.seller())

    assert Objection.objects.count() == 1


def test_the_buyers_own_people_do_not_decide_objections_without_the_role():
    side = opened_tender({1: 10, 2: 20}, policy=STANDSTILL)
    approved(side)
    objection = object_to(side.quotation(), text="Now", actor=side.seller())

    with pytest.raises(NotAllowed):
        objection.dismiss(actor=side.manager, reason="No")

    objection.refresh_from_db()
    assert objection.state == "raised"


def test_cancelling_the_rfq_in_the_standstill_ends_award_and_objection():
    side = opened_tender({1: 10, 2: 20}, policy=STANDSTILL)
    award = approved(side)
    objection = object_to(side.quotation(), text="Now", actor=side.seller())
    side.rfq.refresh_from_db()
    side.rfq.cancel(actor=side.manager, reason="No budget")

    void_on_cancel(str(side.rfq.pk))

    award.refresh_from_db()
    objection.refresh_from_db()
    assert (award.state, objection.state, side.quotation().state) == ("cancelled", "lapsed", "voided")


def test_awards_never_exceed_the_quantity_whatever_is_proposed():
    side = opened_tender({1: 1, 2: 1}, {1: 1, 2: 1}, lines=[replace(line, quantity=Decimal(3)) for line in asked(2)])

    for first, second in [(1, 2), (3, 0), (2, 2), (4, 0), (3, 1)]:
        chosen = [allocation(side, place, 1, part) for place, part in enumerate((first, second)) if part]
        side.rfq.refresh_from_db()
        try:
            propose(side.rfq, allocations=chosen, actor=side.clerk).reject(actor=side.manager, reason="Next")
        except Invalid:
            assert first + second > 3
        else:
            assert first + second <= 3

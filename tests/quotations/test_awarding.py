"""Proposing an award: who gets how much, and who gets nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from quotations.awarding import AwardedAlready, all_to_best_total, best_per_line, propose
from quotations.comparison import comparison
from quotations.models import Award
from tests.factories.b2b import member
from tests.factories.procurement import asked
from tests.factories.quotations import bid, opened_tender, proposed, tender
from tests.quotations.awards import allocation

pytestmark = pytest.mark.django_db


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

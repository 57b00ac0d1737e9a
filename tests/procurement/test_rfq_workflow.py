"""The life of an RFQ after publication, from its deadline to its award."""

from __future__ import annotations

import pytest

from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from procurement.models import RequestForQuotation
from procurement.queries import due
from procurement.workflow import answers
from tests.factories.b2b import member
from tests.factories.procurement import in_days, pass_deadline, policy_for, published_rfq, rfq_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


@pytest.fixture
def counted(alone, monkeypatch):
    """Quotations as the app above would count them."""
    came: dict = {}
    monkeypatch.setattr(answers, "_counters", [lambda keys: came])
    return came


def test_a_deadline_moves_only_later_and_only_before_it_has_passed(side, codes):
    rfq = published_rfq(side)
    before = rfq.deadline

    with pytest.raises(Invalid) as refusal:
        rfq.extend(actor=side.clerk, deadline=before, reason="")
    rfq.extend(actor=side.clerk, deadline=in_days(9), reason="A supplier asked.")
    with pytest.raises(Blocked) as late:
        pass_deadline(rfq).extend(actor=side.clerk, deadline=in_days(9), reason="")

    assert codes(refusal) == ["deadline-not-later"]
    assert codes(late) == ["deadline-passed"]


def test_the_clock_closes_what_is_due_and_nothing_else(side, state_of):
    due_now, later = pass_deadline(published_rfq(side)), published_rfq(side)

    assert take_due_steps() >= 1

    assert (state_of(due_now), state_of(later)) == ("closed", "published")
    assert JournalEntry.objects.of(due_now).get(step="close").user_id is None


def test_nobody_closes_before_the_deadline(side, state_of):
    rfq = published_rfq(side)

    with pytest.raises(NotAllowed):
        rfq.close(actor=side.manager)
    with pytest.raises(Blocked):
        rfq.close(actor=CLOCK)

    assert state_of(rfq) == "published"


def closed_rfq(side, **values):
    return pass_deadline(published_rfq(side, **values)).close(actor=CLOCK)


def test_an_rfq_with_too_few_quotations_fails(side, counted, state_of, codes):
    empty, answered = closed_rfq(side), closed_rfq(side)
    counted[answered.pk] = 1

    failing = [rfq.pk for rfq in due.rfqs_to_fail(in_days(0))]
    empty.fail(actor=CLOCK)
    with pytest.raises(Blocked) as refusal:
        answered.fail(actor=CLOCK)

    assert failing == [empty.pk]
    assert (empty.state, state_of(answered), codes(refusal)) == ("failed", "closed", ["enough-quotations"])


def test_opening_freezes_the_rates_of_the_day(side):
    rfq = closed_rfq(side)

    rfq.open_bids(actor=side.clerk)

    assert rfq.opened_at is not None
    assert (rfq.rates["pivot"], rfq.rates["on"]) == ("EUR", rfq.opened_at.date().isoformat())


def evaluated_rfq(side, **values):
    return closed_rfq(side, **values).open_bids(actor=side.clerk)


def test_the_award_waits_for_the_standstill(side, codes):
    policy_for(side.buyer, standstill_days=10)
    rfq = evaluated_rfq(side).propose_award(actor=side.clerk).approve_award(actor=side.manager)

    with pytest.raises(Blocked) as refusal:
        rfq.confirm_award(actor=CLOCK)
    RequestForQuotation.objects.filter(pk=rfq.pk).update(standstill_ends_at=in_days(0))
    rfq.confirm_award(actor=CLOCK)

    assert codes(refusal) == ["standstill-running"]
    assert rfq.state == "awarded"
    assert rfq.ended_at is not None


def test_who_proposes_an_award_does_not_approve_it(side, state_of):
    both = member(side.buyer, "buyer", "buying_manager")
    rfq = evaluated_rfq(side).propose_award(actor=both)

    with pytest.raises(NotAllowed):
        rfq.approve_award(actor=both)

    assert state_of(rfq) == "award_proposed"


def test_an_upheld_objection_reopens_the_evaluation(side):
    rfq = evaluated_rfq(side).propose_award(actor=side.clerk).approve_award(actor=side.manager)

    with pytest.raises(NotAllowed):
        rfq.uphold_objection(actor=side.manager, reason="No.")
    rfq.uphold_objection(actor=side.controller, reason="A bid was overlooked.")

    assert (rfq.state, rfq.standstill_ends_at) == ("under_evaluation", None)


def test_an_awarded_rfq_cannot_be_awarded_again(side):
    rfq = evaluated_rfq(side).propose_award(actor=side.clerk).approve_award(actor=side.manager)
    rfq.confirm_award(actor=CLOCK)
    before = JournalEntry.objects.of(rfq).count()

    for step, actor in [("propose_award", side.clerk), ("approve_award", side.manager), ("confirm_award", CLOCK)]:
        with pytest.raises(WrongState):
            getattr(rfq, step)(actor=actor)

    assert JournalEntry.objects.of(rfq).count() == before


def test_cancelling_says_why(side):
    rfq = published_rfq(side)

    with pytest.raises(NotAllowed):
        rfq.cancel(actor=side.clerk, reason="Not needed.")
    rfq.cancel(actor=side.manager, reason="Not needed.")

    assert (rfq.state, rfq.cancellation_reason) == ("cancelled", "Not needed.")


def test_a_stale_copy_cannot_repeat_a_step(side):
    rfq = rfq_of(side)
    stale = RequestForQuotation.objects.get(pk=rfq.pk)
    rfq.publish(actor=side.clerk)

    with pytest.raises(WrongState):
        stale.publish(actor=side.clerk)


def test_suppliers_see_what_was_published_to_them_and_strangers_nothing(side):
    rfq, public = rfq_of(side), rfq_of(side, is_public=True)
    visible = RequestForQuotation.objects.visible_to

    before = set(visible(side.sales).values_list("pk", flat=True))
    rfq.publish(actor=side.clerk)
    public.publish(actor=side.clerk)

    assert before == set()
    assert set(visible(side.sales).values_list("pk", flat=True)) == {rfq.pk, public.pk}
    assert set(visible(side.rival).values_list("pk", flat=True)) == {public.pk}
    assert set(visible(CLOCK)) == set()


def test_a_draft_cancelled_unpublished_is_never_seen_by_suppliers(side):
    rfq = rfq_of(side).cancel(actor=side.manager, reason="Not needed.")

    assert not RequestForQuotation.objects.visible_to(side.sales).filter(pk=rfq.pk).exists()

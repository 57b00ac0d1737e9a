from decimal import Decimal
from uuid import uuid4

import pytest

from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from b2b.workflow import editing
from procurement import tendering
from procurement.models import RequestForQuotation
from procurement.queries import due
from procurement.tendering import AskedLine, Invitee, JudgedBy
from procurement.workflow import answers
from tests.factories.b2b import OrganisationFactory, member
from tests.factories.procurement import (
    asked,
    in_days,
    pass_deadline,
    policy_for,
    published_rfq,
    rfq_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


@pytest.fixture
def counted(alone, monkeypatch):
    """Quotations as the app above would count them."""
    came: dict = {}
    monkeypatch.setattr(answers, "_counters", [lambda keys: came])
    return came


def test_an_rfq_under_the_limit_is_published_by_its_buyer_alone(side):
    rfq = rfq_of(side)

    rfq.publish(actor=side.clerk)

    assert rfq.state == "published"
    assert rfq.published_at is not None
    assert rfq.number.startswith("RFQ-")
    entry = JournalEntry.objects.of(rfq).last()
    assert (entry.step, entry.before, entry.after, entry.user_id) == (
        "publish",
        "draft",
        "published",
        side.clerk.user_id,
    )


def test_publishing_freezes_the_policy_of_the_day(side):
    policy_for(side.buyer, standstill_days=10, minimum_quotations=3, opening="one")
    rfq = rfq_of(side, quotation_currencies=["USD"]).publish(actor=side.clerk)

    side.buyer.procurement_policy.standstill_days = 0
    side.buyer.procurement_policy.save()

    rfq.refresh_from_db()
    assert (rfq.standstill_days, rfq.minimum_quotations, rfq.opening) == (10, 3, "one")
    assert rfq.quotation_currencies == ["EUR", "USD"]


def test_everything_missing_is_said_at_once_and_nothing_changes(side, state_of, codes):
    rfq = rfq_of(side, lines=[], deadline=in_days(-1))
    tendering.invite(rfq, [])

    with pytest.raises(Blocked) as refusal:
        rfq.submit(actor=side.requester)

    assert codes(refusal) == ["no-lines", "deadline-passed", "nobody-invited"]
    assert state_of(rfq) == "draft"
    assert JournalEntry.objects.of(rfq).filter(step="submit").count() == 0


@pytest.mark.parametrize(
    ("deadline", "code"), [(None, "no-deadline"), (-0.5, "deadline-passed"), (0.5, "deadline-too-near")]
)
def test_a_deadline_is_set_and_leaves_suppliers_time(side, deadline, code, state_of, codes):
    rfq = rfq_of(side, deadline=None if deadline is None else in_days(deadline))

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)

    assert codes(refusal) == [code]
    assert state_of(rfq) == "draft"


def test_a_public_rfq_needs_no_invitation(side):
    rfq = tendering.draft(
        RequestForQuotation(buyer=side.buyer, title="Open", currency="EUR", deadline=in_days(7), is_public=True),
        lines=asked(),
        actor=side.clerk,
    )

    assert rfq.publish(actor=side.clerk).state == "published"


def test_weights_of_criteria_sum_to_100(side, codes):
    rfq = rfq_of(side)
    tendering.judge_by(rfq, [JudgedBy("Price", Decimal(60)), JudgedBy("Delivery", Decimal("39.5"), "delivery")])

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)

    assert codes(refusal) == ["weights-not-100"]
    assert refusal.value.faults[0].detail == "The weights of the criteria sum to 99.5 instead of 100."


def test_above_the_limit_an_rfq_is_approved_by_somebody_else(side, codes):
    policy_for(side.buyer, publish_limit=Decimal(399))
    rfq = rfq_of(side)

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)
    rfq.submit(actor=side.clerk)
    rfq.approve(actor=side.manager)

    assert codes(refusal) == ["over-publish-limit"]
    assert rfq.state == "published"


def test_an_rfq_without_an_estimate_is_above_every_limit(side, codes):
    rfq = rfq_of(side, lines=asked(estimate_unit_price=None))

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)

    assert rfq.estimate is None
    assert codes(refusal) == ["over-publish-limit"]


def test_an_estimate_in_a_currency_without_a_rate_is_above_every_limit(side, codes):
    rfq = rfq_of(side, currency="JPY", lines=asked(1, quantity=Decimal(1), estimate_unit_price=Decimal(1)))

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)

    assert codes(refusal) == ["over-publish-limit"]


def test_the_estimate_is_the_sum_of_rounded_lines(side):
    lines = asked(3, quantity=Decimal(1), estimate_unit_price=Decimal("0.335"))

    assert rfq_of(side, lines=lines).estimate == Decimal("1.02")


def test_nobody_approves_what_they_wrote_or_edited(side, state_of):
    both = member(side.buyer, "buyer", "buying_manager")
    rfq = rfq_of(side)
    with editing(rfq, actor=both):
        rfq.title = "Fasteners, corrected"
    rfq.submit(actor=side.clerk)

    with pytest.raises(NotAllowed):
        rfq.approve(actor=both)

    assert state_of(rfq) == "pending_approval"
    assert rfq.approve(actor=side.manager).state == "published"


def test_what_was_sent_back_can_be_edited_and_submitted_again(side):
    rfq = rfq_of(side).submit(actor=side.clerk)

    rfq.send_back(actor=side.manager, reason="Add a line.")
    with editing(rfq, actor=side.clerk):
        tendering.rewrite(rfq, asked(3))
    rfq.submit(actor=side.clerk)

    assert (rfq.state, rfq.lines.count()) == ("pending_approval", 3)
    assert JournalEntry.objects.of(rfq).get(step="send_back").reason == "Add a line."


def test_a_published_rfq_is_not_edited(side):
    rfq = published_rfq(side)

    with pytest.raises(WrongState), editing(rfq, actor=side.clerk):
        rfq.title = "Too late"

    rfq.refresh_from_db()
    assert rfq.title == "Fasteners"


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


def test_lines_keep_their_keys_by_number(side):
    rfq = rfq_of(side, lines=asked(3))
    before = dict(rfq.lines.values_list("number", "pk"))

    with editing(rfq, actor=side.clerk):
        tendering.rewrite(rfq, [*asked(2), AskedLine(number=7, item="Nut", quantity=Decimal(5), unit="C62")])

    after = dict(rfq.lines.values_list("number", "pk"))
    assert after.keys() == {1, 2, 7}
    assert (after[1], after[2]) == (before[1], before[2])
    assert rfq.estimate is None


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"unit": "BOX9"}, "#/lines/0/unit", "unknown-unit"),
        ({"quantity": Decimal(0)}, "#/lines/0/quantity", "not-positive"),
        ({"quantity": Decimal(-4)}, "#/lines/0/quantity", "not-positive"),
        ({"item": "  "}, "#/lines/0/item", "required"),
        ({"estimate_unit_price": Decimal(-1)}, "#/lines/0/estimate_unit_price", "negative-price"),
    ],
)
def test_a_line_that_cannot_stand_is_named_and_nothing_is_written(side, values, pointer, code):
    with pytest.raises(Invalid) as refusal:
        rfq_of(side, lines=asked(1, **values))

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, code)]
    assert RequestForQuotation.objects.count() == 0


def test_a_line_names_a_product_there_is(side, codes):
    with pytest.raises(Invalid) as refusal:
        rfq_of(side, lines=asked(1, product_id=uuid4()))

    assert codes(refusal) == ["unknown-product"]
    assert RequestForQuotation.objects.count() == 0


@pytest.mark.parametrize("stranger", ["nobody", "a buyer", "oneself"])
def test_only_other_organisations_that_supply_are_invited(side, stranger):
    key = {"nobody": uuid4(), "a buyer": OrganisationFactory().pk, "oneself": side.buyer.pk}[stranger]
    rfq = rfq_of(side)

    with pytest.raises(Invalid) as refusal, editing(rfq, actor=side.clerk):
        tendering.invite(rfq, [Invitee(side.supplier.pk), Invitee(key)])

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("#/invitations/1/supplier", "unknown-supplier")
    ]
    assert list(rfq.invitations.values_list("supplier_id", flat=True)) == [side.supplier.pk]


def test_a_copy_asks_the_same_of_the_same_suppliers(side):
    rfq = published_rfq(side)

    again = tendering.copy(rfq, actor=side.clerk)

    assert (again.state, again.copied_from_id, again.deadline) == ("draft", rfq.pk, None)
    assert again.estimate == rfq.estimate
    assert again.number != rfq.number
    assert list(again.invitations.values_list("supplier_id", flat=True)) == [side.supplier.pk]

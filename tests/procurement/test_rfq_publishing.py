"""What must be there before an RFQ goes out, and who lets it go."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.errors import Blocked, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.workflow import editing
from procurement import tendering
from procurement.models import RequestForQuotation
from procurement.tendering import JudgedBy
from tests.factories.b2b import member
from tests.factories.procurement import asked, in_days, policy_for, published_rfq, rfq_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


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

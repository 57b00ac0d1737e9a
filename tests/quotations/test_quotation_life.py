"""The life of a quotation up to its opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import CLOCK
from procurement.models import RequestForQuotation
from quotations import due
from quotations.hearing import invite_on_publish, void_on_cancel
from quotations.inviting import AlreadyQuoting, NotOpenForQuotations, answer, invite
from quotations.models import BidOpening, Quotation, QuotationLine, QuotationVersion
from quotations.offer import Offer, OfferedLine, content_hash
from quotations.saving import save_offer
from tests.factories.b2b import SupplierFactory, member
from tests.factories.procurement import asked, in_days
from tests.factories.quotations import bid, close, good_until, open_all, save, tender

pytestmark = pytest.mark.django_db


def test_publishing_invites_every_supplier_once():
    side = tender(3)

    invite_on_publish(str(side.rfq.pk))
    invite(side.rfq, actor=CLOCK)

    assert sorted(Quotation.objects.values_list("supplier_id", "state")) == sorted(
        (bidder.pk, "invited") for bidder in side.bidders
    )
    assert BidOpening.objects.get().state == "awaited"


def test_a_supplier_declines_with_a_reason():
    side = tender()

    quotation = side.quotation().decline(actor=side.seller(), reason_code="capacity", reason="Full until spring")

    assert (quotation.state, quotation.decline_reason) == ("declined", "capacity")


def test_another_supplier_can_take_no_step():
    side = tender()

    with pytest.raises(NotAllowed):
        side.quotation(0).start(actor=side.seller(1))

    assert side.quotation(0).state == "invited"


def test_a_draft_cannot_be_submitted_before_every_mandatory_line_is_answered():
    side = tender(lines=[*asked(2), *[replace(asked(1)[0], number=3, mandatory=False)]])
    quotation = side.quotation().start(actor=side.seller())

    with pytest.raises(Blocked) as refusal:
        quotation.submit(actor=side.seller())

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("#/lines/1/unit_price", "line-unanswered"),
        ("#/lines/2/unit_price", "line-unanswered"),
        ("#/lines", "nothing-priced"),
        ("#/valid_until", "no-validity"),
    ]
    assert side.quotation().state == "draft"


def test_no_bid_is_an_answer_and_zero_is_a_price():
    side = tender()

    quotation = bid(side, 0, {1: None, 2: 0})

    assert quotation.state == "submitted"
    assert dict(quotation.offer().lines) == {1: OfferedLine(no_bid=True), 2: OfferedLine(Decimal(0))}


def test_nothing_but_no_bids_is_no_quotation():
    side = tender()

    with pytest.raises(Blocked) as refusal:
        bid(side, 0, {1: None, 2: None})

    assert [fault.code for fault in refusal.value.faults] == ["nothing-priced"]


def test_a_validity_that_ends_at_the_deadline_is_too_short():
    side = tender()

    with pytest.raises(Blocked) as refusal:
        bid(side, 0, {1: 1, 2: 1}, valid_until=side.rfq.deadline.date())

    assert [fault.code for fault in refusal.value.faults] == ["validity-too-short"]


def test_submitting_journals_the_hash_of_what_is_sealed():
    side = tender()

    quotation = bid(side, 0, {1: "12.34", 2: 1})

    entry = JournalEntry.objects.of(quotation).get(step="submit")
    version = QuotationVersion.objects.get(quotation=quotation, number=quotation.sealed_version)
    assert entry.changes["submitted_sha256"] == ["", version.sha256]
    assert version.sha256 == quotation.submitted_sha256


def test_every_saved_version_is_kept():
    side = tender()
    quotation = bid(side, 0, {1: 10, 2: 20})

    quotation.revise(actor=side.seller())
    save(quotation, side.seller(), {1: 9})
    quotation.submit(actor=side.seller())

    assert list(quotation.versions.values_list("number", flat=True)) == [1, 2]
    assert quotation.offer().lines[1].unit_price == Decimal(9)
    assert quotation.offer().lines[2].unit_price == Decimal(20)


def test_saving_the_same_again_makes_no_version():
    side = tender()
    quotation = side.quotation().start(actor=side.seller())
    save(quotation, side.seller(), {1: 10})

    save(quotation, side.seller(), {1: 10})

    assert (quotation.sealed_version, quotation.version) == (1, 3)


def test_the_same_offer_sealed_twice_has_two_hashes():
    offer = Offer("EUR", lines={1: OfferedLine(Decimal(10))})

    hashes = {content_hash(offer.to_bytes()) for _ in range(5)}

    assert len(hashes) == 5


def test_an_offer_reads_back_as_it_was_written():
    offer = Offer(
        "USD",
        good_until(),
        Decimal("2.5"),
        "整单",
        {1: OfferedLine(Decimal("0.000001"), note="螺栓", lead_time_days=3), 7: OfferedLine(no_bid=True)},
    )

    assert Offer.from_bytes(offer.to_bytes()) == offer


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (OfferedLine(Decimal(-1)), "price-range"),
        (OfferedLine(Decimal("0.0000001")), "price-places"),
        (OfferedLine(Decimal(1), no_bid=True), "price-or-no-bid"),
        (OfferedLine(), "price-or-no-bid"),
        (OfferedLine(Decimal(1), lead_time_days=-1), "lead-time-range"),
        (OfferedLine(Decimal(1), note="x" * 501), "too-long"),
    ],
)
def test_what_cannot_be_offered_is_refused_and_nothing_is_sealed(line, code):
    side = tender()
    quotation = side.quotation().start(actor=side.seller())

    with pytest.raises(Invalid) as refusal:
        save_offer(quotation, lambda offer: offer.with_lines({1: line}), actor=side.seller())

    assert [fault.code for fault in refusal.value.faults] == [code]
    assert not QuotationVersion.objects.exists()


def test_a_line_the_rfq_does_not_have_is_refused():
    side = tender()
    quotation = side.quotation().start(actor=side.seller())

    with pytest.raises(Invalid) as refusal:
        save(quotation, side.seller(), {99: 1})

    assert [fault.pointer for fault in refusal.value.faults] == ["#/lines/99"]


def test_a_currency_the_rfq_does_not_take_is_refused():
    side = tender()
    quotation = side.quotation().start(actor=side.seller())

    with pytest.raises(Invalid) as refusal:
        save(quotation, side.seller(), {1: 1}, currency="USD")

    assert [fault.code for fault in refusal.value.faults] == ["currency-not-taken"]


@pytest.mark.parametrize("step", ["start", "decline", "submit", "revise", "withdraw"])
def test_after_the_deadline_a_supplier_can_take_no_step(step):
    side = tender()
    quotation = side.quotation()
    if step in {"submit", "revise", "withdraw"}:
        quotation.start(actor=side.seller())
        save(quotation, side.seller(), {1: 1, 2: 1})
    if step in {"revise", "withdraw"}:
        quotation.submit(actor=side.seller())
    before = quotation.state
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(deadline=in_days(-0.001))

    with pytest.raises(Blocked) as refusal:
        getattr(quotation, step)(actor=side.seller(), **({"reason_code": "time"} if step == "decline" else {}))

    assert "deadline-passed" in [fault.code for fault in refusal.value.faults]
    assert side.quotation().state == before


def test_after_the_deadline_no_price_can_be_saved():
    side = tender()
    quotation = side.quotation().start(actor=side.seller())
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(deadline=in_days(-0.001))

    with pytest.raises(Blocked):
        save(quotation, side.seller(), {1: 1})

    assert not QuotationVersion.objects.exists()


def test_the_clock_lapses_what_was_not_submitted():
    side = tender(3)
    bid(side, 0, {1: 1, 2: 1})
    side.quotation(1).start(actor=side.seller(1))
    close(side)

    waiting = list(due.to_lapse(in_days(0)))
    for quotation in waiting:
        quotation.lapse(actor=CLOCK)

    assert [side.quotation(place).state for place in range(3)] == ["submitted", "lapsed", "lapsed"]


def test_after_withdrawing_a_supplier_may_answer_anew():
    side = tender()
    first = bid(side, 0, {1: 1, 2: 1}).withdraw(actor=side.seller())

    second = answer(side.rfq, actor=side.seller())

    assert (first.state, second.state) == ("withdrawn", "draft")


def test_nobody_quotes_twice():
    side = tender()

    with pytest.raises(AlreadyQuoting):
        answer(side.rfq, actor=side.seller())

    assert Quotation.objects.filter(supplier=side.bidders[0]).count() == 1


def test_a_public_rfq_may_be_answered_uninvited():
    side = tender(1, is_public=True)
    newcomer = member(SupplierFactory(), "sales")

    quotation = answer(side.rfq, actor=newcomer)

    assert (quotation.state, quotation.invited_at) == ("draft", None)


def test_a_closed_rfq_is_not_answered():
    side = tender(1, is_public=True)
    close(side)

    with pytest.raises(NotOpenForQuotations):
        answer(side.rfq, actor=member(SupplierFactory(), "sales"))


def test_cancelling_the_rfq_voids_every_quotation_and_unseals_none():
    side = tender(2)
    bid(side, 0, {1: 1, 2: 1})
    side.rfq.refresh_from_db()
    side.rfq.cancel(actor=side.manager, reason="No budget")

    void_on_cancel(str(side.rfq.pk))

    assert {side.quotation(place).state for place in range(2)} == {"voided"}
    assert side.opening.state == "voided"
    assert not QuotationLine.objects.exists()


def test_a_submitted_quotation_is_not_edited():
    side = tender()
    quotation = bid(side, 0, {1: 1, 2: 1})

    with pytest.raises(WrongState):
        save(quotation, side.seller(), {1: 2})

    assert quotation.versions.count() == 1


def test_an_expired_quotation_leaves_the_running_and_may_be_extended_before():
    side = tender()
    bid(side, 0, {1: 1, 2: 1})
    bid(side, 1, {1: 2, 2: 2})
    open_all(side)
    side.quotation(1).extend(actor=side.seller(1), valid_until=good_until(200))
    later = in_days(100)

    assert [quotation.pk for quotation in due.to_expire(later)] == [side.quotation(0).pk]
    assert list(due.to_expire(later - timedelta(days=50))) == []

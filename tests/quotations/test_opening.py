"""Opening: two people, everything verified, all at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from b2b import events
from b2b.errors import Blocked, NotAllowed, WrongState
from b2b.models import JournalEntry, OutboxMessage
from b2b.policy import CLOCK
from b2b.sealing import seal
from quotations import due
from quotations.announcing import announce_prices
from quotations.models import BidOpening, OpeningConsent, OpeningMinute, QuotationLine, QuotationVersion
from quotations.models.unsealing import SealDiffers
from quotations.objecting import ask_question
from quotations.offer import Offer, OfferedLine, content_hash
from quotations.opening import consent
from quotations.workflow.bid_opening import ConsentedAlready, RoleNotNeeded
from tests.factories.b2b import member
from tests.factories.procurement import in_days
from tests.factories.quotations import bid, close, open_all, opened_tender, tender

pytestmark = pytest.mark.django_db


def submitted(**values):
    side = tender(2, **values)
    bid(side, 0, {1: 10, 2: 20})
    bid(side, 1, {1: 11, 2: None})
    return side


def test_one_consent_of_two_opens_nothing():
    side = submitted()
    close(side)

    opening = consent(side.rfq, side.clerk)

    assert (opening.state, side.quotation().state) == ("awaited", "submitted")
    assert not QuotationLine.objects.exists()


def test_the_second_consent_opens_everything_at_once():
    side = submitted()

    opening = open_all(side)

    assert (opening.state, side.rfq.state) == ("opened", "under_evaluation")
    assert [side.quotation(place).state for place in range(2)] == ["opened", "opened"]
    assert list(
        QuotationLine.objects.filter(quotation=side.quotation(0)).values_list("number", "unit_price", "amount")
    ) == [
        (1, Decimal(10), Decimal(1000)),
        (2, Decimal(20), Decimal(2000)),
    ]
    assert QuotationLine.objects.filter(quotation=side.quotation(1), no_bid=True).values_list(
        "number", "amount"
    ).get() == (2, None)
    assert (side.quotation(0).total, side.quotation(1).total) == (Decimal(3000), Decimal(1100))


def test_the_minutes_name_each_quotation_with_the_hash_the_journal_has():
    side = submitted()

    opening = open_all(side)

    journalled = {
        entry.document_id: entry.changes["submitted_sha256"][1]
        for entry in JournalEntry.objects.filter(step="submit", document_type="quotations.quotation")
    }
    assert dict(opening.minutes.values_list("quotation_id", "sha256")) == journalled
    assert dict(opening.consents.values_list("capacity", "user_id")) == {
        "buyer": side.clerk.user_id,
        "compliance": side.controller.user_id,
    }


def test_the_same_person_cannot_consent_twice():
    side = submitted()
    close(side)
    both = member(side.buyer, "buyer", "compliance", second_factor=True)
    consent(side.rfq, both)

    with pytest.raises(ConsentedAlready):
        consent(side.rfq, both)

    assert OpeningConsent.objects.count() == 1


def test_two_buyers_are_not_a_buyer_and_a_controller():
    side = submitted()
    close(side)
    consent(side.rfq, side.clerk)

    with pytest.raises(ConsentedAlready):
        consent(side.rfq, member(side.buyer, "buyer", second_factor=True))

    assert BidOpening.objects.get().state == "awaited"


def test_the_platforms_compliance_may_be_the_second():
    side = submitted()
    close(side)
    consent(side.rfq, side.clerk)

    assert consent(side.rfq, side.platform).state == "opened"


def test_without_a_second_factor_nobody_consents():
    side = submitted()
    close(side)

    with pytest.raises(NotAllowed):
        consent(side.rfq, member(side.buyer, "buyer"))

    assert not OpeningConsent.objects.exists()


def test_suppliers_and_strangers_do_not_consent():
    side = submitted()
    close(side)

    for actor in (side.seller(), member(side.bidders[0], "buyer", second_factor=True)):
        with pytest.raises(NotAllowed):
            consent(side.rfq, actor)


def test_nothing_opens_before_the_rfq_is_closed():
    side = submitted()

    with pytest.raises(Blocked) as refusal:
        consent(side.rfq, side.clerk)

    assert [fault.code for fault in refusal.value.faults] == ["rfq-not-closed"]


def test_the_rfqs_own_step_is_shut_without_consents():
    side = submitted()
    close(side)

    with pytest.raises(Blocked) as refusal:
        side.rfq.open_bids(actor=side.clerk)

    assert [fault.code for fault in refusal.value.faults] == ["consents-missing"]


def test_where_one_person_opens_a_buyer_is_enough_and_compliance_is_not_asked():
    side = submitted(policy={"opening": "one"})
    close(side)

    with pytest.raises(RoleNotNeeded):
        consent(side.rfq, side.controller)

    assert consent(side.rfq, side.clerk).state == "opened"


def test_where_the_clock_opens_it_does_so_after_closing():
    side = submitted(policy={"opening": "clock"})
    assert list(due.due_to_open(in_days(0))) == []
    close(side)

    for opening in due.due_to_open(in_days(0)):
        opening.open(actor=CLOCK)

    assert side.quotation().state == "opened"


def test_the_clock_does_not_open_what_people_open():
    side = submitted()
    close(side)

    with pytest.raises(Blocked) as refusal:
        side.opening.open(actor=CLOCK)

    assert [fault.code for fault in refusal.value.faults] == ["people-open"]


def test_fewer_quotations_than_asked_for_stay_sealed():
    side = submitted(minimum_quotations=3)
    close(side)

    with pytest.raises(Blocked) as refusal:
        consent(side.rfq, side.clerk)

    assert [fault.code for fault in refusal.value.faults] == ["too-few-quotations"]
    assert side.rfq.fail(actor=CLOCK).state == "failed"


def test_what_is_opened_is_not_opened_again():
    side = submitted()
    opening = open_all(side)

    with pytest.raises(WrongState):
        opening.consent(actor=member(side.buyer, "buyer", second_factor=True))

    assert OpeningMinute.objects.count() == 2


def test_a_sealed_content_replaced_in_the_database_is_found_and_nothing_opens():
    side = submitted()
    quotation = side.quotation()
    forged = Offer("EUR", lines={1: OfferedLine(Decimal(1)), 2: OfferedLine(Decimal(1))}).to_bytes()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE quotations_quotationversion SET sealed = %s WHERE quotation_id = %s", [seal(forged), quotation.pk]
        )
    close(side)
    consent(side.rfq, side.clerk)

    with pytest.raises(SealDiffers):
        consent(side.rfq, side.controller)

    side.rfq.refresh_from_db()
    assert side.rfq.state == "closed"
    assert not QuotationLine.objects.exists()


def test_forging_the_stored_hash_as_well_does_not_help():
    side = submitted()
    quotation = side.quotation()
    forged = Offer("EUR", lines={1: OfferedLine(Decimal(1)), 2: OfferedLine(Decimal(1))}).to_bytes()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE quotations_quotationversion SET sealed = %s WHERE quotation_id = %s", [seal(forged), quotation.pk]
        )
        cursor.execute(
            "UPDATE quotations_quotation SET submitted_sha256 = %s WHERE id = %s", [content_hash(forged), quotation.pk]
        )
    close(side)
    consent(side.rfq, side.clerk)

    with pytest.raises(SealDiffers):
        consent(side.rfq, side.controller)

    assert not QuotationLine.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE quotations_quotationversion SET sha256 = 'x'",
        "DELETE FROM quotations_quotationversion",
        "UPDATE quotations_openingminute SET sha256 = 'x'",
        "DELETE FROM quotations_openingminute",
        "DELETE FROM quotations_openingconsent",
    ],
)
def test_versions_minutes_and_consents_are_written_once(statement):
    open_all(submitted())

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert QuotationVersion.objects.count() == 2


def test_an_open_question_keeps_the_rfq_from_closing():
    side = submitted()
    question = ask_question(side.rfq, text="Galvanised?", actor=side.seller())

    with pytest.raises(Blocked) as refusal:
        close(side)
    assert [(fault.code, fault.detail) for fault in refusal.value.faults] == [
        ("question-open", "1 question is not answered; answer it, or extend the deadline.")
    ]

    question.answer(actor=side.clerk, answer_text="Yes", to_all=True)
    assert close(side).state == "closed"


def test_prices_are_scored_once_against_the_best():
    heard = events.heard().get("scoring.price", ())
    side = opened_tender({1: 10, 2: 20}, {1: 12, 2: 24})
    asked_for = OutboxMessage.objects.filter(task="quotations.score_prices")

    assert asked_for.count() == 1
    before = OutboxMessage.objects.filter(task__in=heard).count()
    announce_prices(side.rfq)
    ratios = [message.arguments["ratio"] for message in OutboxMessage.objects.filter(task__in=heard).order_by("pk")][
        before:
    ]
    assert ratios == ["1.000000", "1.200000"][: len(ratios)]

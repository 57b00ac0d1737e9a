"""Objecting to an award during its standstill."""

from __future__ import annotations

import pytest

from b2b.errors import Blocked, NotAllowed
from b2b.policy import CLOCK
from quotations import awarding, due
from quotations.hearing import void_on_cancel
from quotations.models import Objection
from quotations.objecting import ObjectedAlready, object_to
from tests.factories.procurement import in_days
from tests.factories.quotations import approved, opened_tender, proposed
from tests.quotations.awards import STANDSTILL, after_standstill

pytestmark = pytest.mark.django_db


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

"""A contract is agreed to by two people, signed by both parties over one hash, and ends in good order."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.models import Job, JournalEntry
from b2b.policy import CLOCK
from b2b.workflow import editing
from contracts.composing import Composition, Wording
from contracts.models import Contract
from contracts.price_line import PriceLine
from contracts.workflow.contract_guards import ClosingPoint
from tests.factories.b2b import PlatformFactory, member
from tests.factories.contracts import (
    ActiveContractFactory,
    CallOffFactory,
    ContractFactory,
    approved,
    on_day,
    parties,
    signed,
)

pytestmark = pytest.mark.django_db


def codes(refused) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def now(contract: Contract) -> Contract:
    return Contract.objects.get(pk=contract.pk)


# --- Review -------------------------------------------------------------------------------------
def test_everything_missing_is_named_at_once():
    side = parties(title="", chinese_title="", starts_on=None, ends_on=None, composition=Composition())

    with pytest.raises(Blocked) as refused:
        side.contract.submit(actor=side.clerk)

    assert codes(refused) == [
        ("#/title", "required"),
        ("#/chinese_title", "required"),
        ("#/clauses", "no-clauses"),
        ("#/starts_on", "required"),
        ("#/ends_on", "required"),
        ("#/lines", "no-value"),
    ]
    assert (now(side.contract).state, now(side.contract).number) == ("draft", "")


def test_a_price_without_quantity_needs_a_ceiling():
    line = PriceLine(number=1, item="Bolt", unit="H87", unit_price=Decimal(1))
    clause = Wording("Scope", "范围", "Text.", "正文。")
    side = parties(composition=Composition(clauses=[clause], lines=[line]))

    with pytest.raises(Blocked) as refused:
        side.contract.submit(actor=side.clerk)
    assert codes(refused) == [("#/ceiling", "no-ceiling")]

    with editing(side.contract, actor=side.clerk):
        side.contract.ceiling = Decimal(5000)
    assert side.contract.submit(actor=side.clerk).state == "in_review"


def test_a_place_nothing_fills_holds_the_contract_back():
    clause = Wording("Delivery", "交付", "Delivered to {{ place }}.", "交付至{{ place }}。")
    side = parties(composition=Composition(clauses=[clause], lines=[]), ceiling=Decimal(1))

    with pytest.raises(Blocked) as refused:
        side.contract.submit(actor=side.clerk)

    assert codes(refused) == [("#/fields/place", "field-missing")]


def test_a_submitted_contract_has_a_number_and_the_day_of_its_notice():
    side = parties()

    contract = side.contract.submit(actor=side.clerk)

    assert contract.number == f"CT-{database_now().year}-000001"
    assert contract.notice_on == contract.ends_on - timedelta(days=30)


def test_compliance_and_a_buying_manager_agree_in_either_order_and_the_pdf_is_asked_for():
    side = parties()
    side.contract.submit(actor=side.clerk)

    assert side.contract.approve(actor=side.manager).state == "in_review"
    assert Job.objects.count() == 0
    assert side.contract.approve(actor=side.controller).state == "approved"

    assert [job.kind for job in Job.objects.all()] == ["contracts.generate"]
    assert list(side.contract.consents.values_list("role", flat=True)) == ["buying_manager", "compliance"]


def test_one_person_with_both_roles_is_still_one_person():
    side = parties()
    side.contract.submit(actor=side.clerk)
    both = member(side.contract.buyer, "compliance", "buying_manager")
    side.contract.approve(actor=both)

    with pytest.raises(NotAllowed):
        side.contract.approve(actor=both)

    assert (now(side.contract).state, side.contract.consents.count()) == ("in_review", 1)


def test_two_people_of_one_role_are_not_enough():
    side = parties()
    side.contract.submit(actor=side.clerk)
    side.contract.approve(actor=side.manager)

    with pytest.raises(NotAllowed, match="Compliance"):
        side.contract.approve(actor=member(side.contract.buyer, "buying_manager"))


def test_the_platforms_compliance_may_agree_but_never_as_a_buying_manager():
    side = parties()
    side.contract.submit(actor=side.clerk)
    platform = PlatformFactory()
    side.contract.approve(actor=member(platform, "compliance", "buying_manager", platform=True))

    with pytest.raises(NotAllowed):
        side.contract.approve(actor=member(platform, "compliance", "buying_manager", platform=True))

    assert side.contract.consents.get().role == "compliance"


def test_nobody_agrees_to_what_they_edited_even_after_the_first_consent():
    side = parties()
    author = member(side.contract.buyer, "buyer", "buying_manager")
    with editing(side.contract, actor=author):
        side.contract.title = "Framework agreement"
    side.contract.submit(actor=side.clerk)
    side.contract.approve(actor=side.controller)

    with pytest.raises(NotAllowed):
        side.contract.approve(actor=author)

    assert now(side.contract).state == "in_review"


def test_changes_that_are_requested_begin_a_new_round_of_consents():
    side = parties()
    side.contract.submit(actor=side.clerk)
    side.contract.approve(actor=side.controller)
    side.contract.request_changes(actor=side.manager, reason="Shorten the warranty.")
    side.contract.submit(actor=side.clerk)

    assert side.contract.approve(actor=side.manager).state == "in_review"
    assert side.contract.approve(actor=side.controller).state == "approved"


def test_what_is_under_review_cannot_be_edited_and_the_database_sees_to_that():
    side = parties()
    side.contract.submit(actor=side.clerk)

    with pytest.raises(WrongState), editing(side.contract, actor=side.clerk):
        side.contract.title = "Another"
    changes = [
        lambda: Contract.objects.filter(pk=side.contract.pk).update(ceiling=Decimal(1)),
        lambda: side.contract.lines.update(unit_price=Decimal(9)),
        lambda: side.contract.lines.all().delete(),
        lambda: side.contract.clauses.update(text="Something else."),
        lambda: side.contract.clauses.all().delete(),
    ]
    for change in changes:
        with pytest.raises(DatabaseError, match="is frozen"), transaction.atomic():
            change()

    assert (side.contract.lines.count(), side.contract.clauses.count()) == (2, 1)


# --- While it runs ------------------------------------------------------------------------------
def test_notice_is_given_once_and_then_the_contract_ends():
    contract = on_day(signed(parties()), starts_on=-340, ends_on=25, notice_on=-5)

    assert [take_due_steps(), take_due_steps()] == [1, 0]
    assert now(contract).state == "expiring"
    on_day(contract, ends_on=-1)
    assert take_due_steps() == 1

    assert now(contract).state == "expired"
    steps = list(JournalEntry.objects.of(contract).order_by("sequence").values_list("step", flat=True))
    assert steps.count("notice") == 1


def test_the_last_day_is_part_of_the_contract():
    contract = on_day(signed(parties()), starts_on=-340, ends_on=0, notice_on=-30)
    take_due_steps()

    with pytest.raises(Blocked):
        now(contract).end(actor=CLOCK)

    assert now(contract).state == "expiring"


def test_compliance_suspends_and_resumes():
    side = parties(ActiveContractFactory())

    assert side.contract.suspend(actor=side.controller, reason="Certificate expired.").state == "suspended"
    with pytest.raises(NotAllowed):
        side.contract.resume(actor=side.manager, reason="We need the goods.")
    assert side.contract.resume(actor=side.controller, reason="Renewed.").state == "active"


def proposal(days: int = 0) -> dict:
    return {
        "reason": "Repeated late delivery.",
        "terminates_on": database_now().date() + timedelta(days=days),
        "settlement": "Open orders are delivered; no damages.",
    }


def test_termination_takes_two_words_of_two_roles():
    side = parties(ActiveContractFactory())
    side.contract.propose_termination(actor=side.manager, **proposal(10))

    assert side.contract.state == "active"
    for who in (side.manager, member(side.contract.buyer, "buying_manager")):
        with pytest.raises(NotAllowed):
            side.contract.terminate(actor=who)
    assert side.contract.terminate(actor=side.controller).state == "terminated"
    assert side.contract.settlement == "Open orders are delivered; no damages."


def test_nothing_terminates_without_a_proposal():
    side = parties(ActiveContractFactory())

    with pytest.raises(Blocked) as refused:
        side.contract.terminate(actor=side.controller)

    assert codes(refused) == [("#/termination_reason", "termination-not-proposed")]


@pytest.mark.parametrize(("days", "code"), [(-1, "before-start"), (365, "after-end")])
def test_a_termination_falls_within_the_period(days, code):
    side = parties(ActiveContractFactory())

    with pytest.raises(Invalid) as refused:
        side.contract.propose_termination(actor=side.manager, **proposal(days))

    assert codes(refused) == [("#/terminates_on", code)]
    assert side.contract.consents.count() == 0


def test_finance_closes_when_the_checklist_is_complete_and_no_call_off_is_open():
    call_off = CallOffFactory()
    side = parties(on_day(call_off.contract, ends_on=-1, starts_on=-300))
    side.contract.end(actor=CLOCK)
    closing = {"paid_total": Decimal("25.00"), "checklist": ClosingPoint.values}

    with pytest.raises(Blocked) as refused:
        side.contract.close(actor=side.finance, **closing)
    assert codes(refused) == [("#/call_offs", "call-offs-open")]
    call_off.release(actor=CLOCK)
    with pytest.raises(Invalid) as refused:
        side.contract.close(actor=side.finance, **closing | {"checklist": ["records_kept"]})
    assert codes(refused) == [("#/checklist", "unchecked")] * 3
    assert side.contract.close(actor=side.finance, **closing).state == "closed"
    assert now(side.contract).paid_total == 25


def test_approving_asks_for_the_pdf_exactly_once():
    approved(parties())

    assert Job.objects.filter(kind="contracts.generate").count() == 1


def test_the_database_refuses_a_contract_with_oneself_and_an_end_before_the_start():
    contract = ContractFactory()

    for change, name in (
        ({"supplier": contract.buyer}, "contract_between_two"),
        ({"ends_on": contract.starts_on - timedelta(days=1)}, "contract_ends_after_start"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Contract.objects.filter(pk=contract.pk).update(**change)

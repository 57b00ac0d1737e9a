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
from contracts.models import Contract, Signature
from contracts.price_line import PriceLine
from contracts.workflow.contract_guards import ClosingPoint
from contracts.workflow.signing import AlreadySigned, HashMismatch
from tests.factories.b2b import PlatformFactory, member
from tests.factories.contracts import (
    ActiveContractFactory,
    CallOffFactory,
    ContractFactory,
    approved,
    offered,
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


# --- Signature ----------------------------------------------------------------------------------
def test_a_contract_runs_once_both_parties_signed_the_same_hash():
    side = parties()
    contract = offered(side)
    sha256 = contract.issued.pdf_sha256

    assert contract.sign(actor=side.countersignatory, sha256=sha256).state == "partially_signed"
    assert contract.sign(actor=side.signatory, sha256=sha256.upper()).state == "active"

    rows = [(row.party, row.sha256, row.version_id) for row in contract.signatures.all()]
    assert rows == [("supplier", sha256, contract.issued_id), ("buyer", sha256, contract.issued_id)]
    assert contract.signed_at is not None


def test_a_contract_that_begins_later_is_scheduled_and_the_clock_starts_it():
    tomorrow = database_now().date() + timedelta(days=1)
    contract = signed(parties(starts_on=tomorrow))
    assert contract.state == "scheduled"
    assert take_due_steps() == 0

    on_day(contract, starts_on=0)

    assert take_due_steps() == 1
    assert now(contract).state == "active"


def test_signing_another_hash_is_refused_and_says_which_is_current():
    side = parties()
    contract = offered(side)

    with pytest.raises(HashMismatch, match=contract.issued.pdf_sha256):
        contract.sign(actor=side.signatory, sha256="0" * 64)

    assert (now(contract).state, Signature.objects.count()) == ("awaiting_signature", 0)


def test_each_party_signs_once_whoever_signs_for_it():
    side = parties()
    contract = offered(side)
    contract.sign(actor=side.signatory, sha256=contract.issued.pdf_sha256)

    for another in (side.signatory, member(contract.buyer, "signatory", second_factor=True)):
        with pytest.raises(AlreadySigned):
            contract.sign(actor=another, sha256=contract.issued.pdf_sha256)

    assert (now(contract).state, Signature.objects.count()) == ("partially_signed", 1)


@pytest.mark.parametrize("who", ["clerk", "manager", "sales", "stranger"])
def test_only_a_signatory_of_a_party_signs(who):
    side = parties()
    contract = offered(side)

    with pytest.raises(NotAllowed):
        contract.sign(actor=getattr(side, who), sha256=contract.issued.pdf_sha256)


def test_signing_wants_a_second_factor():
    side = parties()
    contract = offered(side)

    with pytest.raises(NotAllowed, match="second factor"):
        contract.sign(actor=member(contract.buyer, "signatory"), sha256=contract.issued.pdf_sha256)


def test_a_contract_whose_period_is_over_can_no_longer_be_signed():
    side = parties()
    contract = on_day(offered(side), starts_on=-10, ends_on=-1)

    with pytest.raises(Blocked) as refused:
        contract.sign(actor=side.signatory, sha256=contract.issued.pdf_sha256)

    assert codes(refused) == [("#/ends_on", "period-over")]


@pytest.mark.parametrize("who", ["clerk", "sales", "countersignatory"])
def test_either_party_may_ask_for_changes_which_voids_what_was_signed(who):
    side = parties()
    contract = offered(side)
    first = contract.issued
    contract.sign(actor=side.signatory, sha256=first.pdf_sha256)

    contract.change_request(actor=getattr(side, who), reason="The delivery term is wrong.")

    assert (contract.state, contract.issued) == ("draft", None)
    assert Signature.objects.get().voided_at is not None
    side.contract = contract
    again = offered(side)
    assert again.issued.number == 2
    with pytest.raises(HashMismatch):
        again.sign(actor=side.signatory, sha256=first.pdf_sha256)
    again.sign(actor=side.signatory, sha256=again.issued.pdf_sha256)
    assert again.signatures.standing().get().version.number == 2


def test_a_signature_is_written_once():
    side = parties()
    contract = offered(side)
    contract.sign(actor=side.signatory, sha256=contract.issued.pdf_sha256)

    for change in ({"sha256": "0" * 64}, {"user_id": side.clerk.user_id}):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            Signature.objects.update(**change)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        Signature.objects.all().delete()


def test_a_signatory_may_refuse_and_that_is_final():
    side = parties()
    contract = offered(side)

    contract.refuse(actor=side.countersignatory, reason="The ceiling is too low.")

    assert (contract.state, contract.ended_at is not None) == ("declined", True)
    with pytest.raises(WrongState):
        contract.sign(actor=side.signatory, sha256=contract.issued.pdf_sha256)


def test_a_contract_can_be_cancelled_until_somebody_signed():
    side = parties()
    contract = offered(side)
    contract.sign(actor=side.signatory, sha256=contract.issued.pdf_sha256)
    with pytest.raises(WrongState):
        contract.cancel(actor=side.clerk, reason="Not needed.")

    other = parties()
    assert offered(other).cancel(actor=other.clerk, reason="Not needed.").state == "cancelled"


def test_the_supplier_sees_a_contract_while_it_is_offered_and_not_while_it_is_written():
    side = parties()
    seen = [Contract.objects.visible_to(side.sales).exists()]
    contract = offered(side)
    seen.append(Contract.objects.visible_to(side.sales).exists())
    contract.change_request(actor=side.clerk, reason="A slip.")
    seen.append(Contract.objects.visible_to(side.sales).exists())

    assert seen == [False, True, False]
    assert not Contract.objects.visible_to(side.stranger).exists()
    assert Contract.objects.visible_to(side.clerk).exists()


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

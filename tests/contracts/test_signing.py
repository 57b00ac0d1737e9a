"""Both parties sign once, over one hash; what is signed stands, or is void as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from b2b.clock import database_now
from b2b.clockwork import take_due_steps
from b2b.errors import Blocked, NotAllowed, WrongState
from contracts.models import Contract, Signature
from contracts.workflow.signing import AlreadySigned, HashMismatch
from tests.factories.b2b import member
from tests.factories.contracts import offered, on_day, parties, signed

pytestmark = pytest.mark.django_db


def now(contract: Contract) -> Contract:
    return Contract.objects.get(pk=contract.pk)


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

    assert [fault.code for fault in refused.value.faults] == ["period-over"]


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

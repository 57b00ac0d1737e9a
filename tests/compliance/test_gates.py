"""Nobody who may not be dealt with is invited, awarded or signed with."""

from __future__ import annotations

from datetime import date

import pytest

from b2b.errors import Blocked
from b2b.models import JournalEntry
from contracts.models import Contract
from procurement.models import RequestForQuotation
from quotations.models import Award
from suppliers.models import Qualification
from tests.factories.b2b import SupplierFactory, UserFactory, member
from tests.factories.contracts import offered, parties
from tests.factories.procurement import rfq_of, trade
from tests.factories.quotations import opened_tender, proposed

pytestmark = pytest.mark.django_db

PRICES = ({1: "2", 2: "3"}, {1: "3", 2: "4"})


def fall(supplier, state: str) -> None:
    """The supplier's qualification stands there now, however it came to."""
    proposer = UserFactory()
    Qualification.objects.filter(supplier=supplier).update(
        state=state, block_review_on=date(2099, 1, 1), block_proposed_by=proposer
    )


@pytest.mark.parametrize(
    ("state", "code"),
    [("suspended", "supplier-suspended"), ("blocked", "supplier-blocked"), ("expired", "supplier-expired")],
)
def test_an_rfq_is_not_published_to_a_supplier_that_may_not_be_invited(state: str, code: str):
    side = trade()
    rfq = rfq_of(side)
    fall(side.supplier, state)
    entries = JournalEntry.objects.count()

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [("#/invitations/0/supplier", code)]
    assert refusal.value.faults[0].detail.startswith(f"{side.supplier.name}: The supplier")
    assert (RequestForQuotation.objects.get().state, JournalEntry.objects.count()) == ("draft", entries)


def test_a_supplier_nobody_qualified_is_named_by_its_place_among_the_invited():
    side = trade()
    rfq = rfq_of(side)
    newcomer = SupplierFactory(name="Newcomer")
    rfq.invitations.create(supplier=newcomer)

    with pytest.raises(Blocked) as refusal:
        rfq.publish(actor=side.clerk)

    assert [(fault.pointer, fault.code, fault.detail) for fault in refusal.value.faults] == [
        ("#/invitations/1/supplier", "supplier-not-qualified", "Newcomer: The supplier is not qualified.")
    ]


def test_a_supplier_suspended_before_the_award_is_not_awarded():
    side = opened_tender(*PRICES)
    award = proposed(side)
    fall(side.bidders[0], "suspended")

    with pytest.raises(Blocked) as refusal:
        award.approve(actor=side.manager)

    assert "supplier-suspended" in [fault.code for fault in refusal.value.faults]
    assert (Award.objects.get().state, RequestForQuotation.objects.get().state) == ("proposed", "award_proposed")


def test_a_contract_is_not_signed_with_a_blocked_supplier():
    side = parties()
    contract = offered(side)
    fall(contract.supplier, "blocked")
    signatory = member(contract.buyer, "signatory", second_factor=True)

    with pytest.raises(Blocked) as refusal:
        contract.sign(actor=signatory, sha256="0" * 64)

    assert "supplier-blocked" in [fault.code for fault in refusal.value.faults]
    assert Contract.objects.get().state == "awaiting_signature"

"""Whatever is changed after the signature, in the storage or in the database, is found and named."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from b2b.contents import path_of
from contracts.models import ContractClause, ContractLine, ContractVersion, Signature
from contracts.verification import verify
from tests.factories.b2b import UserFactory
from tests.factories.contracts import ContractFactory, parties, signed, triggers_off

pytestmark = pytest.mark.django_db


def found(contract) -> list[str]:
    contract.refresh_from_db()
    return [finding.code for finding in verify(contract)]


def test_a_signed_contract_is_intact():
    assert found(signed(parties())) == []


def test_a_draft_has_nothing_to_verify():
    assert found(ContractFactory()) == []


def test_a_pdf_whose_bytes_were_changed_is_named_with_its_hash():
    contract = signed(parties())
    path = path_of(contract.issued.pdf_sha256)
    changed = default_storage.open(path).read().replace(b"version", b"Version")
    default_storage.delete(path)
    default_storage.save(path, ContentFile(changed))

    (finding,) = verify(contract)

    assert finding.code == "pdf-changed"
    assert contract.issued.pdf_sha256 in finding.detail


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (lambda: ContractLine.objects.filter(number=1).update(unit_price=Decimal("0.26")), ["row-changed"]),
        (lambda: ContractClause.objects.update(text="Nothing is owed."), ["row-changed"]),
        (
            lambda: ContractVersion.objects.update(content={"lines": []}),
            ["content-changed", "row-changed"],
        ),
        (lambda: Signature.objects.filter(party="buyer").update(user=UserFactory()), ["signature-changed"]),
        (
            lambda: Signature.objects.filter(party="buyer").update(sha256="0" * 64),
            ["signature-over-other", "signature-changed"],
        ),
    ],
    ids=["price", "clause", "content", "signatory", "hash"],
)
def test_a_row_changed_behind_the_triggers_is_named(change, codes):
    contract = signed(parties())

    with triggers_off():
        change()

    assert found(contract) == codes


def test_an_organisation_that_changes_its_name_later_breaks_nothing():
    contract = signed(parties())

    for side in (contract.supplier, contract.buyer):
        side.name, side.address = "Another name", "Elsewhere"
        side.save()

    assert found(contract) == []

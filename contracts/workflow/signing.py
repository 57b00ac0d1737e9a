"""What a signature is: one party's word, given with a second factor, over the SHA-256 of the PDF it read.

The platform attests each with its Ed25519 key, so that a row changed or invented in the database
is found by ``verification``.
"""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import DomainError
from b2b.journal.checkpoint import signing_key
from b2b.policy import Actor
from contracts.workflow.consents import person

if TYPE_CHECKING:
    from contracts.models import Contract, ContractVersion, Signature


class Party(models.TextChoices):
    BUYER = "buyer", _("Buyer")
    SUPPLIER = "supplier", _("Supplier")


class AlreadySigned(DomainError):
    code, title = "already-signed", _("This party has signed already.")


class HashMismatch(DomainError):
    code, title = "signature-hash-mismatch", _("What you read is not what is to be signed.")


def sign(contract: Contract, *, sha256: str, actor: Actor) -> bool:
    """Record the actor's signature; whether both parties have now signed."""
    party = Party.BUYER if actor.organisation_id == contract.buyer_id else Party.SUPPLIER
    signed = set(contract.signatures.standing().values_list("party", flat=True))
    if party in signed:
        raise AlreadySigned
    _record(contract, _require_current(contract.issued, sha256), party, actor)
    return signed | {party} == set(Party)


def void(contract: Contract) -> None:
    """What was signed is no longer to be relied on; the rows stay."""
    contract.signatures.standing().update(voided_at=database_now())


def _require_current(version: ContractVersion | None, sha256: str) -> ContractVersion:
    if version is None or sha256.lower() != version.pdf_sha256:
        raise HashMismatch(
            gettext("The SHA-256 of the current PDF is %(sha256)s. Read it again before you sign.")
            % {"sha256": version.pdf_sha256 if version else "–"}
        )
    return version


def _record(contract: Contract, version: ContractVersion, party: Party, actor: Actor) -> None:
    signature: Signature = contract.signatures.model(
        contract=contract,
        version=version,
        party=party.value,
        organisation_id=contract.buyer_id if party == Party.BUYER else contract.supplier_id,
        user_id=person(actor),
        sha256=version.pdf_sha256,
        signed_at=database_now(),
    )
    signature.attestation = signing_key().sign(statement(signature))
    signature.save(force_insert=True)


def statement(signature: Signature) -> bytes:
    """The bytes the platform's attestation covers: who signed what, for whom, and when."""
    said = {
        "contract": str(signature.contract_id),
        "version": str(signature.version_id),
        "party": signature.party,
        "organisation": str(signature.organisation_id),
        "user": str(signature.user_id),
        "sha256": signature.sha256,
        "signed_at": signature.signed_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    return json.dumps(said, sort_keys=True).encode()

"""Whether a contract still is what was signed: file, content, rows and signatures against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from django.utils.translation import gettext

from b2b import contents
from b2b.journal.checkpoint import verification_key
from contracts.content import content_of, sha256_of
from contracts.models import Contract, ContractVersion, Signature
from contracts.workflow.signing import statement


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was signed."""

    code: str
    detail: str


def verify(contract: Contract) -> list[Finding]:
    """Everything wrong with the version before the parties and the signatures on it; nothing means intact."""
    version = contract.issued
    if version is None:
        return []
    return [
        *_file(version),
        *_content(contract, version),
        *(finding for row in contract.signatures.standing() for finding in _signature(row, version)),
    ]


def _file(version: ContractVersion) -> Iterator[Finding]:
    try:
        contents.open_verified(version.pdf_sha256).close()
    except contents.ContentDamaged:
        yield Finding(
            "pdf-changed",
            gettext("The stored PDF does not have the SHA-256 %(sha256)s.") % {"sha256": version.pdf_sha256},
        )


def _content(contract: Contract, version: ContractVersion) -> Iterator[Finding]:
    if sha256_of(version.content) != version.content_sha256:
        yield Finding(
            "content-changed",
            gettext("The kept content does not have the SHA-256 %(sha256)s.") % {"sha256": version.content_sha256},
        )
    now = content_of(contract, version=version.number, values=version.content.get("values", {}))
    for name in sorted(name for name in _own(version.content) if now.get(name) != version.content.get(name)):
        yield Finding("row-changed", gettext("“%(name)s” is not what was generated.") % {"name": name})


def _own(content: dict[str, object]) -> set[str]:
    """Names and addresses of organisations may change later: they were true when the text was made."""
    return content.keys() - {"buyer", "supplier"}


def _signature(signature: Signature, version: ContractVersion) -> Iterator[Finding]:
    party = signature.get_party_display()
    if signature.version_id != version.pk or signature.sha256 != version.pdf_sha256:
        yield Finding("signature-over-other", gettext("“%(party)s” signed another PDF.") % {"party": party})
    try:
        verification_key().verify(bytes(signature.attestation), statement(signature))
    except InvalidSignature:
        yield Finding("signature-changed", gettext("The signature of “%(party)s” was changed.") % {"party": party})

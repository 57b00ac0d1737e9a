"""A case's journal in a form anybody can verify without our database, and that verification.

Each entry stands as the exact text its hash covers; each checkpoint that covers one stands with
the hashes of its whole range, which tell nothing of the other documents, and its signature.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection

from b2b.journal.checkpoint import claims, signing_key, statement_of
from b2b.journal.verification import Finding
from b2b.models.journal import JournalCheckpoint
from b2b.together import write_down
from b2b.workflow.document import Document

ENTRIES = """
    SELECT id, b2b_journal_text(entry), encode(previous_hash, 'hex'), encode(hash, 'hex')
    FROM b2b_journalentry entry WHERE document_id = ANY(%s) ORDER BY document_id, sequence
"""
HASHES = "SELECT id, encode(hash, 'hex') FROM b2b_journalentry WHERE id BETWEEN %s AND %s ORDER BY id"


def proof(documents: Iterable[Document]) -> dict[str, Any]:
    """The journal of ``documents`` with all that proves it, ready for JSON.

    Entries after the last checkpoint are chained but not signed yet; sign one first.
    """
    write_down()
    keys = [document.pk for document in documents]
    entries = [
        {"id": key, "text": text, "previous_hash": before, "hash": own}
        for key, text, before, own in _rows(ENTRIES, [keys])
    ]
    ids = [entry["id"] for entry in entries]
    return {"public_key": public_key(), "entries": entries, "checkpoints": list(_covering(ids))}


def _covering(ids: list[int]) -> Iterator[dict[str, Any]]:
    for checkpoint in JournalCheckpoint.objects.order_by("number"):
        if any(checkpoint.first_id <= key <= checkpoint.last_id for key in ids):
            hashes = _rows(HASHES, [checkpoint.first_id, checkpoint.last_id])
            yield {
                **claims(checkpoint),
                "signature": bytes(checkpoint.signature).hex(),
                "hashes": [[key, own] for key, own in hashes],
            }


def _rows(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def public_key() -> str:
    """This installation's verification key, in base64; what readers of its evidence are told to trust."""
    return base64.b64encode(signing_key().public_key().public_bytes_raw()).decode()


def verify_proof(given: Mapping[str, Any], *, trusted_key: str | None = None) -> list[Finding]:
    """Everything wrong with a proof; needs no database. Raises ``ValueError`` or ``KeyError`` for no proof at all.

    ``trusted_key`` is the installation's public key (base64) as the reader knows it; without one
    the proof shows only that it agrees with itself.
    """
    findings = list(_broken_entries(given["entries"]))
    if trusted_key is not None and trusted_key != given["public_key"]:
        findings.append(Finding("public key", "it is not the one of this installation"))
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(given["public_key"]))
    signed: dict[int, str] = {}
    for checkpoint in given["checkpoints"]:
        findings += _broken_checkpoint(checkpoint, key)
        signed |= dict(checkpoint["hashes"])
    return findings + list(_unsigned(given["entries"], signed))


def _broken_entries(entries: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    last: dict[str, tuple[int, str]] = {}
    for entry in entries:
        subject = f"entry {entry['id']}"
        content = json.loads(entry["text"])
        document, sequence = str(content[1]), int(content[2])
        before = bytes.fromhex(entry["previous_hash"])
        if hashlib.sha256(before + entry["text"].encode()).hexdigest() != entry["hash"]:
            yield Finding(subject, "its content is not what was written")
        if (sequence - 1, entry["previous_hash"]) != last.get(document, (0, "")):
            yield Finding(subject, "it does not continue the entry before it")
        last[document] = (sequence, entry["hash"])


def _broken_checkpoint(checkpoint: Mapping[str, Any], key: Ed25519PublicKey) -> Iterator[Finding]:
    subject = f"checkpoint {checkpoint['number']}"
    try:
        key.verify(bytes.fromhex(checkpoint["signature"]), statement_of(checkpoint))
    except InvalidSignature:
        yield Finding(subject, "its signature does not cover what it says")
    joined = b"".join(bytes.fromhex(own) for _, own in checkpoint["hashes"])
    if hashlib.sha256(joined).hexdigest() != checkpoint["digest"]:
        yield Finding(subject, "its digest is not that of its entries")


def _unsigned(entries: Iterable[Mapping[str, Any]], signed: Mapping[int, str]) -> Iterator[Finding]:
    for entry in entries:
        if entry["id"] not in signed:
            yield Finding(f"entry {entry['id']}", "no checkpoint covers it")
        elif signed[entry["id"]] != entry["hash"]:
            yield Finding(f"entry {entry['id']}", "it is not the one that was signed")

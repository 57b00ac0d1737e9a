"""Finding any entry that was changed, removed, inserted or reordered after it was written."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from django.db import connection
from django.db.models import Max

from b2b.journal.checkpoint import statement, verification_key
from b2b.models.journal import JournalCheckpoint, JournalEntry
from b2b.together import write_down

LEAF = struct.Struct(">q8s")

BROKEN_CHAINS = """
    WITH chain AS (
        SELECT id, document_type, document_id, sequence,
               sequence = row_number() OVER life AS in_order,
               previous_hash = coalesce(lag(hash) OVER life, ''::bytea) AS chained,
               hash = b2b_journal_hash(entry) AS intact
        FROM b2b_journalentry entry
        WINDOW life AS (PARTITION BY document_type, document_id ORDER BY sequence)
    )
    SELECT id, document_type, document_id, sequence, in_order, chained, intact
    FROM chain WHERE NOT (in_order AND chained AND intact) ORDER BY id
"""

IN_RANGE = """
    SELECT coalesce(string_agg(int8send(id) || substring(hash FROM 1 FOR 8), ''::bytea ORDER BY id), ''::bytea),
           sha256(coalesce(string_agg(hash, ''::bytea ORDER BY id), ''::bytea))
    FROM b2b_journalentry WHERE id BETWEEN %s AND %s
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: which entry, document or checkpoint, and what is wrong."""

    subject: str
    problem: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.problem}"


Counts = Callable[[type[Any]], Mapping[UUID, int]]
_counts_besides: list[Counts] = []
_finders: list[Callable[[], Iterable[Finding]]] = []


def also_counted_by(counts: Counts) -> None:
    """``counts`` says how often a document's version moved without an entry of its own, for a class of documents."""
    _counts_besides.append(counts)


def also_verified_by(find: Callable[[], Iterable[Finding]]) -> None:
    """Let ``verify`` report also what ``find`` finds."""
    _finders.append(find)


def verify() -> list[Finding]:
    """Everything wrong with the journal; empty when every chain, checkpoint and document agrees."""
    write_down()
    besides = [finding for find in _finders for finding in find()]
    return [*_broken_chains(), *_broken_checkpoints(), *_unjournalled_documents(), *besides]


def _broken_chains() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_CHAINS)
        for key, document_type, document_id, sequence, in_order, chained, intact in cursor.fetchall():
            subject = f"entry {key} ({document_type} {document_id}, number {sequence})"
            if not intact:
                yield Finding(subject, "its content is not what was written")
            if not chained:
                yield Finding(subject, "it does not continue the entry before it")
            if not in_order:
                yield Finding(subject, "an entry before it is missing or was put in")


def _broken_checkpoints() -> Iterator[Finding]:
    previous = JournalCheckpoint(number=0, last_id=0, signature=b"")
    for checkpoint in JournalCheckpoint.objects.order_by("number").iterator(chunk_size=100):
        yield from _broken_checkpoint(checkpoint, previous)
        previous = checkpoint


def _broken_checkpoint(checkpoint: JournalCheckpoint, previous: JournalCheckpoint) -> Iterator[Finding]:
    subject = f"checkpoint {checkpoint.number}"
    try:
        verification_key().verify(bytes(checkpoint.signature), statement(checkpoint))
    except InvalidSignature:
        yield Finding(subject, "its signature does not cover what it says")
        return
    if checkpoint.number != previous.number + 1 or bytes(checkpoint.previous_signature) != bytes(previous.signature):
        yield Finding(subject, "it does not continue the checkpoint before it")
    with connection.cursor() as cursor:
        cursor.execute(IN_RANGE, [previous.last_id + 1, checkpoint.last_id])
        leaves, digest = (bytes(value) for value in cursor.fetchone())
    if digest != bytes(checkpoint.digest):
        yield from _differing_entries(subject, _hashes(bytes(checkpoint.leaves)), _hashes(leaves))


def _hashes(leaves: bytes) -> dict[int, bytes]:
    return dict(LEAF.iter_unpack(leaves))


def _differing_entries(subject: str, signed: dict[int, bytes], found: dict[int, bytes]) -> Iterator[Finding]:
    for key in sorted(signed.keys() | found.keys()):
        if key not in found:
            yield Finding(f"entry {key}", f"it was removed after {subject} was signed")
        elif key not in signed:
            yield Finding(f"entry {key}", f"it was put in after {subject} was signed")
        elif signed[key] != found[key]:
            yield Finding(f"entry {key}", f"it was rewritten after {subject} was signed")


def _unjournalled_documents() -> Iterator[Finding]:
    """A document's version counts its entries, so a missing last entry shows here."""
    from b2b.workflow.document import documents  # noqa: PLC0415 — the workflow stands on the journal

    for model in documents():
        written = dict(_last_sequences(model._meta.label_lower))
        besides = Counter[UUID]()
        for counts in _counts_besides:
            besides.update(counts(model))
        for key, version in model._base_manager.values_list("pk", "version").iterator():
            if written.pop(key, 0) + besides[key] != version:
                yield Finding(f"{model._meta.label_lower} {key}", "its version and its last journal entry disagree")
        for key in written:
            yield Finding(f"{model._meta.label_lower} {key}", "it has journal entries but is not there any more")


def _last_sequences(document_type: str) -> Any:
    entries = JournalEntry.objects.filter(document_type=document_type).order_by()
    return entries.values_list("document_id").annotate(last=Max("sequence")).iterator()

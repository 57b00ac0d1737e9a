"""Writing one entry; the database numbers, dates and chains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from b2b.copying import copy_rows
from b2b.journal.snapshot import NOTHING, Snapshot, difference, snapshot
from b2b.models.journal import JournalEntry

if TYPE_CHECKING:
    from b2b.policy import Actor
    from b2b.workflow.document import Document


COPIED = (
    "document_type",
    "document_id",
    "step",
    "before",
    "after",
    "user_id",
    "organisation_id",
    "request_id",
    "reason",
    "changes",
    "inputs",
)


def record(
    document: Document,
    step: str,
    *,
    actor: Actor,
    before: Snapshot,
    after: Snapshot | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Append what happened; called by the workflow, inside the transaction that did it."""
    now = after or snapshot(document, with_lines=before is NOTHING)
    JournalEntry.objects.bulk_create([entry(document, step, actor=actor, before=before, after=now, inputs=inputs)])


def record_all(entries: Iterable[JournalEntry]) -> None:
    """Append many entries by COPY, for work that touches thousands of documents together.

    The database numbers, dates and chains them row by row, as it does single ones.
    """
    copy_rows(JournalEntry._meta.db_table, COPIED, ([getattr(item, name) for name in COPIED] for item in entries))


def entry(
    document: Document,
    step: str,
    *,
    actor: Actor,
    before: Snapshot,
    after: Snapshot,
    inputs: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """What ``record`` appends, not yet written."""
    sent = dict(inputs or {})
    return JournalEntry(
        document_type=document._meta.label_lower,
        document_id=document.pk,
        step=step,
        before=before.state,
        after=after.state,
        user_id=actor.user_id,
        organisation_id=actor.organisation_id,
        request_id=actor.request_id,
        reason=str(sent.get("reason", "")),
        changes=difference(before, after),
        inputs=sent,
    )

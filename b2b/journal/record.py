"""Writing one entry; the database numbers, dates and chains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from b2b.journal.snapshot import NOTHING, Snapshot, difference, snapshot
from b2b.models.journal import JournalEntry

if TYPE_CHECKING:
    from b2b.policy import Actor
    from b2b.workflow.document import Document


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
    sent = dict(inputs or {})
    JournalEntry.objects.bulk_create(
        [
            JournalEntry(
                document_type=document._meta.label_lower,
                document_id=document.pk,
                step=step,
                before=before.state,
                after=now.state,
                user_id=actor.user_id,
                organisation_id=actor.organisation_id,
                request_id=actor.request_id,
                reason=str(sent.get("reason", "")),
                changes=difference(before, now),
                inputs=sent,
            )
        ]
    )

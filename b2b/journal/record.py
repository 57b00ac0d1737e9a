"""Writing entries; the database numbers, dates and chains them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from b2b.copying import copy_rows
from b2b.journal.snapshot import Snapshot, difference, snapshot
from b2b.models.encoding import JournalEncoder
from b2b.models.journal import JournalEntry
from b2b.together import Insertion, at_the_end, write_down

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
NEW = Insertion(f"b2b_journalentry ({', '.join(COPIED)})", f"({', '.join(['%s'] * len(COPIED))})")


def record(
    document: Document,
    step: str,
    *,
    actor: Actor,
    before: Snapshot,
    after: Snapshot | None = None,
    inputs: Mapping[str, Any] | None = None,
) -> None:
    """Append what happened; called by the workflow, inside the transaction that did it.

    What is appended is what is so now, even where it is written at the transaction's end.
    """
    new = entry(document, step, actor=actor, before=before, after=after or snapshot(document), inputs=inputs)
    at_the_end(NEW, [[_column(getattr(new, name)) for name in COPIED]])


def _column(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return json.dumps(value, ensure_ascii=False, cls=JournalEncoder) if value else "{}"


def record_all(entries: Iterable[JournalEntry]) -> None:
    """Append many entries by COPY, for work that touches thousands of documents together.

    The database numbers, dates and chains them row by row, as it does single ones.
    """
    write_down()
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

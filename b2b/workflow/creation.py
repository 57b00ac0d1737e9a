"""A document's first journal entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from b2b import events, journal
from b2b.policy import Actor
from b2b.together import together
from b2b.workflow.document import Document

D = TypeVar("D", bound=Document)


def create(document: D, *, actor: Actor, inputs: Mapping[str, Any] | None = None) -> D:
    """Save a new document in its initial state and journal who made it from what.

    Its lines come after it, so the entry tells of them by ``inputs``.
    """
    with together():
        document.created_by_id = actor.user_id
        document.version = 1
        document.save(force_insert=True)
        journal.record(document, "create", actor=actor, before=journal.NOTHING, inputs=inputs or {})
        events.announce(f"{document._meta.label_lower}.create", document_id=str(document.pk))
    return document

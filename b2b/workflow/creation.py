"""A document's first journal entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from b2b import events, journal
from b2b.policy import Actor
from b2b.rows import insert
from b2b.together import together
from b2b.workflow.document import Document

D = TypeVar("D", bound=Document)


def create(document: D, *, actor: Actor, inputs: Mapping[str, Any] | None = None) -> D:
    """Save a new document in its initial state and journal who made it from what.

    Its lines come after it, so the entry tells of them by ``inputs``.
    """
    with together():
        _begin(document, actor)
        insert([document])
        _tell(document, actor, inputs or {})
    return document


def create_all(documents: Sequence[D], *, actor: Actor) -> list[D]:
    """Save new documents of one kind as ``create`` does, their rows in one statement."""
    with together():
        for document in documents:
            _begin(document, actor)
        insert(documents)
        for document in documents:
            _tell(document, actor, {})
    return list(documents)


def _begin(document: Document, actor: Actor) -> None:
    document.created_by_id = actor.user_id
    document.version = 1


def _tell(document: Document, actor: Actor, inputs: Mapping[str, Any]) -> None:
    journal.record(document, "create", actor=actor, before=journal.NOTHING, inputs=inputs)
    events.announce(f"{document._meta.label_lower}.create", document_id=str(document.pk))

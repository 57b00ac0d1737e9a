"""Separation of duties: nobody approves what they created, or edited since the last approval."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from b2b.compiled import compiled
from b2b.models.journal import JournalEntry
from b2b.policy import Actor, Rule
from b2b.together import write_down
from b2b.workflow.document import Document

EditsOf = Callable[[Document], QuerySet[JournalEntry]]
_elsewhere: list[EditsOf] = []


def also_edited_by(edits_of: EditsOf) -> None:
    """Count these entries as edits of a document too: some edits stand in no journal entry of its own."""
    _elsewhere.append(edits_of)


def editors(document: Document) -> set[UUID]:
    """The creator, and whoever changed the content after the last approving step.

    An approval that leaves the state as it was, the first of two, accepts nothing yet.
    """
    steps = document.steps().values()
    approvals = {declared.name for declared in steps if declared.approves}
    edits = {"edit", *(declared.name for declared in steps if declared.edits)}
    write_down()
    entries = _entries(document.pk, model=type(document), steps=tuple(sorted(approvals | edits)))
    found, accepted_at, elsewhere = {document.created_by_id}, None, []
    for key, _sequence, step, before, after, user_id, at in sorted(entries, key=itemgetter(1)):
        if key != document.pk:
            elsewhere.append((at, user_id))
        elif step in approvals and before != after:
            found, accepted_at = {document.created_by_id}, at
        elif step in edits:
            found.add(user_id)
    found |= {user_id for at, user_id in elsewhere if accepted_at is None or at > accepted_at}
    return {user for user in found if user}


@compiled
def _entries(key: UUID, *, model: type[Document], steps: tuple[str, ...]) -> QuerySet[Any, Any]:
    """The document's own and those elsewhere, in one statement, as nearly every approval asks."""
    told = ("document_id", "sequence", "step", "before", "after", "user_id", "at")
    document = model(id=key)
    own: QuerySet[Any, Any] = JournalEntry.objects.of(document).filter(step__in=steps).order_by().values_list(*told)
    return own.union(*(edits_of(document).order_by().values_list(*told) for edits_of in _elsewhere), all=True)


def _edited(actor: Actor, document: Document) -> bool:
    return actor.user_id is not None and actor.user_id in editors(document)


editor = Rule(_("the creator or a recent editor"), _edited)

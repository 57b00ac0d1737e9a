"""Separation of duties: nobody approves what they created, or edited since the last approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from b2b.models.journal import JournalEntry
from b2b.policy import Actor, Rule
from b2b.workflow.document import Document

EditorsOf = Callable[[Document, datetime | None], set[UUID]]
_elsewhere: list[EditorsOf] = []


def also_edited_by(editors_of: EditorsOf) -> None:
    """Ask also here who edited a document after a moment: some edits stand in no journal entry of their own."""
    _elsewhere.append(editors_of)


def editors(document: Document) -> set[UUID]:
    """The creator, and whoever changed the content after the last approving step.

    An approval that leaves the state as it was, the first of two, accepts nothing yet.
    """
    steps = document.steps().values()
    approvals = {declared.name for declared in steps if declared.approves}
    edits = {"edit", *(declared.name for declared in steps if declared.edits)}
    found, accepted_at = {document.created_by_id}, None
    entries = JournalEntry.objects.of(document).filter(step__in=approvals | edits)
    for step, before, after, user_id, at in entries.values_list("step", "before", "after", "user_id", "at"):
        if step in approvals and before != after:
            found, accepted_at = {document.created_by_id}, at
        elif step in edits:
            found.add(user_id)
    found |= {user for editors_of in _elsewhere for user in editors_of(document, accepted_at)}
    return {user for user in found if user}


def _edited(actor: Actor, document: Document) -> bool:
    return actor.user_id is not None and actor.user_id in editors(document)


editor = Rule(_("the creator or a recent editor"), _edited)

"""Separation of duties: nobody approves what they created, or edited since the last approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max
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
    approvals = [declared.name for declared in steps if declared.approves]
    edits = ["edit", *(declared.name for declared in steps if declared.edits)]
    entries = JournalEntry.objects.of(document).order_by()
    accepted = entries.filter(step__in=approvals).exclude(before=F("after"))
    approved_at = accepted.aggregate(last=Max("sequence"))["last"] or 0
    since = entries.filter(step__in=edits, sequence__gt=approved_at)
    found = set(since.values_list("user_id", flat=True)) | {document.created_by_id}
    if _elsewhere:
        moment = entries.filter(sequence=approved_at).values_list("at", flat=True).first()
        found |= {user for editors_of in _elsewhere for user in editors_of(document, moment)}
    return {user for user in found if user}


def _edited(actor: Actor, document: Document) -> bool:
    return actor.user_id is not None and actor.user_id in editors(document)


editor = Rule(_("the creator or a recent editor"), _edited)

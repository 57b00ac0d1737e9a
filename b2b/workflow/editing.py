"""Changing what a document says, as opposed to where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext

from b2b import journal
from b2b.errors import NotAllowed, WrongState
from b2b.policy import Actor
from b2b.together import together
from b2b.workflow.document import Document


@contextmanager
def editing(document: Document, *, actor: Actor, expected_version: int | None = None) -> Iterator[None]:
    """Lock, authorise, let the block change fields and lines, then save and journal the difference.

    A block that changes nothing leaves neither a new version nor a journal entry. Raises
    ``StaleVersion``, ``NotAllowed`` or ``WrongState`` before the block runs.
    """
    with together():
        document.lock()
        document.expect(expected_version)
        require_editable(document, actor)
        before = journal.snapshot(document, with_lines=True)
        yield
        after = journal.snapshot(document, with_lines=True)
        if after == before:
            return
        document.version += 1
        document.write()
        journal.record(document, "edit", actor=actor, before=before, after=after)


def require_editable(document: Document, actor: Actor) -> None:
    """Raise unless ``actor`` may change the content in the document's present state."""
    if not document.editable_by(actor, document):
        raise NotAllowed(gettext("Editing is for: %(who)s.") % {"who": document.editable_by.name})
    if document.state not in document.editable_in:
        raise WrongState(
            gettext("The content cannot be changed while the document is “%(state)s”.")
            % {"state": document.states()[document.state]}
        )

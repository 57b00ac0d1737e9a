"""From the facts a notification keeps to the words its reader sees, in the language that is active."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from b2b.models.notification import Notification
from b2b.notifications.kinds import kind_of, steps_of


@dataclass(frozen=True, slots=True)
class Words:
    """A notification as its reader sees it; ``path`` is a place in the application."""

    title: str
    body: str
    path: str


def words(notification: Notification) -> Words:
    """Title, body and path. Raises ``KeyError`` when the kind names a value the notification lacks."""
    kind, known = kind_of(notification.kind), values(notification)
    return Words(str(kind.title) % known, str(kind.body) % known, kind.path % known)


def values(notification: Notification) -> Mapping[str, Any]:
    """What a kind's texts may name.

    ``number``, ``document`` (what it is called), ``document_type`` and ``id``; the parameters given
    to ``notify``; for a step, ``step`` and ``state`` as people call them.
    """
    return {
        "id": notification.document_id,
        "document_type": notification.document_type,
        "number": notification.document_number,
        "document": apps.get_model(notification.document_type)._meta.verbose_name,
        **notification.parameters,
        **_step_labels(notification),
    }


def _step_labels(notification: Notification) -> dict[str, Any]:
    document_type, _, step = notification.kind.rpartition(".")
    if document_type != notification.document_type or step not in (labels := steps_of(document_type)):
        return {}
    model: Any = apps.get_model(document_type)
    state = notification.parameters.get("state", "")
    return {"step": labels[step], "state": model.states().get(state, state)}

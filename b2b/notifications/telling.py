"""Writing notifications for members."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from b2b.models.membership import Membership
from b2b.models.notification import Notification, NotificationPreference
from b2b.notifications.kinds import kind_of
from b2b.notifications.wording import words
from b2b.outbox import ask_many
from b2b.together import at_the_end

if TYPE_CHECKING:
    from b2b.workflow.document import Document

MAIL = "b2b.mail_notification"


@dataclass(frozen=True, slots=True)
class Subject:
    """The document a notification is about, as it stands in the row."""

    document_type: str
    document_id: UUID
    document_number: str


def members_with_role(organisation_id: UUID, roles: Iterable[str]) -> QuerySet[Membership]:
    """Active members of an organisation who hold any of the roles."""
    return _active().filter(organisation_id=organisation_id, roles__overlap=list(roles))


def members_with_role_by_organisation(
    organisation_ids: Collection[UUID], roles: Iterable[str]
) -> Mapping[UUID, list[Membership]]:
    """The same of several organisations, in one query."""
    found: dict[UUID, list[Membership]] = {key: [] for key in organisation_ids}
    for member in _active().filter(organisation_id__in=organisation_ids, roles__overlap=list(roles)):
        found[member.organisation_id].append(member)
    return found


def notify(members: Iterable[Membership], kind: str, document: Document, **parameters: Any) -> list[Notification]:
    """Tell ``members`` about a document, now in the application and after commit by mail to who wants it.

    Raises ``LookupError`` for an undeclared kind and ``KeyError`` for a value its texts name and
    ``parameters`` lack.
    """
    subject = Subject(document._meta.label_lower, document.pk, document.number)
    return _tell(members, kind, subject, parameters)


def notify_of_step(
    subject: Subject, *, step: str, state: str, audience: Mapping[str, Sequence[str]], taken_by: UUID | None
) -> list[Notification]:
    """Tell of a step; ``audience`` maps organisations to roles. Who took the step knows already."""
    concerned = (Q(organisation_id=key, roles__overlap=list(roles)) for key, roles in audience.items())
    members = _active().filter(reduce(or_, concerned, Q(pk=None)))
    others = members.exclude(user=taken_by) if taken_by else members
    return _tell(others, f"{subject.document_type}.{step}", subject, {"state": state})


def _tell(
    members: Iterable[Membership], kind: str, subject: Subject, parameters: Mapping[str, Any]
) -> list[Notification]:
    new = [_notification(member, kind, subject, parameters) for member in members]
    if not new:
        return []
    words(new[0])
    at_the_end(_write, new)
    return new


def _write(new: Sequence[Notification]) -> None:
    with transaction.atomic(savepoint=False):
        Notification.objects.bulk_create(new)
        ask_many((MAIL, {"notification_id": item.pk}) for item in _by_email(new))


def _notification(member: Membership, kind: str, subject: Subject, parameters: Mapping[str, Any]) -> Notification:
    return Notification(
        recipient_id=member.user_id,
        organisation_id=member.organisation_id,
        kind=kind,
        document_type=subject.document_type,
        document_id=subject.document_id,
        document_number=subject.document_number,
        parameters=dict(parameters),
    )


def _by_email(new: Sequence[Notification]) -> list[Notification]:
    kinds, people = {item.kind for item in new}, {item.recipient_id for item in new}
    chosen = NotificationPreference.objects.filter(kind__in=kinds, user__in=people)
    wishes = {(user, kind): wish for user, kind, wish in chosen.values_list("user_id", "kind", "by_email")}
    return [item for item in new if wishes.get((item.recipient_id, item.kind), kind_of(item.kind).by_email)]


def _active() -> QuerySet[Membership]:
    return Membership.objects.filter(active=True, user__is_active=True)

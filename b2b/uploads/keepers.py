"""On whose behalf an operator imports a table."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from b2b.errors import NotFound
from b2b.models import Membership
from b2b.policy import Actor
from b2b.uploads.format import Format
from b2b.uploads.models import Upload


def keeper(declared: Format, organisation: str = "", email: str = "") -> Actor:
    """A member who may bring this kind of table: of the organisation named, else of the only one that has such.

    Raises ``NotFound`` with a sentence that says whom to name.
    """
    found = list(_keepers(declared, organisation, email))
    if not found:
        raise NotFound(_("Nobody there may bring this kind of table; it is for: %(who)s.") % {"who": declared.by.name})
    names = sorted({member.organisation.name for member, _actor in found})
    if len(names) > 1:
        raise NotFound(_("Name the organisation, one of: %(names)s.") % {"names": ", ".join(names[:20])})
    return found[0][1]


def _keepers(declared: Format, organisation: str, email: str) -> Iterator[tuple[Membership, Actor]]:
    members = Membership.objects.filter(active=True, user__is_active=True).select_related("organisation", "user")
    for member in members.filter(_of(organisation)).order_by("id"):
        actor = Actor(
            user_id=member.user_id,
            organisation_id=member.organisation_id,
            roles=frozenset(member.roles),
            platform=member.organisation.is_platform,
            second_factor=True,
        )
        upload = Upload(organisation_id=member.organisation_id, format=declared.code)
        if declared.by(actor, upload) and email.casefold() in ("", member.user.email.casefold()):
            yield member, actor


def _of(organisation: str) -> Q:
    if not organisation:
        return Q()
    try:
        return Q(organisation_id=UUID(organisation))
    except ValueError:
        return Q(organisation__name=organisation)

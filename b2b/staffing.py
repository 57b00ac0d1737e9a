"""Who works for an organisation, and in which roles: its administrators decide."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b import policy
from b2b.errors import DomainError, NotAllowed, NotFound
from b2b.models import Membership, Organisation, Role, User
from b2b.outbox import ask
from b2b.policy import Actor
from b2b.registration import AlreadyMember

log = logging.getLogger(__name__)

INVITE = "b2b.mail_invitation"


class LastAdministrator(DomainError):
    code, title = "last-administrator", _("An organisation keeps at least one administrator.")


def invite(actor: Actor, *, email: str, name: str, roles: Sequence[str]) -> Membership:
    """Make a person a member, with an account if they have none, and write to them after commit.

    Raises ``NotAllowed`` or ``AlreadyMember``. A member who left comes back with the new roles.
    """
    with transaction.atomic():
        membership = enlist(actor, email=email, name=name, roles=roles)
        Membership.objects.filter(pk=membership.pk).update(letter_waits=False)
        ask(INVITE, membership_id=membership.pk)
    return membership


def enlist(actor: Actor, *, email: str, name: str, roles: Sequence[str]) -> Membership:
    """Like ``invite`` for one of many people: the letter waits until its turn comes."""
    require_administrator(actor)
    with transaction.atomic():
        organisation = _locked_organisation(actor)
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name=name)
        membership = Membership.objects.filter(user=user, organisation=organisation).first()
        if membership is not None and membership.active:
            raise AlreadyMember
        membership = membership or Membership(user=user, organisation=organisation)
        membership.roles, membership.active, membership.letter_waits = list(roles), True, True
        membership.save()
    _say(actor, membership)
    return membership


def change_membership(
    membership_id: UUID, *, actor: Actor, roles: Sequence[str] | None = None, active: bool | None = None
) -> Membership:
    """Give or take roles, or end a membership. Raises ``NotAllowed``, ``NotFound`` or ``LastAdministrator``."""
    require_administrator(actor)
    with transaction.atomic():
        _locked_organisation(actor)
        membership = Membership.objects.visible_to(actor).select_related("user").filter(pk=membership_id).first()
        if membership is None:
            raise NotFound
        membership.roles = membership.roles if roles is None else list(roles)
        membership.active = membership.active if active is None else active
        membership.save(update_fields=["roles", "active"])
        if not administrators(membership.organisation_id):
            raise LastAdministrator
    _say(actor, membership)
    return membership


def require_administrator(actor: Actor) -> None:
    if not policy.admin(actor, None):
        raise NotAllowed(gettext("Only administrators of the organisation may do this."))


def _locked_organisation(actor: Actor) -> Organisation:
    """The lock of all its memberships: two administrators cannot depose each other at once."""
    if actor.organisation_id is None:
        raise NotAllowed
    return Organisation.objects.select_for_update().get(pk=actor.organisation_id)


def administrators(organisation_id: UUID) -> int:
    """How many active members can still administer the organisation."""
    able = Membership.objects.filter(organisation_id=organisation_id, active=True, user__is_active=True)
    return able.filter(roles__contains=[Role.ADMIN]).count()


def _say(actor: Actor, membership: Membership) -> None:
    log.info(
        "Membership %s of user %s now holds %s (active: %s), by user %s.",
        membership.pk,
        membership.user_id,
        ",".join(membership.roles),
        membership.active,
        actor.user_id,
    )

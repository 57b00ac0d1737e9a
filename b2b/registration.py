"""Registering an organisation: whoever signed up and proved their address brings their company with them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError, NotAllowed
from b2b.models import Membership, Organisation, Role, User

BUYING = (Role.REQUESTER, Role.BUYER, Role.BUYING_MANAGER, Role.RECEIVER, Role.FINANCE)
SUPPLYING = (Role.SALES, Role.SIGNATORY, Role.FINANCE)


class EmailNotVerified(NotAllowed):
    code, title = "email-not-verified", _("Verify your e-mail address first.")


class AlreadyMember(DomainError):
    code, title = "already-member", _("This person belongs to an organisation already.")


def register_organisation(user_id: UUID, **facts: Any) -> Membership:
    """Create an organisation with one person as its administrator, holding every role of its sides.

    Being alone there, nobody else could; roles are given away later. Raises ``EmailNotVerified`` or
    ``AlreadyMember``: two companies of one person are the platform's staff's business.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id)
        if not EmailAddress.objects.filter(user=user, verified=True).exists():
            raise EmailNotVerified
        if user.memberships.filter(active=True).exists():
            raise AlreadyMember
        organisation = Organisation.objects.create(**facts)
        return Membership.objects.create(user=user, organisation=organisation, roles=founder_roles(organisation))


def founder_roles(organisation: Organisation) -> list[str]:
    sides = [*(BUYING if organisation.is_buyer else ()), *(SUPPLYING if organisation.is_supplier else ())]
    return list(dict.fromkeys([*map(str, sides), str(Role.ADMIN)]))

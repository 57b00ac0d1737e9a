"""Who is asking, and for which organisation: ``request.actor``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission

from b2b import logs
from b2b.api import headers
from b2b.api.pointers import header
from b2b.api.refusals import InvalidHeader, NoOrganisation
from b2b.api.requests import Request
from b2b.api.scopes import require_scope
from b2b.errors import Fault
from b2b.models import Membership, PersonalToken, User
from b2b.policy import Actor

CHOSEN = "acting_organisation"
"""Where the session keeps the organisation chosen last."""


class IsSignedIn(BasePermission):
    """Anybody with an account; ``request.actor`` may act for no organisation yet."""

    needs_organisation = False

    def has_permission(self, request: Request, view: Any) -> bool:  # type: ignore[override]
        if request.user is None or not request.user.is_authenticated:
            raise NotAuthenticated
        request.actor = actor_of(request)
        require_scope(request.actor, view, request.method or "")
        return True


class HasActor(IsSignedIn):
    """A member of some organisation, acting for it."""

    needs_organisation = True

    def has_permission(self, request: Request, view: Any) -> bool:  # type: ignore[override]
        super().has_permission(request, view)
        if request.actor.organisation_id is None:
            raise NoOrganisation(gettext("You belong to no organisation yet."))
        return True


def actor_of(request: Request) -> Actor:
    """The signed-in person with the roles held in the acting organisation.

    The organisation is the token's own, else the header's, else the session's choice, else the one
    joined first. Raises ``NoOrganisation`` when the person does not belong to the one asked for.
    """
    if isinstance(request.auth, PersonalToken):
        return _machine(request, request.auth)
    membership = _membership(request.user, _named(request), _chosen(request))
    return Actor(
        user_id=request.user.pk,
        organisation_id=membership.organisation_id if membership else None,
        roles=frozenset(membership.roles) if membership else frozenset(),
        platform=membership is not None and membership.organisation.is_platform,
        second_factor=used_second_factor(request),
        request_id=logs.request_id.get(),
    )


def _machine(request: Request, token: PersonalToken) -> Actor:
    """Who the token stands for, as it was found with the token."""
    if _named(request) not in {None, token.organisation_id}:
        raise NoOrganisation(gettext("The token belongs to another organisation."))
    if token.held is None:
        raise NoOrganisation
    return Actor(
        user_id=token.user_id,
        organisation_id=token.organisation_id,
        roles=token.held.roles,
        platform=token.held.platform,
        request_id=logs.request_id.get(),
        scopes=frozenset(token.scopes),
    )


def used_second_factor(request: Request) -> bool:
    """Whether this session was opened with a one-time or recovery code."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def _named(request: Request) -> UUID | None:
    text = request.headers.get(headers.ORGANISATION)
    try:
        return UUID(text) if text else None
    except ValueError:
        detail = gettext("“%(header)s” carries an organisation's id.") % {"header": headers.ORGANISATION}
        raise InvalidHeader(faults=[Fault(header(headers.ORGANISATION), "invalid", detail)]) from None


def _chosen(request: Request) -> UUID | None:
    text = request.session.get(CHOSEN) if request.auth is None else None
    return UUID(text) if text else None


def _membership(user: User, asked_for: UUID | None, chosen: UUID | None) -> Membership | None:
    """The membership to act by: exactly the one asked for, or the chosen one first, then the oldest."""
    mine = Membership.objects.filter(user=user, active=True).select_related("organisation")
    if asked_for:
        membership = mine.filter(organisation_id=asked_for).first()
        if membership is None:
            raise NoOrganisation
        return membership
    chosen_first = Case(When(organisation_id=chosen, then=Value(0)), default=Value(1), output_field=IntegerField())
    return mine.order_by(chosen_first, "created_at", "pk").first()

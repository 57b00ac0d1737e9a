"""The letter to a new member."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext, override

from b2b.models import Membership


def mail_invitation(membership_id: UUID) -> None:
    """Tell a member which organisation took them in, in their language or else the organisation's."""
    membership = Membership.objects.select_related("user", "organisation").get(pk=membership_id)
    with override(membership.user.language or membership.organisation.language):
        send_mail(
            gettext("%(organisation)s works with Hanse") % {"organisation": membership.organisation.name},
            letter(membership),
            None,
            [membership.user.email],
        )


def letter(membership: Membership) -> str:
    facts = {"organisation": membership.organisation.name, "url": settings.SITE_URL}
    if membership.user.has_usable_password():
        return gettext("You are now a member of %(organisation)s. Sign in at %(url)s.") % facts
    return (
        gettext(
            "You are now a member of %(organisation)s. Choose a password with “Forgot password” at "
            "%(url)s/account/password/reset, then sign in."
        )
        % facts
    )

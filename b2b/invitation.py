"""The letter to a new member.

Who brings one person in writes at once. Who brings a table of thousands does not send thousands of mails in a minute,
which would have the operator's server taken for a sender of spam: those letters wait, and a bounded number of them
goes to the outbox each minute. A membership that is taken back meanwhile gets none.
"""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext, ngettext, override

from b2b.models import Membership
from b2b.outbox import ask_many
from b2b.staffing import INVITE


def mail_invitation(membership_id: UUID) -> None:
    """Tell a member which organisation took them in, in their language or else the organisation's.

    Nobody is told who is no member any more.
    """
    members = Membership.objects.select_related("user", "organisation").filter(active=True)
    membership = members.filter(pk=membership_id).first()
    if membership is None:
        return
    with override(membership.user.language or membership.organisation.language):
        send_mail(
            gettext("%(organisation)s works with Hanse") % {"organisation": membership.organisation.name},
            letter(membership),
            None,
            [membership.user.email],
        )


@transaction.atomic
def send_waiting_letters() -> int:
    """Ask for as many of the letters that wait as may go out in a minute, first come first; how many."""
    waiting = Membership.objects.select_for_update(skip_locked=True).filter(letter_waits=True, active=True)
    due = list(waiting.order_by("id").values_list("pk", flat=True)[: settings.INVITATIONS_PER_MINUTE])
    ask_many((INVITE, {"membership_id": key}) for key in due)
    Membership.objects.filter(pk__in=due).update(letter_waits=False)
    return len(due)


def letters_sentence(count: int) -> str:
    """What applying a table of people means for their letter boxes, in the reader's language."""
    detail = ngettext(
        "Applying this sends a letter of invitation to one person.",
        "Applying this sends letters of invitation to %(count)d people, at most %(rate)d a minute. Undoing it stops "
        "those that have not gone out.",
        count,
    )
    return detail % {"count": count, "rate": settings.INVITATIONS_PER_MINUTE}


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

"""One notification as one mail, text and HTML, in the recipient's language."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from b2b.language import reading_language
from b2b.models.notification import Notification
from b2b.notifications.wording import Words, words

LONGEST_SUBJECT = 200


def mail_notification(notification_id: UUID) -> bool:
    """Send it unless it was sent; return whether it was. Somebody deactivated meanwhile gets none."""
    waiting = Notification.objects.select_related("recipient", "organisation").select_for_update(of=("self",))
    notification = waiting.filter(pk=notification_id, mailed_at=None, recipient__is_active=True).first()
    if notification is None:
        return False
    with override(reading_language(notification.recipient, notification.organisation)):
        compose(notification).send()
    Notification.objects.filter(pk=notification.pk).update(mailed_at=Now())
    return True


def compose(notification: Notification) -> EmailMultiAlternatives:
    """The mail in the active language. Its Message-ID is the notification's, so that a second copy is known as one."""
    said = words(notification)
    context = _context(notification, said)
    mail = EmailMultiAlternatives(
        subject=" ".join(said.title.split())[:LONGEST_SUBJECT],
        body=render_to_string("b2b/mail/notification.txt", context),
        to=[notification.recipient.email],
        headers={"Message-ID": f"<{notification.pk}@{urlsplit(settings.SITE_URL).hostname}>"},
    )
    mail.attach_alternative(render_to_string("b2b/mail/notification.html", context), "text/html")
    return mail


def _context(notification: Notification, said: Words) -> dict[str, Any]:
    return {
        "language": get_language(),
        "title": said.title,
        "body": said.body,
        "link": settings.SITE_URL + said.path,
        "organisation": notification.organisation.name,
        "recipient": notification.recipient.name,
    }

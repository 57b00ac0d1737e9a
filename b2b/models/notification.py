from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.models.organisation import Organisation
from b2b.models.user import User

if TYPE_CHECKING:
    from b2b.policy import Actor


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, for the organisation one acts for."""
        if actor.user_id is None:
            return self.none()
        return self.filter(recipient_id=actor.user_id, organisation_id=actor.organisation_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def mark_read(self) -> int:
        """Mark what is unread as read now; return how many were."""
        return self.unread().update(read_at=Now())


class Notification(models.Model):
    """Something a member should know. Only facts are kept; the words are found when it is read."""

    id = KeyField()
    recipient = models.ForeignKey(User, models.CASCADE, related_name="notifications", verbose_name=_("recipient"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="notifications", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=100)
    document_type = models.CharField(max_length=60)
    document_id = models.UUIDField()
    document_number = models.CharField(_("document"), max_length=40, blank=True)
    parameters = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(_("at"), db_default=Now())
    read_at = models.DateTimeField(_("read at"), null=True)
    mailed_at = models.DateTimeField(_("mailed at"), null=True, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["recipient", "organisation", "-id"], name="notification_of_recipient"),
            models.Index(fields=["recipient", "organisation"], name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.document_number}"


class PreferenceQuerySet(models.QuerySet["NotificationPreference"]):
    def visible_to(self, actor: Actor) -> Self:
        """Nobody's but one's own."""
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class NotificationPreference(models.Model):
    """Whether one person wants mail of one kind; without a row the kind decides."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notification_preferences", verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=100)
    by_email = models.BooleanField(_("by e-mail"))

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notification_preference_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.kind}"

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.fields import KeyField
from b2b.models.organisation import Organisation
from b2b.models.user import User

if TYPE_CHECKING:
    from b2b.policy import Actor


class Role(models.TextChoices):
    REQUESTER = "requester", _("Requester")
    BUYER = "buyer", pgettext_lazy("role", "Buyer")
    BUYING_MANAGER = "buying_manager", _("Buying manager")
    RECEIVER = "receiver", _("Receiver")
    FINANCE = "finance", _("Finance")
    SALES = "sales", _("Sales")
    SIGNATORY = "signatory", _("Signatory")
    COMPLIANCE = "compliance", _("Compliance")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody knows their colleagues."""
        return self.filter(organisation_id=actor.organisation_id)


class Membership(models.Model):
    """What one person may do for one organisation."""

    id = KeyField()
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("user"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), verbose_name=_("roles"))
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    letter_waits = models.BooleanField(_("letter waits"), default=False, editable=False)
    """Whether the invitation is yet to be written, as many people were made members at once."""

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="member_once")]
        indexes = [models.Index(fields=["id"], name="membership_letter_waits", condition=Q(letter_waits=True))]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"

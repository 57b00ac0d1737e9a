from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from contracts.policy import oversees

if TYPE_CHECKING:
    from b2b.policy import Actor

Item = TypeVar("Item", bound=models.Model)


class LibraryQuerySet(models.QuerySet[Item]):
    """Clauses or templates."""

    def visible_to(self, actor: Actor) -> Self:
        """One's own library, and what the platform has put in force for everybody."""
        if oversees(actor) or actor.platform:
            return self
        if actor.organisation_id is None:
            return self.none()
        shared = Q(buyer=None) & ~Q(state="draft")
        return self.filter(Q(buyer_id=actor.organisation_id) | shared)

    def for_buyer(self, buyer_id: UUID | None) -> Self:
        """What this buyer's contracts may be made from."""
        return self.filter(Q(buyer_id=buyer_id) | Q(buyer=None), state="in_force")


class Wording(models.Model):
    """One numbered version of a clause or template. Rows are written once; only their approval is added."""

    id = KeyField()
    number = models.PositiveIntegerField(_("number"))
    written_at = models.DateTimeField(_("written at"), db_default=Now())
    written_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("written by")
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    approved_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approved by")
    )

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        objects: Any

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

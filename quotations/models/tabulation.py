from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.fields import KeyField
from b2b.models import Organisation
from procurement.models import RequestForQuotation
from quotations.policy import oversees

if TYPE_CHECKING:
    from b2b.policy import Actor


class RecordedTabulationQuerySet(models.QuerySet["RecordedTabulation"]):
    def visible_to(self, actor: Actor) -> Self:
        if oversees(actor):
            return self
        return self.filter(buyer_id=actor.organisation_id) if actor.organisation_id else self.none()


class RecordedTabulation(models.Model):
    """Where an RFQ came from that was opened on paper or elsewhere: the proposal, the file, and what was published.

    ``digest`` is SHA-256 over what the proposal says; the same proposal is recorded once.
    """

    id = KeyField()
    rfq = models.OneToOneField(RequestForQuotation, models.PROTECT, related_name="tabulation", verbose_name=_("RFQ"))
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    reference = models.CharField(_("proposal"), max_length=120)
    digest = models.BinaryField(max_length=32, editable=False)
    file_name = models.CharField(_("file name"), max_length=150)
    bidders = models.JSONField(_("bidders"), default=dict)
    """Name as published to quotation key."""
    published_ranks = models.JSONField(_("published ranks"), default=dict)
    """Quotation key to rank, for the bidders the tabulation ranks."""
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    buyer_id: UUID

    objects = RecordedTabulationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recorded tabulation")
        verbose_name_plural = _("recorded tabulations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["buyer", "digest"], name="tabulation_recorded_once"),
        ]

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField
from b2b.outbox import ask
from b2b.rows import insert
from procurement.models import RequestForQuotation
from quotations.models.holding import found_with_rfq, hold_with_rfq
from quotations.models.quotation import Quotation
from quotations.models.unsealing import unseal_quotations
from quotations.policy import oversees
from quotations.workflow.bid_opening import BidOpeningWorkflow, Capacity, ConsentedAlready, RoleNotNeeded

if TYPE_CHECKING:
    from b2b.policy import Actor


class BidOpeningQuerySet(models.QuerySet["BidOpening"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buying side's own. Suppliers learn of the opening from their quotation."""
        if oversees(actor):
            return self
        return self.filter(buyer_id=actor.organisation_id) if actor.organisation_id else self.none()


class BidOpening(BidOpeningWorkflow):
    """The opening of one RFQ's quotations: who consented, when it happened, and its minutes."""

    rfq = models.OneToOneField(RequestForQuotation, models.PROTECT, related_name="bid_opening", verbose_name=_("RFQ"))

    rfq_id: UUID

    objects = BidOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("bid opening")
        verbose_name_plural = _("bid openings")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="opening_opened_has_time",
                condition=(models.Q(state="opened") & models.Q(opened_at__isnull=False))
                | (~models.Q(state="opened") & models.Q(opened_at__isnull=True)),
            )
        ]

    def lock(self) -> None:
        """The RFQ first, as everywhere: whoever holds it may change what stands above it."""
        hold_with_rfq(self, "UPDATE")

    @classmethod
    def found_and_held(cls, key: UUID, *, seen_by: Actor | None) -> Self:
        found: Self = found_with_rfq(cls, key, seen_by, "UPDATE")
        return found

    def write_consent(self, actor: Actor) -> None:
        """One for the buyer and one for compliance, by two people; where one person opens, a buyer's."""
        given = {consent.capacity: consent.user_id for consent in self.consents.all()}
        if actor.user_id is None or actor.user_id in given.values():
            raise ConsentedAlready
        needed = [Capacity.BUYER, Capacity.COMPLIANCE] if self.rfq.opening == "two" else [Capacity.BUYER]
        able = [capacity for capacity in needed if self._is(actor, capacity)]
        if not able:
            raise RoleNotNeeded
        free = next((capacity for capacity in able if capacity not in given), None)
        if free is None:
            raise ConsentedAlready
        OpeningConsent.objects.create(opening=self, user_id=actor.user_id, capacity=free, request_id=actor.request_id)

    def _is(self, actor: Actor, capacity: Capacity) -> bool:
        if capacity == Capacity.COMPLIANCE:
            return "compliance" in actor.roles
        return "buyer" in actor.roles and actor.organisation_id == self.buyer_id

    def unseal_all(self, actor: Actor) -> None:
        """Open the RFQ, and every submitted quotation into lines in clear, with an entry of minutes for each."""
        self.rfq.is_held()
        self.rfq.open_bids(actor=actor)
        minutes = [
            OpeningMinute(
                opening=self,
                quotation=sealed.quotation,
                version=sealed.quotation.sealed_version,
                sha256=sealed.sha256,
                submitted_at=sealed.submitted_at,
            )
            for sealed in unseal_quotations(self.rfq)
        ]
        insert(minutes)
        ask("quotations.score_prices", rfq_id=self.rfq_id)

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        consents = self.consents.values_list("capacity", "user_id")
        minutes = self.minutes.values_list("quotation_id", "sha256")
        return {f"consent.{capacity}": {"user": user} for capacity, user in consents} | {
            f"minute.{quotation}": {"sha256": sha256} for quotation, sha256 in minutes
        }


class OpeningConsent(models.Model):
    """One person's agreement to open, given with a second factor."""

    id = KeyField()
    opening = models.ForeignKey(BidOpening, models.PROTECT, related_name="consents", verbose_name=_("bid opening"))
    user = models.ForeignKey("b2b.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    capacity = models.CharField(_("as"), max_length=12, choices=Capacity)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    request_id = models.CharField(max_length=64, blank=True, editable=False)

    user_id: UUID

    class Meta:
        verbose_name = _("consent to open")
        verbose_name_plural = _("consents to open")
        ordering = ["opening", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["opening", "user"], name="consent_once_per_person"),
            models.UniqueConstraint(fields=["opening", "capacity"], name="consent_once_per_capacity"),
        ]


class OpeningMinute(models.Model):
    """One quotation as it was found: which version, and the hash that agreed with the journal's."""

    id = KeyField()
    opening = models.ForeignKey(BidOpening, models.PROTECT, related_name="minutes", verbose_name=_("bid opening"))
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="+", verbose_name=_("quotation"))
    version = models.PositiveIntegerField(_("version"))
    sha256 = models.CharField(_("SHA-256, verified"), max_length=64)
    submitted_at = models.DateTimeField(_("submitted at"))

    class Meta:
        verbose_name = _("opening minute")
        verbose_name_plural = _("opening minutes")
        ordering = ["opening", "pk"]
        constraints = [models.UniqueConstraint(fields=["opening", "quotation"], name="minute_once_per_quotation")]

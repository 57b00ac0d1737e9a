from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.compiled import compiled
from b2b.fields import AmountField, KeyField, QuantityField, UnitPriceField
from b2b.sealing import unseal
from procurement.models import RequestForQuotation, RFQLine
from quotations.models.holding import found_with_rfq, hold_with_rfq
from quotations.offer import Offer
from quotations.policy import oversees
from quotations.workflow.quotation import OPENED, QuotationWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor

SUPERSEDED = ("declined", "withdrawn", "lapsed", "voided")
"""After these a supplier may answer the same RFQ anew."""


class QuotationQuerySet(models.QuerySet["Quotation"]):
    def visible_to(self, actor: Actor) -> Self:
        """A supplier's own; those for one's own RFQs. What they offer is sealed apart from this."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(supplier_id=actor.organisation_id) | Q(buyer_id=actor.organisation_id))

    def opened(self) -> Self:
        return self.filter(state__in=OPENED)


class Quotation(QuotationWorkflow):
    """One supplier's answer to one RFQ.

    Until opening, what it offers exists only as sealed versions (``QuotationVersion``); the rows of
    ``lines`` are written when the RFQ's quotations are opened together.
    """

    rfq = models.ForeignKey(RequestForQuotation, models.PROTECT, related_name="quotations", verbose_name=_("RFQ"))
    sealed_version = models.PositiveIntegerField(_("last sealed version"), default=0, editable=False)
    sealed_sha256 = models.CharField(_("SHA-256 of the last version"), max_length=64, blank=True, editable=False)
    invited_at = models.DateTimeField(_("invited at"), null=True, editable=False)

    rfq_id: UUID

    objects = QuotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rfq", "supplier"], condition=~Q(state__in=SUPERSEDED), name="quotation_once_per_supplier"
            ),
            models.CheckConstraint(name="quotation_not_to_oneself", condition=~Q(buyer=models.F("supplier"))),
            models.CheckConstraint(
                name="quotation_total_after_opening", condition=Q(total__isnull=True) | Q(opened_at__isnull=False)
            ),
            models.CheckConstraint(
                name="quotation_submitted_has_hash",
                condition=~Q(state="submitted") | (~Q(submitted_sha256="") & Q(submitted_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["rfq", "state"], name="quotation_of_rfq"),
            models.Index(fields=["supplier", "-id"], name="quotation_of_supplier"),
            models.Index(fields=["buyer", "-id"], name="quotation_for_buyer"),
            models.Index(
                fields=["valid_until"], name="quotation_due_to_expire", condition=Q(state__in=["opened", "shortlisted"])
            ),
        ]

    @property
    def is_opened(self) -> bool:
        return self.opened_at is not None

    def lock(self) -> None:
        """Hold the RFQ first, shared: it cannot close, open or end while an answer to it changes."""
        hold_with_rfq(self, "SHARE")

    @classmethod
    def found_and_held(cls, key: UUID, *, seen_by: Actor | None) -> Self:
        found: Self = found_with_rfq(cls, key, seen_by, "SHARE")
        return found

    def offer(self) -> Offer:
        """What the last version offers, unsealed: for the supplier's own eyes, and for the opening.

        Raises ``SealBroken``. Whoever shows it to somebody must have asked ``may_read_offer``.
        """
        return self.once(f"offer {self.sealed_version}", self._offer)

    def _offer(self) -> Offer:
        return self.offer_of(self.sealed_version)

    def offer_of(self, number: int) -> Offer:
        """What that version offered; nothing before the first. The same care is due as with ``offer``."""
        version = _version.first(self.pk, number) if number else None
        return Offer(self.currency) if version is None else Offer.from_bytes(unseal(version.sealed))

    def may_read_offer(self, actor: Actor) -> bool:
        """Sealed values are the supplier's own until they are opened; then the buyer's too."""
        return actor.organisation_id == self.supplier_id or self.is_opened

    def take_over_from_lines(self) -> None:
        """The sum of the rounded lines, once they stand in clear (EN 16931 BR-CO-10)."""
        self.total = self.once("sum of lines", self._summed)

    def _summed(self) -> Decimal:
        return self.lines.aggregate(sum=models.Sum("amount"))["sum"] or Decimal(0)

    def know_sum(self, lines: Iterable[QuotationLine]) -> None:
        """Of all its lines, which were just written; for the step that comes next."""
        amounts = [line.amount for line in lines if line.amount is not None]
        self.once("sum of lines", lambda: sum(amounts, Decimal(0)))

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        """The journal knows versions by their hashes only; the lines never enter it."""
        return {}


def held_answers(rfq: RequestForQuotation, states: Collection[str]) -> list[Quotation]:
    """The quotations in these states, held at once for the step each takes next; the caller holds the RFQ."""
    found = _answers(rfq.pk, states=tuple(states))
    for quotation in found:
        quotation.rfq = rfq
        quotation.is_held()
    return found


@compiled
def _answers(rfq_id: UUID, *, states: tuple[str, ...]) -> models.QuerySet[Quotation]:
    found = Quotation.objects.filter(rfq_id=rfq_id, state__in=states).order_by("pk")
    return found.select_for_update(of=("self",))


class QuotationVersion(models.Model):
    """One saved state of an offer, sealed. Rows are written once."""

    id = KeyField()
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="versions", verbose_name=_("quotation"))
    number = models.PositiveIntegerField(_("number"))
    sealed = models.BinaryField(_("sealed content"), editable=False)
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64, editable=False)
    saved_at = models.DateTimeField(_("saved at"), auto_now_add=True)
    saved_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("saved by")
    )

    quotation_id: UUID

    class Meta:
        verbose_name = _("sealed version")
        verbose_name_plural = _("sealed versions")
        ordering = ["quotation", "number"]
        constraints = [models.UniqueConstraint(fields=["quotation", "number"], name="quotation_version_numbered_once")]


@compiled
def _version(quotation_id: UUID, number: int) -> models.QuerySet[QuotationVersion]:
    return QuotationVersion.objects.filter(quotation_id=quotation_id, number=number).order_by()


class QuotationLine(models.Model):
    """One answer in clear, written at opening. ``net_unit_price`` is the price less the quotation's discount."""

    id = KeyField()
    quotation = models.ForeignKey(Quotation, models.CASCADE, related_name="lines", verbose_name=_("quotation"))
    rfq_line = models.ForeignKey(RFQLine, models.PROTECT, related_name="answers", verbose_name=_("RFQ line"))
    number = models.PositiveIntegerField(_("number"))
    quantity = QuantityField(_("quantity"))
    no_bid = models.BooleanField(_("no bid"), default=False)
    unit_price = UnitPriceField(_("unit price"), null=True)
    net_unit_price = UnitPriceField(_("unit price less discount"), null=True)
    amount = AmountField(_("amount"), null=True)
    lead_time_days = models.PositiveIntegerField(_("lead time in days"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    tiers: Any = models.JSONField(_("prices by quantity"), default=list, blank=True)
    """As ``Tier.as_json`` writes them; ``unit_price`` is the one for the quantity asked."""
    alternatives: Any = models.JSONField(_("alternatives offered"), default=list, blank=True)
    """As ``Alternative.as_json`` writes them, without the discount."""

    quotation_id: UUID
    rfq_line_id: UUID

    class Meta:
        verbose_name = _("quotation line")
        verbose_name_plural = _("quotation lines")
        ordering = ["quotation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["quotation", "rfq_line"], name="quotation_line_answered_once"),
            models.CheckConstraint(
                name="quotation_line_priced_or_no_bid",
                condition=Q(no_bid=True, unit_price=None, net_unit_price=None, amount=None)
                | Q(no_bid=False, unit_price__gte=0, net_unit_price__gte=0, amount__gte=0),
            ),
        ]


def expiring_before(day: date) -> models.QuerySet[Quotation]:
    """Opened quotations whose validity ended before ``day`` and upon which no award is pending."""
    pending = Q(award_lines__award__state__in=("proposed", "approved"))
    return Quotation.objects.filter(state__in=("opened", "shortlisted"), valid_until__lt=day).exclude(pending)

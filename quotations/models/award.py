from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from b2b.compiled import compiled
from b2b.fields import KeyField, QuantityField, UnitPriceField
from b2b.models import Organisation
from b2b.notifications import members_with_role_by_organisation, notify
from b2b.policy import CLOCK
from procurement.models import RequestForQuotation, RFQLine
from quotations.models.carrying_out import carry_out
from quotations.models.holding import found_with_rfq, hold_with_rfq
from quotations.models.quotation import Quotation, QuotationLine
from quotations.policy import oversees
from quotations.workflow.award import AwardWorkflow
from quotations.workflow.objection import ObjectionWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor

LIVE = ("proposed", "approved", "confirmed")


def _day(instant: datetime | None) -> str:
    return instant.date().isoformat() if instant else ""


class AwardQuerySet(models.QuerySet["Award"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buying side's own. A supplier learns from its quotation what it was awarded."""
        if oversees(actor):
            return self
        return self.filter(buyer_id=actor.organisation_id) if actor.organisation_id else self.none()


class Award(AwardWorkflow):
    """Who supplies what of one RFQ, line by line."""

    rfq = models.ForeignKey(RequestForQuotation, models.PROTECT, related_name="awards", verbose_name=_("RFQ"))
    reason = models.TextField(_("reason"), blank=True)
    """Why it is not the best ranked everywhere, where it is not; a line may carry its own."""

    rfq_id: UUID

    objects = AwardQuerySet.as_manager()

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rfq"], condition=Q(state__in=LIVE), name="award_one_live_per_rfq")
        ]

    def lock(self) -> None:
        """The RFQ first, as everywhere: whoever holds it may change what stands above it."""
        hold_with_rfq(self, "UPDATE")

    @classmethod
    def found_and_held(cls, key: UUID, *, seen_by: Actor | None) -> Self:
        found: Self = found_with_rfq(cls, key, seen_by, "UPDATE")
        return found

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        told = ("quantity", "unit_price", "currency", "reason")
        rows = self.lines.values("rfq_line__number", "quotation__number", *told)
        return {f"{row.pop('rfq_line__number')}.{row.pop('quotation__number')}": row for row in rows}

    def tell_result(self) -> None:
        """Winners and losers learn at the same time, before the standstill, so that a loser can object."""
        said = {"rfq": self.rfq.number, "until": _day(self.rfq.standstill_ends_at)}
        answers = self.rfq.quotations.filter(state__in=("opened", "shortlisted")).order_by("pk")
        told: list[Any] = list(answers.annotate(is_chosen=Exists(self.lines.filter(quotation=OuterRef("pk")))))
        sales = members_with_role_by_organisation([quotation.supplier_id for quotation in told], ["sales"])
        for quotation in told:
            kind = "quotations.chosen" if quotation.is_chosen else "quotations.not_chosen"
            notify(sales[quotation.supplier_id], kind, quotation, **said)

    def awarded(self) -> list[tuple[UUID, str, str]]:
        """Every supplier that is to get something, with the number and the state of its quotation."""
        return self.once("awarded", lambda: _awarded(self.pk))

    def carry_out(self, actor: Actor) -> None:
        """Decide every quotation and line of the RFQ, and create the orders."""
        carry_out(self, actor)

    def fall(self, actor: Actor, reason: str) -> None:
        """An objection was upheld: the award is cancelled and the RFQ evaluated again."""
        self.lock()
        self.rfq.uphold_objection(actor=actor, reason=reason)
        self.cancel(actor=CLOCK, reason=reason)


@compiled
def _awarded(award_id: UUID) -> models.QuerySet[Any, tuple[UUID, str, str]]:
    told = ("supplier_id", "quotation__number", "quotation__state")
    return AwardLine.objects.filter(award_id=award_id).order_by("quotation__number").values_list(*told).distinct()


class AwardLine(models.Model):
    """How much of one RFQ line goes to one quotation, at the price offered in it."""

    id = KeyField()
    award = models.ForeignKey(Award, models.PROTECT, related_name="lines", verbose_name=_("award"))
    rfq_line = models.ForeignKey(RFQLine, models.PROTECT, related_name="awarded", verbose_name=_("RFQ line"))
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="award_lines", verbose_name=_("quotation"))
    quotation_line = models.ForeignKey(
        QuotationLine, models.PROTECT, related_name="awarded", verbose_name=_("quotation line")
    )
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    quantity = QuantityField(_("quantity"))
    unit_price = UnitPriceField(_("unit price"))
    currency = models.CharField(_("currency"), max_length=3)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("award line")
        verbose_name_plural = _("award lines")
        ordering = ["award", "rfq_line__number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["award", "quotation_line"], name="award_line_once_per_answer"),
            models.CheckConstraint(name="award_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="award_line_price_not_negative", condition=Q(unit_price__gte=0)),
        ]


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Actor) -> Self:
        """The objector's own, and those against one's own awards."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(supplier_id=actor.organisation_id) | Q(buyer_id=actor.organisation_id))


class Objection(ObjectionWorkflow):
    """A bidder's protest against an award, made during its standstill."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="objections", verbose_name=_("award"))
    quotation = models.ForeignKey(Quotation, models.PROTECT, related_name="objections", verbose_name=_("quotation"))
    text = models.TextField(_("objection"))

    award_id: UUID

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "supplier"], condition=Q(state="raised"), name="objection_one_open_per_bidder"
            )
        ]

    def lock(self) -> None:
        """RFQ, award, objection: always in this order."""
        Award.objects.get(pk=self.award_id).lock()
        super().lock()

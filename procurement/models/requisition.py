from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField, QuantityField, UnitField, UnitPriceField
from procurement.models.procurement_policy import ProcurementPolicy, policy_of
from procurement.models.rfq import RequestForQuotation, RFQLine
from procurement.policy import oversees
from procurement.workflow.requisition import RequisitionWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor


class RequisitionQuerySet(models.QuerySet["Requisition"]):
    def visible_to(self, actor: Actor) -> Self:
        """What an organisation needs is its own affair."""
        if oversees(actor):
            return self
        return self.filter(buyer_id=actor.organisation_id) if actor.organisation_id else self.none()


class Requisition(RequisitionWorkflow):
    """What somebody in the organisation needs bought."""

    title = models.CharField(_("title"), max_length=200)
    justification = models.TextField(_("justification"), blank=True)
    rfq = models.ForeignKey(
        RequestForQuotation, models.PROTECT, null=True, editable=False, related_name="requisitions",
        verbose_name=_("request for quotation"),
    )  # fmt: skip

    objects = RequisitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("requisition")
        verbose_name_plural = _("requisitions")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="requisition_converted_names_its_rfq",
                condition=~Q(state="converted") | Q(rfq__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["buyer", "-id"], name="requisition_of_buyer")]

    @property
    def policy(self) -> ProcurementPolicy:
        return self.once("policy", lambda: policy_of(self.buyer_id))

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        told = ("item", "code", "quantity", "unit", "estimate_unit_price", "required_by")
        return {str(row.pop("number")): row for row in self.lines.values("number", *told)}


class RequisitionLine(models.Model):
    """One thing needed, and in which line of an RFQ its whole quantity went."""

    id = KeyField()
    requisition = models.ForeignKey(Requisition, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    item = models.CharField(_("item"), max_length=500)
    code = models.CharField(_("item number"), max_length=60, blank=True)
    product = models.ForeignKey(
        "suppliers.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    quantity = QuantityField(_("quantity"))
    unit = UnitField(_("unit"))
    estimate_unit_price = UnitPriceField(_("estimated unit price"), null=True, blank=True)
    required_by = models.DateField(_("required by"), null=True, blank=True)
    rfq_line = models.ForeignKey(
        RFQLine, models.SET_NULL, null=True, editable=False, related_name="requisition_lines",
        verbose_name=_("RFQ line"),
    )  # fmt: skip

    requisition_id: UUID

    class Meta:
        verbose_name = _("requisition line")
        verbose_name_plural = _("requisition lines")
        ordering = ["requisition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["requisition", "number"], name="requisition_line_numbered_once"),
            models.CheckConstraint(name="requisition_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="requisition_line_estimate_not_negative",
                condition=Q(estimate_unit_price__isnull=True) | Q(estimate_unit_price__gte=0),
            ),
        ]

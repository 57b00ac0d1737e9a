from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.fields import KeyField, QuantityField
from b2b.models import Organisation
from procurement.models.purchase_order import PurchaseOrder, PurchaseOrderLine
from procurement.policy import oversees
from procurement.workflow.arriving import Arrival
from procurement.workflow.receipt import ReceiptWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor


class ReceiptQuerySet(models.QuerySet["GoodsReceipt"]):
    def visible_to(self, actor: Actor) -> Self:
        """Both sides of the order see what was received."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(buyer_id=actor.organisation_id) | Q(supplier_id=actor.organisation_id))


class GoodsReceipt(ReceiptWorkflow):
    """What came on one day for one order, and what inspection found."""

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="receipts", verbose_name=_("purchase order"))
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    received_on = models.DateField(_("received on"))
    delivery_note = models.CharField(_("delivery note"), max_length=60, blank=True)

    buyer_id: UUID
    supplier_id: UUID

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("goods receipt")
        verbose_name_plural = _("goods receipts")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="receipt_of_buyer"),
            models.Index(fields=["supplier", "-id"], name="receipt_of_supplier"),
        ]

    def arrivals(self) -> list[Arrival]:
        """What it says, in the form the order's lines were moved by."""
        told = self.lines.values_list("order_line_id", "quantity", "rejected", "reason", "note")
        return [Arrival(*row) for row in told]

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        told = ("quantity", "rejected", "reason", "note")
        return {str(row.pop("order_line__number")): row for row in self.lines.values("order_line__number", *told)}


class GoodsReceiptLine(models.Model):
    """Of one order line: how much came, and how much of it inspection refused, with the reason."""

    class Rejection(models.TextChoices):
        DAMAGED = "damaged", _("Damaged")
        WRONG_ITEM = "wrong_item", _("Wrong item")
        QUALITY = "quality", _("Below the agreed quality")
        EXPIRED = "expired", _("Expired or too old")
        DOCUMENTS = "documents", _("Documents missing")
        OTHER = "other", _("Other")

    id = KeyField()
    receipt = models.ForeignKey(GoodsReceipt, models.PROTECT, related_name="lines")
    order_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, related_name="receipt_lines", verbose_name=_("order line")
    )
    quantity = QuantityField(_("quantity that came"))
    rejected = QuantityField(_("of it refused"), default=0)
    reason = models.CharField(_("reason of the refusal"), max_length=12, choices=Rejection, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    order_line_id: UUID

    class Meta:
        verbose_name = _("goods receipt line")
        verbose_name_plural = _("goods receipt lines")
        ordering = ["receipt", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "order_line"], name="receipt_line_once"),
            models.CheckConstraint(name="receipt_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="receipt_line_rejected_of_what_came", condition=Q(rejected__gte=0, rejected__lte=F("quantity"))
            ),
            models.CheckConstraint(name="receipt_line_rejection_has_reason", condition=Q(rejected=0) | ~Q(reason="")),
        ]

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import KeyField, QuantityField, UnitPriceField
from contracts.models.contract import Contract
from contracts.models.keyed import keyed
from contracts.models.wording import ContractLine
from contracts.policy import oversees
from contracts.workflow.call_off import CallOffWorkflow
from procurement.models import PurchaseOrder

if TYPE_CHECKING:
    from b2b.policy import Actor


class CallOffQuerySet(models.QuerySet["CallOff"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer's own; a supplier's from the moment the order is issued to it."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        issued = Q(supplier_id=actor.organisation_id, order__issued_at__isnull=False)
        return self.filter(Q(buyer_id=actor.organisation_id) | issued)


class CallOff(CallOffWorkflow):
    """The part of a contract that one purchase order takes."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="call_offs", verbose_name=_("contract"))
    order = models.OneToOneField(
        PurchaseOrder, models.PROTECT, related_name="call_off", verbose_name=_("purchase order")
    )

    contract_id: UUID
    order_id: UUID

    objects = CallOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("call-off")
        verbose_name_plural = _("call-offs")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="call_off_not_negative", condition=Q(amount__gte=0))]
        indexes = [
            models.Index(fields=["contract", "-id"], name="call_off_of_contract"),
            models.Index(fields=["buyer", "-id"], name="call_off_of_buyer"),
        ]

    def lock(self) -> None:
        """The contract first: call-offs of one contract follow each other."""
        Contract.objects.get(pk=self.contract_id).lock()
        super().lock()

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        return keyed(self.lines.values("number", "quantity", "counted", "unit_price"), "number")


class CallOffLine(models.Model):
    """How much of one contract line an order calls off; ``number`` is the order line's."""

    id = KeyField()
    call_off = models.ForeignKey(CallOff, models.PROTECT, related_name="lines", verbose_name=_("call-off"))
    contract_line = models.ForeignKey(
        ContractLine, models.PROTECT, related_name="call_offs", verbose_name=_("contract line")
    )
    number = models.PositiveIntegerField(_("number"))
    quantity = QuantityField(_("quantity"))
    counted = QuantityField(_("quantity that counts"))
    unit_price = UnitPriceField(_("unit price"))

    contract_line_id: UUID

    class Meta:
        verbose_name = _("call-off line")
        verbose_name_plural = _("call-off lines")
        ordering = ["call_off", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call_off", "number"], name="call_off_line_numbered_once"),
            models.UniqueConstraint(fields=["call_off", "contract_line"], name="call_off_line_once"),
            models.CheckConstraint(
                name="call_off_line_counts_at_most_its_quantity",
                condition=Q(quantity__gt=0, counted__gte=0, counted__lte=F("quantity")),
            ),
        ]

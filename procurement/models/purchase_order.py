from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.fields import AmountField, KeyField, QuantityField, UnitField, UnitPriceField
from procurement.incoterms import Incoterm
from procurement.models.procurement_policy import VAT_CATEGORIES, ProcurementPolicy, ShareField, policy_of
from procurement.models.rfq import RequestForQuotation, RFQLine
from procurement.policy import oversees
from procurement.workflow.purchase_order import PurchaseOrderWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor

GIVEN_UP = ("rejected", "supplier_rejected", "cancelled")
"""States after which the buyer's reference may stand on another order."""
CONTRACT_SOURCE = "contracts."
"""Sources of this app above are calls on a contract."""


class PurchaseOrderQuerySet(models.QuerySet["PurchaseOrder"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer's own; a supplier's from the moment they are issued to it."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        issued = Q(supplier_id=actor.organisation_id, issued_at__isnull=False)
        return self.filter(Q(buyer_id=actor.organisation_id) | issued)


class PurchaseOrder(PurchaseOrderWorkflow):
    """What a buyer orders of one supplier: lines with quantities, prices, tax and dates."""

    title = models.CharField(_("title"), max_length=200, blank=True)
    buyer_reference = models.CharField(_("buyer's own reference"), max_length=60, blank=True, editable=False)
    """The number the buyer's own system gave the order; a table of orders finds it again by this."""
    note = models.TextField(_("note to the supplier"), blank=True)
    rfq = models.ForeignKey(
        RequestForQuotation, models.PROTECT, null=True, editable=False, related_name="orders",
        verbose_name=_("request for quotation"),
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=120, blank=True, editable=False)
    """The document above this app the order was made from, as ``<app>.<model>/<key>``; empty for one by hand."""
    incoterm = models.CharField(_("Incoterm"), max_length=3, choices=Incoterm, blank=True)
    place = models.CharField(_("place of delivery"), max_length=200, blank=True)
    variance_reason = models.TextField(_("why prices differ from those in force"), blank=True)

    objects = PurchaseOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("purchase order")
        verbose_name_plural = _("purchase orders")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "supplier"], condition=~Q(source=""), name="order_once_per_source_and_supplier"
            ),
            models.UniqueConstraint(
                fields=["buyer", "buyer_reference"],
                condition=~Q(buyer_reference="") & ~Q(state__in=GIVEN_UP),
                name="order_once_per_buyer_reference",
            ),
            models.CheckConstraint(name="order_between_two", condition=~Q(buyer=F("supplier"))),
            models.CheckConstraint(name="order_total_is_net_and_tax", condition=Q(total=F("net") + F("tax"))),
            models.CheckConstraint(
                name="order_issued_has_number_and_date",
                condition=~Q(
                    state__in=["issued", "change_proposed", "acknowledged", "partially_received", "received", "closed"]
                )
                | (~Q(number="") & Q(issued_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="order_of_buyer"),
            models.Index(fields=["supplier", "-id"], name="order_of_supplier", condition=Q(issued_at__isnull=False)),
        ]

    @property
    def policy(self) -> ProcurementPolicy:
        return self.once("policy", lambda: policy_of(self.buyer_id))

    @property
    def under_contract(self) -> bool:
        return self.source.startswith(CONTRACT_SOURCE)

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        told = ("item", "quantity", "unit", "unit_price", "vat_category", "vat_rate", "requested_on", "variance_reason")
        return {str(row.pop("number")): row for row in self.lines.values("number", *told)}


class PurchaseOrderLine(models.Model):
    """One thing ordered, and how far it has come.

    ``received`` is what was accepted; ``rejected`` is what inspection refused and does not count
    against the tolerance; ``invoiced`` what matched invoices bill.
    """

    id = KeyField()
    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    item = models.CharField(_("item"), max_length=500)
    code = models.CharField(_("item number"), max_length=60, blank=True)
    product = models.ForeignKey(
        "suppliers.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    rfq_line = models.ForeignKey(
        RFQLine, models.PROTECT, null=True, editable=False, related_name="order_lines", verbose_name=_("RFQ line")
    )
    quantity = QuantityField(_("quantity"))
    unit = UnitField(_("unit"))
    unit_price = UnitPriceField(_("unit price"))
    amount = AmountField(_("amount"), editable=False)
    vat_category = models.CharField(_("VAT category"), max_length=2, choices=VAT_CATEGORIES)
    vat_rate = models.DecimalField(_("VAT rate in percent"), max_digits=7, decimal_places=4)
    requested_on = models.DateField(_("requested for"), null=True, blank=True)
    promised_on = models.DateField(_("promised for"), null=True, editable=False)
    tolerance = ShareField(_("receipt above the ordered quantity"), default=Decimal(0), editable=False)
    source_unit_price = UnitPriceField(_("unit price in force"), null=True, editable=False)
    """Of the quotation, contract or price list the line comes from; ``None`` where none has a price."""
    variance_reason = models.CharField(_("why the price differs"), max_length=200, blank=True)
    received = QuantityField(_("received"), default=Decimal(0), editable=False)
    rejected = QuantityField(_("refused at inspection"), default=Decimal(0), editable=False)
    invoiced = QuantityField(_("invoiced"), default=Decimal(0), editable=False)

    order_id: UUID

    class Meta:
        verbose_name = _("purchase order line")
        verbose_name_plural = _("purchase order lines")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_line_numbered_once"),
            models.CheckConstraint(name="order_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(name="order_line_price_not_negative", condition=Q(unit_price__gte=0, amount__gte=0)),
            models.CheckConstraint(
                name="order_line_moves_not_negative", condition=Q(received__gte=0, rejected__gte=0, invoiced__gte=0)
            ),
            models.CheckConstraint(
                name="order_line_received_within_tolerance",
                condition=Q(received__lte=F("quantity") * (Decimal(1) + F("tolerance"))),
            ),
        ]

    @property
    def most_received(self) -> Decimal:
        """How much may be accepted in all."""
        most: Decimal = self.quantity * (1 + self.tolerance)
        return most


class OrderApproval(models.Model):
    """One person's approval of an order, in one round; a change or a new submission begins the next."""

    id = KeyField()
    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="approvals")
    round = models.PositiveIntegerField(_("round"))
    role = models.CharField(_("role"), max_length=20)
    user = models.ForeignKey("b2b.User", models.PROTECT, related_name="+", verbose_name=_("approved by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("order approval")
        verbose_name_plural = _("order approvals")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "round", "role"], name="order_approved_once_per_role"),
            models.UniqueConstraint(fields=["order", "round", "user"], name="order_approved_once_per_person"),
        ]


class OrderChange(models.Model):
    """What the supplier of an issued order proposed, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("order change", "Open")
        ACCEPTED = "accepted", pgettext_lazy("order change", "Accepted")
        REFUSED = "refused", pgettext_lazy("order change", "Refused")

    id = KeyField()
    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="changes")
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    reason = models.TextField(_("reason"))
    answer = models.TextField(_("answer"), blank=True)
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)

    class Meta:
        verbose_name = _("order change")
        verbose_name_plural = _("order changes")
        ordering = ["order", "number"]
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="order_change_numbered_once"),
            models.UniqueConstraint(fields=["order"], condition=Q(state="open"), name="order_change_one_open"),
        ]


class OrderChangeLine(models.Model):
    """What shall be otherwise on one line; an empty value stays as it is."""

    id = KeyField()
    change = models.ForeignKey(OrderChange, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(PurchaseOrderLine, models.PROTECT, related_name="changes")
    quantity = QuantityField(_("quantity"), null=True)
    unit_price = UnitPriceField(_("unit price"), null=True)
    promised_on = models.DateField(_("promised for"), null=True)

    order_line_id: UUID

    class Meta:
        verbose_name = _("order change line")
        verbose_name_plural = _("order change lines")
        constraints = [models.UniqueConstraint(fields=["change", "order_line"], name="order_change_line_once")]


class OrderPrint(models.Model):
    """The order as it was sent: a PDF kept by its SHA-256, made from one version of the order."""

    id = KeyField()
    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="prints")
    order_version = models.PositiveIntegerField(_("version of the order"))
    attachment = models.ForeignKey("b2b.Attachment", models.PROTECT, related_name="+", verbose_name=_("file"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    printed_at = models.DateTimeField(_("printed at"), auto_now_add=True)

    class Meta:
        verbose_name = _("printed order")
        verbose_name_plural = _("printed orders")
        ordering = ["order", "order_version"]
        constraints = [models.UniqueConstraint(fields=["order", "order_version"], name="order_printed_once")]

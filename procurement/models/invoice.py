from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.fields import AmountField, KeyField, QuantityField, UnitField, UnitPriceField
from b2b.models import Organisation
from procurement.models.procurement_policy import VAT_CATEGORIES, ProcurementPolicy, policy_of
from procurement.models.purchase_order import PurchaseOrder, PurchaseOrderLine
from procurement.policy import oversees
from procurement.workflow.invoice import InvoiceWorkflow
from procurement.workflow.three_way import Check, Reason

if TYPE_CHECKING:
    from datetime import date

    from b2b.policy import Actor


class NumberAsCompared(Func):
    """Letters and digits only, in one width and case: "re 0047/ａ" and "RE-0047A" are one number.

    Runs in the database (``normalize`` to NFKC needs UTF-8), where a unique constraint stands on it.
    """

    template = "upper(regexp_replace(normalize(%(expressions)s, NFKC), '[^[:alnum:]]', '', 'g'))"
    output_field = models.CharField()


PAYABLE = ("approved", "scheduled", "payment_hold", "partially_paid")
"""Approved or further, and not paid in full."""


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> Self:
        """Both sides, once it is sent; before that, whoever writes it."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        sides = Q(buyer_id=actor.organisation_id) | Q(supplier_id=actor.organisation_id)
        return self.filter(sides, ~Q(state="draft") | Q(author_id=actor.organisation_id))

    def overdue(self, today: date) -> Self:
        """Payable, and past the due date."""
        return self.filter(state__in=PAYABLE, due_on__lt=today)


class Invoice(InvoiceWorkflow):
    """What a supplier bills for one order. ``number`` is the supplier's own."""

    order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="invoices", verbose_name=_("purchase order"))
    author = models.ForeignKey(
        Organisation, models.PROTECT, editable=False, related_name="+", verbose_name=_("entered by")
    )
    """The supplier, or the buyer that typed it from paper."""
    number_as_compared = models.GeneratedField(
        expression=NumberAsCompared(F("number")), output_field=models.CharField(max_length=80), db_persist=True
    )
    note = models.TextField(_("note"), blank=True)

    author_id: UUID

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["supplier", "number_as_compared"], name="invoice_number_once_per_supplier"),
            models.CheckConstraint(name="invoice_number_says_something", condition=~Q(number_as_compared="")),
            models.CheckConstraint(name="invoice_paid_within_total", condition=Q(paid__gte=0, paid__lte=F("total"))),
            models.CheckConstraint(
                name="invoice_amounts_not_negative", condition=Q(net__gte=0, tax__gte=0, total__gte=0)
            ),
            models.CheckConstraint(
                name="invoice_sent_has_due_date", condition=Q(state="draft") | Q(due_on__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="invoice_of_buyer"),
            models.Index(fields=["supplier", "-id"], name="invoice_of_supplier"),
        ]

    @property
    def policy(self) -> ProcurementPolicy:
        return self.once("policy", lambda: policy_of(self.buyer_id))

    @property
    def is_overdue(self) -> bool:
        """As ``overdue`` finds them; most cannot be, and nobody need ask for the day."""
        return self.state in PAYABLE and self.due_on is not None and self.due_on < database_now().date()

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid."""
        still: Decimal = self.total - self.paid
        return still

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        told = ("order_line_id", "quantity", "unit", "unit_price", "amount", "vat_category", "vat_rate")
        return {str(row.pop("number")): row for row in self.lines.values("number", *told)}


class InvoiceLine(models.Model):
    """One line billed, and the order's line it bills."""

    id = KeyField()
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    order_line = models.ForeignKey(
        PurchaseOrderLine, models.PROTECT, related_name="invoice_lines", verbose_name=_("order line")
    )
    item = models.CharField(_("item"), max_length=500)
    quantity = QuantityField(_("quantity"))
    unit = UnitField(_("unit"))
    unit_price = UnitPriceField(_("unit price"))
    amount = AmountField(_("amount"), editable=False)
    vat_category = models.CharField(_("VAT category"), max_length=2, choices=VAT_CATEGORIES)
    vat_rate = models.DecimalField(_("VAT rate in percent"), max_digits=7, decimal_places=4)

    invoice_id: UUID
    order_line_id: UUID

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ["invoice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "number"], name="invoice_line_numbered_once"),
            models.CheckConstraint(name="invoice_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="invoice_line_price_not_negative", condition=Q(unit_price__gte=0, amount__gte=0)
            ),
        ]


class MatchResult(models.Model):
    """What one check of one invoice line found in one round of matching."""

    id = KeyField()
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="match_results")
    line = models.ForeignKey(InvoiceLine, models.CASCADE, related_name="match_results")
    round = models.PositiveIntegerField(_("round"))
    check_kind = models.CharField(_("check"), max_length=10, choices=Check)
    expected = models.CharField(_("expected"), max_length=40)
    found = models.CharField(_("found"), max_length=40)
    tolerance = models.DecimalField(_("tolerance"), max_digits=5, decimal_places=4)
    within = models.BooleanField(_("within tolerance"))
    reason = models.CharField(_("reason"), max_length=30, choices=Reason, blank=True)
    accepted_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_reason = models.TextField(_("why it was accepted"), blank=True)

    class Meta:
        verbose_name = _("match result")
        verbose_name_plural = _("match results")
        ordering = ["invoice", "round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "round", "check_kind"], name="match_result_once"),
            models.CheckConstraint(name="match_result_outside_has_reason", condition=Q(within=True) | ~Q(reason="")),
        ]


class InvoicePayment(models.Model):
    """Money that left for one invoice; written once."""

    id = KeyField()
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    amount = AmountField(_("amount"))
    paid_on = models.DateField(_("paid on"))
    reference = models.CharField(_("payment reference"), max_length=60)
    paid_by = models.ForeignKey("b2b.User", models.PROTECT, null=True, related_name="+", verbose_name=_("paid by"))
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("payment of an invoice")
        verbose_name_plural = _("payments of invoices")
        ordering = ["invoice", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "reference"], name="invoice_payment_once"),
            models.CheckConstraint(name="invoice_payment_positive", condition=Q(amount__gt=0)),
        ]

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import AmountField, KeyField, QuantityField, UnitField, UnitPriceField
from contracts.models.clause import ClauseVersion
from contracts.models.contract import Contract
from contracts.models.template import ConditionalClause
from procurement.models.procurement_policy import VAT_CATEGORIES


class ContractClause(ConditionalClause):
    """What one contract says at one place: its own copy, which no edit of the library reaches."""

    id = KeyField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="clauses", verbose_name=_("contract"))
    source = models.ForeignKey(ClauseVersion, models.PROTECT, null=True, related_name="+", verbose_name=_("taken from"))
    """The library's wording it was copied from; none where it was written for this contract."""
    title = models.CharField(_("title"), max_length=200)
    chinese_title = models.CharField(_("title in Chinese"), max_length=200)
    text = models.TextField(_("text"))
    chinese_text = models.TextField(_("text in Chinese"))

    contract_id: UUID
    source_id: UUID | None

    class Meta:
        verbose_name = _("contract clause")
        verbose_name_plural = _("contract clauses")
        ordering = ["contract", "position"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "position"], name="contract_clause_one_per_position")
        ]


class ContractLine(models.Model):
    """A price agreed, for a quantity or for as much as the ceiling allows; ``called_off`` moves with call-offs."""

    id = KeyField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="lines", verbose_name=_("contract"))
    number = models.PositiveIntegerField(_("number"))
    item = models.CharField(_("item"), max_length=500)
    code = models.CharField(_("item number"), max_length=60, blank=True)
    product = models.ForeignKey(
        "suppliers.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    quantity = QuantityField(_("quantity"), null=True, blank=True)
    unit = UnitField(_("unit"))
    unit_price = UnitPriceField(_("unit price"))
    amount = AmountField(_("amount"), null=True, editable=False)
    vat_category = models.CharField(_("VAT category"), max_length=2, choices=VAT_CATEGORIES, blank=True)
    vat_rate = models.DecimalField(_("VAT rate in percent"), max_digits=7, decimal_places=4, null=True, blank=True)
    called_off = QuantityField(_("called off"), default=Decimal(0), editable=False)

    contract_id: UUID

    class Meta:
        verbose_name = _("contract line")
        verbose_name_plural = _("contract lines")
        ordering = ["contract", "number"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="contract_line_numbered_once"),
            models.CheckConstraint(
                name="contract_line_quantity_positive", condition=Q(quantity=None) | Q(quantity__gt=0)
            ),
            models.CheckConstraint(name="contract_line_price_not_negative", condition=Q(unit_price__gte=0)),
            models.CheckConstraint(
                name="contract_line_called_off_within_quantity",
                condition=Q(called_off__gte=0) & (Q(quantity=None) | Q(called_off__lte=F("quantity"))),
            ),
        ]

    @property
    def left(self) -> Decimal | None:
        """How much may still be called off; ``None`` where the line sets no limit."""
        return None if self.quantity is None else self.quantity - self.called_off

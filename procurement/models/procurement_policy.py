from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.clock import database_now, remember_now
from b2b.exchange import NoRate, convert
from b2b.fields import AmountField
from b2b.models import Organisation
from b2b.money import Money
from b2b.rows import columns, loaded, width
from b2b.tax import VatCategory
from b2b.workflow import Document, StateField
from procurement.policy import oversees, steering
from procurement.workflow.rfq import Opening

if TYPE_CHECKING:
    from b2b.policy import Actor

VAT_CATEGORIES = [(category.value, category.label) for category in VatCategory]


class ShareField(models.DecimalField):  # type: ignore[type-arg]
    """A part of the whole: 0.05 is five percent. From nothing to everything."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        bounds = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))]
        super().__init__(*args, **{"max_digits": 5, "decimal_places": 4, "validators": bounds, **kwargs})


class ProcurementPolicyQuerySet(models.QuerySet["ProcurementPolicy"]):
    def visible_to(self, actor: Actor) -> Self:
        if oversees(actor):
            return self
        return self.filter(buyer_id=actor.organisation_id) if actor.organisation_id else self.none()


class ProcurementPolicy(Document):
    """How one organisation buys: limits in its own currency, tolerances as shares, periods in days.

    It has one state and no steps; its administrator edits it, and every edit is journalled. An RFQ
    or order takes what concerns it when it is published or made, and keeps it.
    """

    editable_by = steering
    editable_in = ("in_force",)
    FINAL: ClassVar = ("in_force",)

    state = StateField(_("state"), choices=[("in_force", _("In force"))], default="in_force")
    buyer = models.OneToOneField(
        Organisation,
        models.PROTECT,
        related_name="procurement_policy",
        verbose_name=pgettext_lazy("organisation", "buyer"),
    )
    requisition_limit = AmountField(_("requisitions approved by themselves up to"), default=Decimal(1_000))
    publish_limit = AmountField(_("RFQs published without approval up to"), default=Decimal(10_000))
    order_approval_limit = AmountField(_("call-offs approved by themselves up to"), default=Decimal(10_000))
    order_second_limit = AmountField(_("orders approved by finance too from"), null=True, blank=True)
    invoice_second_limit = AmountField(_("invoices approved by two people from"), null=True, blank=True)
    two_opening_limit = AmountField(_("quotations opened by two people from"), null=True, blank=True)
    award_endorsement_limit = AmountField(_("awards endorsed by compliance from"), null=True, blank=True)
    minimum_quotations = models.PositiveSmallIntegerField(_("minimum number of quotations"), default=1)
    minimum_days_open = models.PositiveSmallIntegerField(_("days an RFQ stays open at least"), default=1)
    standstill_days = models.PositiveSmallIntegerField(_("standstill in days"), default=0)
    opening = models.CharField(_("quotations are opened"), max_length=8, choices=Opening, default=Opening.TWO)
    receipt_tolerance = ShareField(_("receipt above the ordered quantity"), default=Decimal(0))
    change_tolerance = ShareField(_("rise of an order's total without new approval"), default=Decimal(0))
    match_price_tolerance = ShareField(_("invoiced price above the ordered"), default=Decimal(0))
    match_quantity_tolerance = ShareField(_("invoiced quantity above the received"), default=Decimal(0))
    vat_category = models.CharField(
        _("usual VAT category"), max_length=2, choices=VAT_CATEGORIES, default=VatCategory.OUTSIDE_SCOPE.value
    )
    vat_rate = models.DecimalField(_("usual VAT rate in percent"), max_digits=7, decimal_places=4, default=Decimal(0))

    buyer_id: UUID

    objects = ProcurementPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("procurement policy")
        verbose_name_plural = _("procurement policies")
        constraints = [
            models.CheckConstraint(
                name="policy_tolerances_are_shares",
                condition=Q(
                    receipt_tolerance__range=(0, 1),
                    change_tolerance__range=(0, 1),
                    match_price_tolerance__range=(0, 1),
                    match_quantity_tolerance__range=(0, 1),
                ),
            ),
            models.CheckConstraint(
                name="policy_limits_not_negative",
                condition=Q(requisition_limit__gte=0, publish_limit__gte=0, order_approval_limit__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.buyer)

    def over(self, limit: Decimal, amount: Money) -> bool:
        """Whether the amount is above a limit; one that cannot be converted today is above every limit."""
        try:
            return convert(amount, self.buyer.currency, _today()).amount > limit
        except NoRate:
            return True

    def reached(self, limit: Decimal | None, amount: Money) -> bool:
        """Whether the amount has come to a limit, where there is one."""
        if limit is None:
            return False
        try:
            return convert(amount, self.buyer.currency, _today()).amount >= limit
        except NoRate:
            return True

    def needs_publish_approval(self, currency: str, estimate: Decimal | None) -> bool:
        """Without an estimate nobody knows, so somebody else looks."""
        return estimate is None or self.over(self.publish_limit, Money(estimate, currency))

    def opening_of(self, currency: str, estimate: Decimal | None) -> str:
        """How the quotations of an RFQ of this value are opened; an unknown value counts as high."""
        if self.two_opening_limit is None:
            return self.opening
        if estimate is None or self.reached(self.two_opening_limit, Money(estimate, currency)):
            return Opening.TWO
        return self.opening


OF_BUYER = """
    SELECT now(), {columns} FROM procurement_procurementpolicy policy
    JOIN b2b_organisation buyer ON buyer.id = policy.buyer_id WHERE policy.buyer_id = %s
"""
"""Asked in nearly every step of a buyer's, so it is written out."""


def _today() -> date:
    return database_now().date()


def policy_of(buyer_id: UUID) -> ProcurementPolicy:
    """The policy in force at an organisation; where it has written none, an unsaved one with the defaults."""
    with connection.cursor() as cursor:
        cursor.execute(_of_buyer(), [buyer_id])
        row = cursor.fetchone()
    if row is None:
        return ProcurementPolicy(buyer=Organisation.objects.get(pk=buyer_id))
    began_at, *values = row
    if connection.in_atomic_block:
        # Its limits and days are compared with the time sooner or later.
        remember_now(began_at)
    written = loaded(ProcurementPolicy, values[: width(ProcurementPolicy)])
    written.buyer = loaded(Organisation, values[width(ProcurementPolicy) :])
    return written


@cache
def _of_buyer() -> str:
    return OF_BUYER.format(columns=f"{columns(ProcurementPolicy, 'policy')}, {columns(Organisation, 'buyer')}")

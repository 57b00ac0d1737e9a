from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.compiled import compiled
from b2b.fields import KeyField, QuantityField, UnitField, UnitPriceField
from b2b.models import Organisation
from credit.terms import Terms
from procurement.incoterms import Incoterm
from procurement.models.procurement_policy import ProcurementPolicy, policy_of
from procurement.policy import oversees
from procurement.workflow.rfq import UNPUBLISHED, RFQWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor


class RFQQuerySet(models.QuerySet["RequestForQuotation"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own; those published and open to everybody; those one is invited to."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        invited = Invitation.objects.filter(supplier_id=actor.organisation_id).values("rfq_id")
        offered = Q(published_at__isnull=False) & (Q(is_public=True) | Q(pk__in=invited))
        return self.filter(Q(buyer_id=actor.organisation_id) | offered)


class RequestForQuotation(RFQWorkflow):
    """A buyer asks chosen suppliers, or everybody, to price a list of lines by a deadline."""

    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    is_public = models.BooleanField(_("open to every supplier"), default=False)
    payment_terms = models.CharField(_("payment terms"), max_length=20, choices=Terms, default=Terms.NET_30)
    incoterm = models.CharField(_("Incoterm"), max_length=3, choices=Incoterm, blank=True)
    place = models.CharField(_("place of delivery"), max_length=200, blank=True)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="copies", verbose_name=_("copied from")
    )

    objects = RFQQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for quotation")
        verbose_name_plural = _("requests for quotation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="rfq_published_has_dates",
                condition=Q(state__in=[*UNPUBLISHED, "cancelled"])
                | Q(published_at__isnull=False, deadline__isnull=False),
            ),
            models.CheckConstraint(
                name="rfq_closes_after_publication",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("published_at")),
            ),
            models.CheckConstraint(
                name="rfq_evaluated_was_opened",
                condition=~Q(state__in=["under_evaluation", "award_proposed", "standstill", "awarded"])
                | Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rfq_standstill_has_an_end",
                condition=~Q(state__in=["standstill", "awarded"]) | Q(standstill_ends_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="rfq_of_buyer"),
            models.Index(fields=["deadline"], name="rfq_due_to_close", condition=Q(state="published")),
            models.Index(fields=["-id"], name="rfq_open_to_all", condition=Q(is_public=True)),
        ]

    @property
    def policy(self) -> ProcurementPolicy:
        return self.once("policy", lambda: policy_of(self.buyer_id))

    def invited(self) -> list[UUID]:
        """The suppliers asked, in the order of their invitations."""
        asked = self.invitations.order_by("pk").values_list("supplier_id", flat=True)
        return self.once("invited", lambda: list(asked))

    def line_numbers(self, *, mandatory_only: bool = False) -> list[int]:
        return _line_numbers(self.pk, mandatory_only=mandatory_only)

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        told = ("item", "code", "quantity", "unit", "estimate_unit_price", "mandatory", "required_by", "deliveries")
        lines = {str(row.pop("number")): row for row in self.lines.values("number", *told)}
        invited = self.invitations.values_list("supplier_id", "email")
        criteria = self.criteria.values_list("name", "weight", "kind")
        return (
            lines
            | {f"invitation.{supplier}": {"email": email} for supplier, email in invited}
            | {f"criterion.{name}": {"weight": weight, "kind": kind} for name, weight, kind in criteria}
        )


class RFQLine(models.Model):
    """One thing asked for. The estimate is the buyer's own and never shown to suppliers."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("RFQ line", "Open")
        AWARDED = "awarded", _("Awarded")
        UNAWARDED = "unawarded", _("Not awarded")

    id = KeyField()
    rfq = models.ForeignKey(RequestForQuotation, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(_("number"))
    item = models.CharField(_("item"), max_length=500)
    code = models.CharField(_("item number"), max_length=60, blank=True)
    product = models.ForeignKey(
        "suppliers.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    section = models.CharField(_("section"), max_length=200, blank=True)
    quantity = QuantityField(_("quantity"))
    unit = UnitField(_("unit"))
    estimate_unit_price = UnitPriceField(_("estimated unit price"), null=True, blank=True)
    mandatory = models.BooleanField(_("must be priced"), default=True)
    required_by = models.DateField(_("required by"), null=True, blank=True)
    deliveries: Any = models.JSONField(_("delivery schedule"), default=list, blank=True)
    """Parts with a day of their own, ``on`` and ``quantity``; none where all is needed at once."""
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)

    rfq_id: UUID

    class Meta:
        verbose_name = _("RFQ line")
        verbose_name_plural = _("RFQ lines")
        ordering = ["rfq", "number"]
        constraints = [
            models.UniqueConstraint(fields=["rfq", "number"], name="rfq_line_numbered_once"),
            models.CheckConstraint(name="rfq_line_quantity_positive", condition=Q(quantity__gt=0)),
            models.CheckConstraint(
                name="rfq_line_estimate_not_negative",
                condition=Q(estimate_unit_price__isnull=True) | Q(estimate_unit_price__gte=0),
            ),
        ]


class Invitation(models.Model):
    """One supplier asked to answer one RFQ."""

    id = KeyField()
    rfq = models.ForeignKey(RequestForQuotation, models.CASCADE, related_name="invitations")
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations", verbose_name=_("supplier"))
    email = models.EmailField(_("e-mail address"), blank=True)
    """Who there should know besides the members with the role sales."""
    invited_at = models.DateTimeField(_("invited at"), auto_now_add=True)

    supplier_id: UUID

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["rfq", "pk"]
        constraints = [models.UniqueConstraint(fields=["rfq", "supplier"], name="supplier_invited_once")]


class Criterion(models.Model):
    """What an answer is judged by, and how much of the judgement it is; the weights of an RFQ sum to 100."""

    class Kind(models.TextChoices):
        PRICE = "price", _("Price")
        DELIVERY = "delivery", _("Delivery time")
        QUALITY = "quality", _("Quality")
        SERVICE = "service", _("Service")
        SUSTAINABILITY = "sustainability", _("Sustainability")
        OTHER = "other", _("Other")

    id = KeyField()
    rfq = models.ForeignKey(RequestForQuotation, models.CASCADE, related_name="criteria")
    name = models.CharField(_("name"), max_length=120)
    weight = models.DecimalField(_("weight in percent"), max_digits=5, decimal_places=2)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.PRICE)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["rfq", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rfq", "name"], name="criterion_named_once"),
            models.CheckConstraint(name="criterion_weight_is_percent", condition=Q(weight__gt=0, weight__lte=100)),
        ]


@compiled
def _line_numbers(rfq_id: UUID, *, mandatory_only: bool) -> models.QuerySet[Any, int]:
    lines = RFQLine.objects.filter(rfq_id=rfq_id).order_by("number")
    asked = lines.filter(mandatory=True) if mandatory_only else lines
    return asked.values_list("number", flat=True)

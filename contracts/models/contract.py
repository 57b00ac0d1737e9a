from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import AmountField, CurrencyField
from contracts.models.keyed import keyed
from contracts.models.template import TemplateVersion
from contracts.policy import oversees
from contracts.workflow.contract import INTERNAL, ContractWorkflow
from contracts.workflow.facts import facts
from contracts.workflow.template import Field
from credit.terms import Terms
from procurement.incoterms import Incoterm
from procurement.models import RequestForQuotation
from quotations.models import Award

if TYPE_CHECKING:
    from b2b.policy import Actor
    from contracts.models.wording import ContractClause


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: Actor) -> Self:
        """The buyer's own; a supplier's while it is offered, signed or beyond, not while it is being written."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        offered = Q(supplier_id=actor.organisation_id, offered_at__isnull=False) & ~Q(state__in=INTERNAL)
        return self.filter(Q(buyer_id=actor.organisation_id) | offered)


class Contract(ContractWorkflow):
    """What a buyer and a supplier agree: clauses, price lines, a period, and how much may be called off.

    ``value`` is the sum of the lines where each has a quantity; ``ceiling`` limits what is called
    off in all, without tax. ``called_off`` moves with the call-offs only (``calling_off``), and a
    constraint has the last word on it.
    """

    title = models.CharField(_("title"), max_length=200, blank=True)
    chinese_title = models.CharField(_("title in Chinese"), max_length=200, blank=True)
    template = models.ForeignKey(
        TemplateVersion, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("template")
    )
    rfq = models.ForeignKey(
        RequestForQuotation, models.PROTECT, null=True, editable=False, related_name="contracts",
        verbose_name=_("request for quotation"),
    )  # fmt: skip
    award = models.ForeignKey(
        Award, models.PROTECT, null=True, editable=False, related_name="contracts", verbose_name=_("award")
    )
    source = models.CharField(_("source"), max_length=120, blank=True, editable=False)
    """What the contract follows from, as ``<app>.<model>/<key>``; empty for one made by hand."""
    currency = CurrencyField(_("currency"))
    value = AmountField(_("value"), null=True, editable=False)
    ceiling = AmountField(_("ceiling"), null=True, blank=True)
    called_off = AmountField(_("called off"), default=Decimal(0), editable=False)
    payment_terms = models.CharField(_("payment terms"), max_length=20, choices=Terms, default=Terms.NET_30)
    incoterm = models.CharField(_("Incoterm"), max_length=3, blank=True, choices=Incoterm)
    place = models.CharField(_("place of delivery"), max_length=200, blank=True)
    fields = models.JSONField(_("fields"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    """What the template's blanks are filled with, by name."""
    chinese_fields = models.JSONField(_("fields in Chinese"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    """Only where the Chinese text says it in other words."""

    template_id: UUID | None
    rfq_id: UUID | None
    award_id: UUID | None

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "supplier"], condition=~Q(source=""), name="contract_once_per_source_and_supplier"
            ),
            models.CheckConstraint(name="contract_between_two", condition=~Q(buyer=F("supplier"))),
            models.CheckConstraint(
                name="contract_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(name="contract_ceiling_positive", condition=Q(ceiling=None) | Q(ceiling__gt=0)),
            models.CheckConstraint(
                name="contract_called_off_within_ceiling",
                condition=Q(called_off__gte=0) & (Q(ceiling=None) | Q(called_off__lte=F("ceiling"))),
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-id"], name="contract_of_buyer"),
            models.Index(fields=["supplier", "-id"], name="contract_of_supplier", condition=~Q(offered_at=None)),
            models.Index(fields=["state", "starts_on"], name="contract_due_to_start", condition=Q(state="scheduled")),
            models.Index(fields=["notice_on"], name="contract_due_for_notice", condition=Q(state="active")),
            models.Index(fields=["ends_on"], name="contract_due_to_end", condition=Q(state__in=["active", "expiring"])),
        ]

    @property
    def left(self) -> Decimal | None:
        """What may still be called off under the ceiling; ``None`` where only quantities limit it."""
        return None if self.ceiling is None else self.ceiling - self.called_off

    def blanks(self) -> list[Field]:
        """What its template asks to be filled in."""
        return self.template.blanks() if self.template else []

    def values(self, language: str = "en") -> dict[str, str]:
        """By name, everything the clauses may be filled with; the contract's own facts cannot be overruled."""
        filled = {**self.fields, **self.chinese_fields} if language.startswith("zh") else self.fields
        return {**{name: str(value) for name, value in filled.items()}, **facts(self, language)}

    def condition_values(self) -> dict[str, str]:
        """What conditions are asked of: codes and plain numbers, the same in every language."""
        told = {name: str(value) for name, value in self.fields.items()}
        own = ("payment_terms", "incoterm", "place", "currency", "notice_days", "ceiling", "value")
        return told | {name: str(value) for name in own if (value := getattr(self, name)) is not None}

    def standing_clauses(self) -> list[ContractClause]:
        """The clauses whose condition holds, in order; they are numbered from 1 as they stand here."""
        values = self.condition_values()
        return [clause for clause in self.clauses.all() if clause.condition is None or clause.condition.holds(values)]

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        lines = self.lines.values("number", "item", "code", "quantity", "unit", "unit_price")
        clauses = self.clauses.values("position", "title", "chinese_title", "text", "chinese_text")
        return keyed(lines, "number") | keyed(clauses, "position", prefix="clause.")

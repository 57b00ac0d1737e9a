from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from b2b.fields import AmountField, CurrencyField
from b2b.models import Organisation
from credit.policy import sees_everything
from credit.workflow.account import AccountWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor

UNLESS_STOPPED = Q(state__in=["on_hold", "frozen", "declined", "closed"])


class CreditPolicy(models.Model):
    """Above which limit a creditor wants two people to grant credit; none means always one."""

    supplier = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="credit_policy", verbose_name=_("creditor")
    )
    second_reviewer_above = AmountField(_("second reviewer above"), null=True, blank=True)

    class Meta:
        verbose_name = _("credit policy")
        verbose_name_plural = _("credit policies")

    def __str__(self) -> str:
        return str(self.supplier)


class AccountQuerySet(models.QuerySet["CreditAccount"]):
    def visible_to(self, actor: Actor) -> Self:
        """Both sides see the account between them."""
        if sees_everything(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        return self.filter(Q(buyer_id=actor.organisation_id) | Q(supplier_id=actor.organisation_id))


class CreditAccount(AccountWorkflow):
    """How much one buyer may owe one supplier. ``held`` is promised by orders, ``drawn`` is invoiced.

    The balances move with the ledger only (``credit.ledger``); a constraint has the last word on
    the limit, whatever the code above it does.
    """

    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="credit_received", verbose_name=_("buyer"))
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="credit_given", verbose_name=_("creditor"))
    currency = CurrencyField(_("currency"))
    requested_limit = AmountField(_("requested limit"))
    purpose = models.TextField(_("purpose"), blank=True)
    held = AmountField(_("held"), default=Decimal(0), editable=False)
    drawn = AmountField(_("drawn"), default=Decimal(0), editable=False)

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "supplier", "currency"],
                condition=~Q(state__in=["declined", "closed"]),
                name="credit_account_once_between",
            ),
            models.CheckConstraint(name="credit_between_two", condition=~Q(buyer=F("supplier"))),
            models.CheckConstraint(name="credit_never_negative", condition=Q(held__gte=0, drawn__gte=0)),
            models.CheckConstraint(
                name="credit_within_limit",
                condition=Q(limit__gte=F("held") + F("drawn") - F("increase")) | UNLESS_STOPPED,
            ),
            models.CheckConstraint(name="credit_limit_positive", condition=Q(limit__gte=0, increase__gte=0)),
            models.CheckConstraint(name="credit_request_positive", condition=Q(requested_limit__gt=0)),
        ]

    @property
    def exposure(self) -> Decimal:
        """What is promised and what is owed."""
        return Decimal(self.held + self.drawn)

    @property
    def ceiling(self) -> Decimal:
        """The limit, with a temporary increase until the clock ends it."""
        return Decimal(self.limit + self.increase)

    @property
    def available(self) -> Decimal:
        return max(self.ceiling - self.exposure, Decimal(0))

    def needs_second_reviewer(self) -> bool:
        above = CreditPolicy.objects.filter(supplier_id=self.supplier_id).values_list(
            "second_reviewer_above", flat=True
        )
        threshold = above.first()
        return threshold is not None and self.limit > threshold

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.fields import AmountField, KeyField
from credit.models.account import CreditAccount
from credit.policy import sees_everything

if TYPE_CHECKING:
    from b2b.policy import Actor


class Kind(models.TextChoices):
    HOLD = "hold", _("Hold")
    RELEASE = "release", _("Release")
    DRAW = "draw", _("Draw")
    REPAY = "repay", _("Repayment")
    CREDIT_NOTE = "credit_note", _("Credit note")


class Book(models.TextChoices):
    """The pots a credit line is divided into; every entry moves an amount from one to another."""

    AVAILABLE = "available", _("Available")
    HELD = "held", _("Held")
    DRAWN = "drawn", _("Drawn")


class EntryQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, actor: Actor) -> Self:
        if sees_everything(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        side = actor.organisation_id
        return self.filter(Q(account__buyer_id=side) | Q(account__supplier_id=side))


class LedgerEntry(models.Model):
    """One movement, written once: of what kind, caused by which document, for which promise.

    ``document`` is what caused the entry (an order, an invoice, a payment), ``against`` the promise
    or debt it belongs to; both as ``<app>.<model>/<key>``, for the documents live above this app.
    """

    id = KeyField()
    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="entries", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    amount = AmountField(_("amount"))
    document = models.CharField(_("document"), max_length=120)
    against = models.CharField(_("against"), max_length=120)
    user = models.ForeignKey("b2b.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(name="ledger_amount_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(fields=["account", "kind", "document"], name="ledger_entry_once"),
        ]
        indexes = [models.Index(fields=["account", "against"], name="ledger_against")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.document}"


class LedgerLeg(models.Model):
    """One side of an entry: positive into a book, negative out of it; the legs of an entry sum to zero."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="legs")
    account = models.ForeignKey(CreditAccount, models.PROTECT, related_name="legs")
    book = models.CharField(_("book"), max_length=10, choices=Book)
    amount = AmountField(_("amount"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "book"], name="ledger_leg_once"),
            models.CheckConstraint(name="ledger_leg_moves", condition=~Q(amount=0)),
        ]
        indexes = [models.Index(fields=["account", "book"], name="ledger_leg_book")]

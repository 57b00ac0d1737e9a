from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.models import Organisation
from b2b.sealing import seal, unseal_text
from suppliers.policy import bank_maker
from suppliers.workflow.bank import Banking

if TYPE_CHECKING:
    from datetime import datetime

    from b2b.policy import Actor

SHOWN_DIGITS = 4


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    def visible_to(self, actor: Actor) -> Self:
        """The supplier's own people, and the platform's compliance, who may have to confirm it."""
        if actor.platform and "compliance" in actor.roles:
            return self
        return self.filter(supplier_id=actor.organisation_id) if actor.organisation_id else self.none()

    def usable(self, at: datetime) -> Self:
        """Confirmed, and past the cooling period."""
        return self.filter(state="confirmed", usable_from__lte=at)


class BankAccount(Banking):
    """Where a supplier wants to be paid. The number is sealed; only its last digits can be read without a key."""

    FINAL: ClassVar = ("refused", "retired")
    editable_by = bank_maker
    editable_in = ()

    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_accounts", verbose_name=_("supplier"))
    holder = models.CharField(_("account holder"), max_length=140)
    bank_name = models.CharField(_("bank"), max_length=140, blank=True)
    bic = models.CharField(_("BIC"), max_length=11, blank=True)
    country = models.CharField(_("country"), max_length=2)
    sealed_account = models.BinaryField(_("account number"))
    last_digits = models.CharField(_("last digits"), max_length=SHOWN_DIGITS)
    usable_from = models.DateTimeField(_("usable from"), null=True, editable=False)
    reason = models.TextField(_("reason"), blank=True, editable=False, max_length=500)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier"], condition=Q(state="confirmed"), name="bank_account_one_confirmed"
            ),
        ]

    def __str__(self) -> str:
        return f"…{self.last_digits}"

    @property
    def account(self) -> str:
        """The IBAN or account number in full."""
        return unseal_text(self.sealed_account)

    @account.setter
    def account(self, number: str) -> None:
        self.sealed_account, self.last_digits = seal(number), number[-SHOWN_DIGITS:]

    def retire_others(self, *, actor: Actor) -> None:
        """Let the new details take the place of the confirmed ones."""
        replaced = BankAccount.objects.filter(supplier_id=self.supplier_id, state="confirmed").exclude(pk=self.pk)
        for other in replaced:
            other.retire(actor=actor, reason=gettext("Replaced by newer bank details."))

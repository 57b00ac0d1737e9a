"""A credit account is asked for, reviewed, used, and watched by the clock.

requested ──start_review──▶ under_review ──approve──▶ active ⇄ watch ⇄ on_hold
                                │    └─approve (large)─▶ second_review ──confirm──▶ active
                                └────────────decline────────────▶ declined
active, watch, on_hold ──freeze──▶ frozen ──unfreeze──▶ active
active, watch, on_hold, frozen ──close──▶ closed
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.fields import AmountField, StateField
from b2b.money import Money
from b2b.policy import Actor, clock
from b2b.workflow import Document, step
from credit import policy
from credit.terms import Terms

if TYPE_CHECKING:
    from credit.models import CreditAccount


class AccountState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    UNDER_REVIEW = "under_review", _("Under review")
    SECOND_REVIEW = "second_review", _("Awaiting a second reviewer")
    ACTIVE = "active", _("Active")
    WATCH = "watch", _("On watch")
    ON_HOLD = "on_hold", _("On hold")
    FROZEN = "frozen", _("Frozen")
    DECLINED = "declined", _("Declined")
    CLOSED = "closed", _("Closed")


USABLE = ("active", "watch")
OPEN = ("active", "watch", "on_hold", "frozen")


def nothing_open(account: CreditAccount) -> Fault | None:
    if account.held == account.drawn == 0:
        return None
    return Fault(
        "#/exposure",
        "exposure-open",
        gettext("%(amount)s is still held or owed; the account closes at zero.")
        % {"amount": Money(account.exposure, account.currency).display()},
    )


def within_limit(account: CreditAccount) -> Fault | None:
    if account.exposure <= account.ceiling:
        return None
    return Fault("#/exposure", "over-limit", gettext("The exposure is above the limit."))


class AccountWorkflow(Document):
    """The state of a credit account, and what its steps leave behind."""

    FINAL = ("declined", "closed")
    editable_in = ("requested",)
    editable_by = policy.applicant

    state = StateField(_("state"), choices=AccountState, default=AccountState.REQUESTED)
    limit = AmountField(_("limit"), default=Decimal(0))
    terms = models.CharField(_("payment terms"), max_length=20, choices=Terms, default=Terms.NET_30)
    increase = AmountField(_("temporary increase"), default=Decimal(0), editable=False)
    increase_until = models.DateField(_("increase valid until"), null=True, editable=False)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    reviewed_by = models.ForeignKey("b2b.User", models.PROTECT, null=True, editable=False, related_name="+")

    class Meta:
        abstract = True

    @step("requested", "under_review", by=policy.creditor_finance, label=_("Start the review"))
    def start_review(self, *, actor: Actor) -> None: ...

    @step(
        "under_review",
        ("active", "second_review"),
        by=policy.creditor_finance,
        label=_("Grant credit"),
        tells={"buyer_id": ("finance",), "supplier_id": ("finance",)},
    )
    def approve(self, *, actor: Actor, limit: Decimal, terms: str, review_on: date) -> str:
        self.limit, self.terms, self.review_on = _positive(limit), Terms(terms), review_on
        self.reviewed_by_id = actor.user_id
        return "second_review" if self.needs_second_reviewer() else "active"

    @step(
        "second_review",
        "active",
        by=policy.creditor_finance & ~policy.first_reviewer,
        label=_("Confirm the credit"),
        tells={"buyer_id": ("finance",)},
    )
    def confirm(self, *, actor: Actor) -> None: ...

    @step(
        ["under_review", "second_review"],
        "declined",
        by=policy.creditor_finance,
        label=_("Decline"),
        tells={"buyer_id": ("finance",)},
    )
    def decline(self, *, actor: Actor, reason: str) -> None: ...

    @step("active", "watch", by=clock, label=_("Put on watch"))
    def watch(self, *, actor: Actor) -> None: ...

    @step("watch", "active", by=clock, label=_("End the watch"))
    def unwatch(self, *, actor: Actor) -> None: ...

    @step(
        ["active", "watch"],
        "on_hold",
        by=clock | policy.creditor_finance,
        label=_("Put on hold"),
        tells={"buyer_id": ("finance",), "supplier_id": ("finance",)},
    )
    def hold(self, *, actor: Actor, reason: str = "") -> None: ...

    @step(
        "on_hold",
        "active",
        by=clock | policy.creditor_finance,
        label=_("Lift the hold"),
        requires=[within_limit],
        tells={"buyer_id": ("finance",)},
    )
    def cure(self, *, actor: Actor) -> None: ...

    @step(
        ["active", "watch", "on_hold"],
        "active",
        by=policy.creditor_finance,
        label=_("Raise the limit for a time"),
        tells={"buyer_id": ("finance",)},
    )
    def raise_temporarily(self, *, actor: Actor, amount: Decimal, until: date, reason: str) -> None:
        if until < database_now().date():
            raise Invalid(faults=[Fault("#/until", "in-the-past", gettext("Choose a day that has not passed."))])
        self.increase, self.increase_until = _positive(amount), until

    @step(["active", "watch"], ("active", "watch", "on_hold"), by=clock, label=_("End the temporary increase"))
    def end_increase(self, *, actor: Actor) -> str:
        self.increase, self.increase_until = Decimal(0), None
        return "on_hold" if self._exposed() else cast("str", self.state)

    @step(
        ["active", "watch", "on_hold"],
        ("active", "on_hold"),
        by=policy.creditor_finance,
        label=_("Change the limit"),
        tells={"buyer_id": ("finance",)},
    )
    def change_limit(self, *, actor: Actor, limit: Decimal, reason: str) -> str:
        self.limit = _positive(limit)
        return "on_hold" if self._exposed() else "active"

    @step(
        ["active", "watch", "on_hold"],
        "frozen",
        by=policy.platform_compliance,
        label=_("Freeze"),
        tells={"buyer_id": ("finance",), "supplier_id": ("finance",)},
    )
    def freeze(self, *, actor: Actor, reason: str) -> None: ...

    @step("frozen", "active", by=policy.platform_compliance, label=_("Unfreeze"), requires=[within_limit])
    def unfreeze(self, *, actor: Actor, reason: str) -> None: ...

    @step(OPEN, "closed", by=policy.creditor_finance, label=_("Close"), requires=[nothing_open])
    def close(self, *, actor: Actor, reason: str) -> None: ...

    def needs_second_reviewer(self) -> bool:
        """Above the creditor's own threshold one person's word is not enough."""
        raise NotImplementedError

    def _exposed(self) -> bool:
        return cast("CreditAccount", self).exposure > cast("CreditAccount", self).ceiling


def _positive(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise Invalid(faults=[Fault("#/amount", "not-positive", gettext("Give an amount above zero."))])
    return amount

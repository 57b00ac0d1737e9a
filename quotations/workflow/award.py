"""An award says who supplies what of an RFQ, and at which price. One lives per RFQ.

proposed ──approve──▶ approved (standstill) ──confirm──▶ confirmed
   │ endorse ⟲  └─reject──▶ rejected    └─cancel──▶ cancelled (also from proposed)

Its steps take the RFQ's own steps with them, in the same transaction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.fields import AmountField, CurrencyField, StateField
from b2b.models import Organisation
from b2b.money import Money
from b2b.policy import Actor
from b2b.workflow import Document, step
from quotations.policy import approving, endorsing, overruling, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from procurement.models import RequestForQuotation
    from quotations.models import Award


class AwardState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved, in standstill")
    CONFIRMED = "confirmed", _("Confirmed")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


class Creates(models.TextChoices):
    ORDERS = "orders", _("Purchase orders")
    CONTRACT = "contract", _("Contracts")


def endorsed_over_limit(award: Award) -> Fault | None:
    """Over the organisation's limit compliance agrees before the manager decides."""
    limit = award.rfq.policy.award_endorsement_limit
    if award.endorsed_by_id or not award.rfq.policy.reached(limit, Money(award.total, award.currency)):
        return None
    return Fault(
        "#/endorsed_by", "endorsement-missing", gettext("An award of this value needs compliance's endorsement.")
    )


def quotations_stand(award: Award) -> Iterator[Fault]:
    """Disqualified or expired since it was proposed: such a quotation cannot be accepted."""
    fallen = (number for _supplier, number, state in award.awarded() if state not in ("opened", "shortlisted"))
    for number in dict.fromkeys(fallen):
        yield Fault(
            "#/lines",
            "quotation-not-standing",
            gettext("Quotation %(number)s is no longer in the running.") % {"number": number},
        )


def standstill_over(award: Award) -> Fault | None:
    ends_at = award.rfq.standstill_ends_at
    if ends_at is not None and ends_at <= database_now():
        return None
    return Fault("#/rfq/standstill_ends_at", "standstill-running", gettext("The standstill has not ended."))


def no_open_objection(award: Award) -> Fault | None:
    if not award.objections.filter(state="raised").exists():
        return None
    return Fault("#/objections", "objection-open", gettext("An objection has not been decided."))


class AwardWorkflow(Document):
    """The state of an award, and what its steps leave behind."""

    FINAL: ClassVar = ("confirmed", "rejected", "cancelled")
    editable_by = waiting
    editable_in = ()

    state = StateField(_("state"), choices=AwardState, default=AwardState.PROPOSED)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    currency = CurrencyField(_("currency"))
    total = AmountField(_("total"))
    creates = models.CharField(_("creates"), max_length=10, choices=Creates, default=Creates.ORDERS)
    endorsed_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("endorsed by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, editable=False)

    buyer_id: UUID
    endorsed_by_id: UUID | None

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        rfq: RequestForQuotation

    @step("proposed", "proposed", by=endorsing, label=_("Endorse"), requires=[quotations_stand],
          tells={"buyer_id": ("buying_manager",)})  # fmt: skip
    def endorse(self, *, actor: Actor) -> None:
        self.endorsed_by_id = actor.user_id

    @step("proposed", "approved", by=approving, label=_("Approve"), requires=[quotations_stand, endorsed_over_limit],
          approves=True, tells={"buyer_id": ("buyer",)})  # fmt: skip
    def approve(self, *, actor: Actor) -> None:
        self.rfq.is_held()
        self.rfq.approve_award(actor=actor)
        cast("Award", self).tell_result()

    @step("proposed", "rejected", by=overruling, label=_("Reject"), tells={"buyer_id": ("buyer",)})
    def reject(self, *, actor: Actor, reason: str) -> None:
        self.rfq.reject_award(actor=actor, reason=reason)

    @step("approved", "confirmed", by=waiting, label=_("Confirm"),
          requires=[standstill_over, no_open_objection, quotations_stand],
          tells={"buyer_id": ("buyer", "buying_manager")})  # fmt: skip
    def confirm(self, *, actor: Actor) -> None:
        """Orders come into being in this transaction; a second confirmation finds the award confirmed."""
        self.rfq.is_held()
        self.rfq.confirm_award(actor=actor)
        self.confirmed_at = database_now()
        cast("Award", self).carry_out(actor)

    @step(["proposed", "approved"], "cancelled", by=waiting, label=_("Cancel"),
          tells={"buyer_id": ("buyer", "buying_manager")})  # fmt: skip
    def cancel(self, *, actor: Actor, reason: str = "") -> None: ...

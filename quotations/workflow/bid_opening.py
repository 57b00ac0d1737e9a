"""All quotations of an RFQ are opened together, after its deadline, by the clock or by people who consent.

awaited ──consent──▶ awaited, until the last one needed ──▶ opened
   ├────────open (clock)──────────────────────────────────▶ opened
   └────────void──▶ voided
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import DomainError, Fault
from b2b.fields import StateField
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.workflow import Document, step
from quotations.policy import unsealing, waiting

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation
    from quotations.models import BidOpening

PEOPLE = {"clock": 0, "one": 1, "two": 2}
"""How many people each way of opening needs."""


class OpeningState(models.TextChoices):
    AWAITED = "awaited", _("Awaited")
    OPENED = "opened", _("Opened")
    VOIDED = "voided", _("Voided")


class Capacity(models.TextChoices):
    BUYER = "buyer", pgettext_lazy("role", "Buyer")
    COMPLIANCE = "compliance", _("Compliance")


class ConsentedAlready(DomainError):
    code, title = "consented-already", _("You, or somebody in your role, have consented already.")


class RoleNotNeeded(DomainError):
    code, title = "opening-role-not-needed", _("This opening does not need a consent of your role.")


def rfq_closed(opening: BidOpening) -> Fault | None:
    if opening.rfq.state == "closed":
        return None
    return Fault("#/rfq", "rfq-not-closed", gettext("Quotations are opened after the RFQ has closed, and once."))


def enough_submitted(opening: BidOpening) -> Fault | None:
    """Fewer than the RFQ asks for stay sealed for ever: the RFQ fails."""
    came = opening.rfq.quotations.filter(state="submitted").count()
    if came >= opening.rfq.minimum_quotations:
        return None
    return Fault(
        "#/rfq/minimum_quotations",
        "too-few-quotations",
        gettext("%(came)s quotations came; the RFQ asks for at least %(needed)s.")
        % {"came": came, "needed": opening.rfq.minimum_quotations},
    )


def people_open(opening: BidOpening) -> Fault | None:
    if PEOPLE[opening.rfq.opening]:
        return None
    return Fault("#/rfq/opening", "clock-opens", gettext("The clock opens these quotations; no consent is needed."))


def clock_opens(opening: BidOpening) -> Fault | None:
    if not PEOPLE[opening.rfq.opening]:
        return None
    return Fault("#/rfq/opening", "people-open", gettext("These quotations are opened by people who consent."))


def rfq_ended(opening: BidOpening) -> Fault | None:
    if opening.rfq.state in {"cancelled", "failed"}:
        return None
    return Fault("#/rfq", "rfq-not-ended", gettext("The RFQ was neither cancelled nor has it failed."))


class BidOpeningWorkflow(Document):
    """The state of an opening, and when it happened."""

    FINAL: ClassVar = ("opened", "voided")
    editable_by = waiting
    editable_in = ()

    state = StateField(_("state"), choices=OpeningState, default=OpeningState.AWAITED)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)

    buyer_id: UUID

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        rfq: RequestForQuotation

    @step("awaited", ("awaited", "opened"), by=unsealing, label=_("Consent"),
          requires=[rfq_closed, people_open, enough_submitted],
          tells={"buyer_id": ("buyer", "buying_manager", "compliance")})  # fmt: skip
    def consent(self, *, actor: Actor) -> str:
        """Raises ``ConsentedAlready`` and ``RoleNotNeeded``; the last consent needed opens, in one transaction."""
        opening = cast("BidOpening", self)
        opening.write_consent(actor)
        if opening.consents.count() < PEOPLE[opening.rfq.opening]:
            return "awaited"
        self._unseal(actor)
        return "opened"

    @step("awaited", "opened", by=waiting, label=pgettext_lazy("bids", "Open"),
          requires=[rfq_closed, clock_opens, enough_submitted],
          tells={"buyer_id": ("buyer", "buying_manager")})  # fmt: skip
    def open(self, *, actor: Actor) -> None:
        self._unseal(actor)

    @step("awaited", "voided", by=waiting, label=_("Void"), requires=[rfq_ended])
    def void(self, *, actor: Actor) -> None: ...

    def _unseal(self, actor: Actor) -> None:
        self.opened_at = database_now()
        cast("BidOpening", self).unseal_all(actor)

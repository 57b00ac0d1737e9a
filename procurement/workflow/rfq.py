"""An RFQ is drafted, approved or published, closed at its deadline, opened, and ends awarded, failed or cancelled.

draft ──submit──▶ pending_approval ──approve──▶ published ──close──▶ closed ──open_bids──▶ under_evaluation
  ▲ │                  │                        ▲   ⟲ extend           └──fail──▶ failed         │  ▲  ▲
  │ └──────publish─────┼────────────────────────┘                                propose_award ──┘  │  │
  └─────send_back──────┘                                                               ▼            │  │
                                                                  award_proposed ──reject_award─────┘  │
                                                                       │ approve_award                 │
                                                                       ▼                               │
                                              awarded ◀──confirm_award── standstill ──uphold_objection─┘

Any state that is not final ──cancel──▶ cancelled. The steps from ``open_bids`` to ``uphold_objection``
are declared here and taken by the app that keeps quotations and awards.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.clock import database_now
from b2b.exchange import rates_on
from b2b.fields import AmountField, CurrencyField, StateField
from b2b.models import Organisation
from b2b.models.encoding import JournalEncoder
from b2b.policy import Actor
from b2b.workflow import Document, step
from procurement.policy import approving, asking, buying, judging, managing, overruling, waiting
from procurement.workflow import rfq_guards as guards

if TYPE_CHECKING:
    from procurement.models import ProcurementPolicy


class RFQState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Pending approval")
    PUBLISHED = "published", _("Published")
    CLOSED = "closed", _("Closed")
    UNDER_EVALUATION = "under_evaluation", _("Under evaluation")
    AWARD_PROPOSED = "award_proposed", _("Award proposed")
    STANDSTILL = "standstill", _("Standstill")
    AWARDED = "awarded", _("Awarded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class Opening(models.TextChoices):
    CLOCK = "clock", _("By the clock")
    ONE = "one", _("By one person")
    TWO = "two", _("By two people")


UNPUBLISHED = ("draft", "pending_approval")
READY = (
    guards.has_lines,
    guards.units_current,
    guards.deadline_far_enough,
    guards.somebody_asked,
    guards.criteria_weigh_all,
)
"""What must hold before an RFQ leaves the hands of who wrote it."""


class RFQWorkflow(Document):
    """The state of an RFQ, and what its steps leave behind."""

    editable_by = asking
    FINAL: ClassVar = ("awarded", "failed", "cancelled")

    state = StateField(_("state"), choices=RFQState, default=RFQState.DRAFT)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="rfqs", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    currency = CurrencyField(_("currency"))
    deadline = models.DateTimeField(_("deadline"), null=True)
    estimate = AmountField(_("estimate"), null=True, editable=False)
    """The sum of the lines' estimates; ``None`` while a line has none."""
    minimum_quotations = models.PositiveSmallIntegerField(_("minimum number of quotations"), default=0)
    quotation_currencies = ArrayField(
        CurrencyField(), verbose_name=_("currencies one may quote in"), default=list, blank=True
    )
    opening = models.CharField(_("opening"), max_length=8, choices=Opening, blank=True, editable=False)
    standstill_days = models.PositiveSmallIntegerField(_("standstill in days"), default=0, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    rates = models.JSONField(_("exchange rates at opening"), null=True, editable=False, encoder=JournalEncoder)
    """``RateTable.as_json()`` of the day the quotations were opened."""
    standstill_ends_at = models.DateTimeField(_("standstill ends at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    cancellation_reason = models.TextField(_("reason of the cancellation"), blank=True, editable=False)

    buyer_id: UUID

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def policy(self) -> ProcurementPolicy: ...

    @step("draft", "pending_approval", by=asking, label=_("Submit"), requires=READY,
          tells={"buyer_id": ("buying_manager",)})  # fmt: skip
    def submit(self, *, actor: Actor) -> None: ...

    @step("pending_approval", "draft", by=managing, label=_("Send back"), tells={"buyer_id": ("requester", "buyer")})
    def send_back(self, *, actor: Actor, reason: str) -> None: ...

    @step("pending_approval", "published", by=approving, label=_("Approve"), requires=READY, approves=True,
          tells={"buyer_id": ("requester", "buyer")})  # fmt: skip
    def approve(self, *, actor: Actor) -> None:
        self._go_public()

    @step("draft", "published", by=buying, label=_("Publish"), requires=[*READY, guards.under_publish_limit])
    def publish(self, *, actor: Actor) -> None:
        self._go_public()

    @step("published", "published", by=buying, label=_("Extend deadline"), requires=[guards.deadline_not_passed])
    def extend(self, *, actor: Actor, deadline: datetime, reason: str) -> None:
        """Raises ``Invalid`` for a deadline that is not later than the present one."""
        guards.require_later(deadline, self.deadline)
        self.deadline = deadline

    @step("published", "closed", by=waiting, label=_("Close"), requires=[guards.deadline_passed])
    def close(self, *, actor: Actor) -> None:
        self.closed_at = database_now()

    @step("closed", "under_evaluation", by=waiting | buying | judging, label=_("Open quotations"))
    def open_bids(self, *, actor: Actor) -> None:
        """How many people must agree stands in ``opening``; the app above gates this step with it."""
        self.opened_at = database_now()
        self.rates = rates_on(self.opened_at.date(), currencies=self.quotation_currencies).as_json()

    @step("closed", "failed", by=waiting, label=_("Fail"), requires=[guards.too_few_quotations],
          tells={"buyer_id": ("buyer", "buying_manager")})  # fmt: skip
    def fail(self, *, actor: Actor) -> None:
        self.ended_at = database_now()

    @step("under_evaluation", "award_proposed", by=buying, label=_("Propose award"), edits=True,
          tells={"buyer_id": ("buying_manager",)})  # fmt: skip
    def propose_award(self, *, actor: Actor) -> None: ...

    @step("award_proposed", "under_evaluation", by=overruling, label=_("Reject award"), tells={"buyer_id": ("buyer",)})
    def reject_award(self, *, actor: Actor, reason: str) -> None: ...

    @step("award_proposed", "standstill", by=approving, label=_("Approve award"), approves=True,
          tells={"buyer_id": ("buyer",)})  # fmt: skip
    def approve_award(self, *, actor: Actor) -> None:
        self.standstill_ends_at = database_now() + timedelta(days=self.standstill_days)

    @step("standstill", "awarded", by=waiting, label=_("Confirm award"), requires=[guards.standstill_over],
          tells={"buyer_id": ("buyer",)})  # fmt: skip
    def confirm_award(self, *, actor: Actor) -> None:
        self.ended_at = database_now()

    @step("standstill", "under_evaluation", by=judging, label=_("Uphold objection"),
          tells={"buyer_id": ("buyer", "buying_manager")})  # fmt: skip
    def uphold_objection(self, *, actor: Actor, reason: str) -> None:
        self.standstill_ends_at = None

    @step(
        ("draft", "pending_approval", "published", "closed", "under_evaluation", "award_proposed", "standstill"),
        "cancelled",
        by=managing,
        label=_("Cancel"),
        tells={"buyer_id": ("requester", "buyer")},
    )
    def cancel(self, *, actor: Actor, reason: str) -> None:
        self.cancellation_reason = reason
        self.ended_at = database_now()

    def _go_public(self) -> None:
        """From now on the RFQ lives by the organisation's policy of this day."""
        policy = self.policy
        self.published_at = database_now()
        self.opening = policy.opening_of(self.currency, self.estimate)
        self.standstill_days = policy.standstill_days
        self.minimum_quotations = max(self.minimum_quotations, policy.minimum_quotations)
        self.quotation_currencies = sorted({self.currency, *self.quotation_currencies})

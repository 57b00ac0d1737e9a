"""A requisition says what somebody needs; approved, it becomes part of an RFQ.

draft ──submit──▶ pending_approval ──approve──▶ approved ──convert──▶ converted
  ▲ └──submit (up to the limit)─────────────────▲
  └──send_back──┘       └──reject──▶ rejected
draft, pending_approval, approved ──cancel──▶ cancelled
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault
from b2b.fields import AmountField, CurrencyField, StateField
from b2b.models import Organisation
from b2b.money import Money
from b2b.policy import Actor
from b2b.workflow import Document, step
from procurement.policy import approving, asking, buying, managing

if TYPE_CHECKING:
    from procurement.models import ProcurementPolicy, Requisition


class RequisitionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Pending approval")
    APPROVED = "approved", _("Approved")
    CONVERTED = "converted", _("Converted")
    REJECTED = "rejected", _("Rejected")
    CANCELLED = "cancelled", _("Cancelled")


def has_lines(requisition: Requisition) -> Fault | None:
    if requisition.lines.exists():
        return None
    return Fault("#/lines", "no-lines", gettext("Add at least one line."))


class RequisitionWorkflow(Document):
    """The state of a requisition, and what its steps ask about."""

    editable_by = asking
    FINAL: ClassVar = ("converted", "rejected", "cancelled")

    state = StateField(_("state"), choices=RequisitionState, default=RequisitionState.DRAFT)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="requisitions", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    currency = CurrencyField(_("currency"))
    estimate = AmountField(_("estimate"), null=True, editable=False)
    """The sum of the lines' estimates; ``None`` while a line has none."""

    buyer_id: UUID

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def policy(self) -> ProcurementPolicy: ...

    @step("draft", ("pending_approval", "approved"), by=asking, label=_("Submit"), requires=[has_lines],
          tells={"buyer_id": ("buying_manager",)})  # fmt: skip
    def submit(self, *, actor: Actor) -> str:
        """Up to the policy's limit nobody has to approve; an unknown estimate is above every limit."""
        policy = self.policy
        if self.estimate is None or policy.over(policy.requisition_limit, Money(self.estimate, self.currency)):
            return "pending_approval"
        return "approved"

    @step("pending_approval", "approved", by=approving, label=_("Approve"), approves=True,
          tells={"buyer_id": ("buyer",)})  # fmt: skip
    def approve(self, *, actor: Actor) -> None: ...

    @step("pending_approval", "draft", by=managing, label=_("Send back"), tells={"buyer_id": ("requester", "buyer")})
    def send_back(self, *, actor: Actor, reason: str) -> None: ...

    @step("pending_approval", "rejected", by=managing, label=_("Reject"), tells={"buyer_id": ("requester", "buyer")})
    def reject(self, *, actor: Actor, reason: str) -> None: ...

    @step("approved", "converted", by=buying, label=_("Convert"), tells={"buyer_id": ("requester",)})
    def convert(self, *, actor: Actor, rfq_id: UUID) -> None:
        """Taken by ``consolidation.convert``, which carries every quantity over."""
        cast("Requisition", self).rfq_id = rfq_id

    @step(("draft", "pending_approval", "approved"), "cancelled", by=asking | managing, label=_("Cancel"))
    def cancel(self, *, actor: Actor, reason: str) -> None: ...

"""A supplier who bid may object to an award while its standstill runs.

raised ──uphold──▶ upheld (the award falls, the RFQ is evaluated again)
   ├────dismiss──▶ dismissed
   ├───withdraw──▶ withdrawn
   └──────lapse──▶ lapsed (the RFQ was cancelled)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.fields import StateField
from b2b.models import Organisation
from b2b.policy import Actor, clock
from b2b.workflow import Document, step
from quotations.policy import bidding, judging

if TYPE_CHECKING:
    from quotations.models import Award, Objection


class ObjectionState(models.TextChoices):
    RAISED = "raised", _("Raised")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


def award_stands_still(objection: Objection) -> Fault | None:
    if objection.award.state == "approved":
        return None
    return Fault("#/award", "award-not-in-standstill", gettext("The award is not in standstill."))


class ObjectionWorkflow(Document):
    """The state of an objection, and how it was decided."""

    FINAL: ClassVar = ("upheld", "dismissed", "withdrawn", "lapsed")
    editable_by = clock
    editable_in = ()

    state = StateField(_("state"), choices=ObjectionState, default=ObjectionState.RAISED)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    decision = models.TextField(_("decision"), blank=True, editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)

    buyer_id: UUID
    supplier_id: UUID

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        award: Award

    @step("raised", "upheld", by=judging, label=_("Uphold"), requires=[award_stands_still],
          tells={"buyer_id": ("buyer", "buying_manager"), "supplier_id": ("sales",)})  # fmt: skip
    def uphold(self, *, actor: Actor, reason: str) -> None:
        self._decide(reason)
        cast("Objection", self).award.fall(actor, reason)

    @step("raised", "dismissed", by=judging, label=_("Dismiss"),
          tells={"buyer_id": ("buyer",), "supplier_id": ("sales",)})  # fmt: skip
    def dismiss(self, *, actor: Actor, reason: str) -> None:
        self._decide(reason)

    @step("raised", "withdrawn", by=bidding, label=_("Withdraw"), tells={"buyer_id": ("buyer",)})
    def withdraw(self, *, actor: Actor) -> None: ...

    @step("raised", "lapsed", by=clock, label=_("Lapse"), tells={"supplier_id": ("sales",)})
    def lapse(self, *, actor: Actor) -> None: ...

    def _decide(self, reason: str) -> None:
        self.decision, self.decided_at = reason, database_now()

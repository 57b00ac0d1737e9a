"""A call-off reserves a part of a contract for one order, and counts until the order has ended.

open ──settle──▶ settled (the order is closed: what was received counts)
  └───release──▶ released (the order came to nothing)

Both steps hold the contract first, so call-offs of one contract follow each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.fields import AmountField, StateField
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.workflow import Document, step
from contracts.policy import waiting
from contracts.workflow import reserving

if TYPE_CHECKING:
    from contracts.models import CallOff


class CallOffState(models.TextChoices):
    OPEN = "open", _("Reserved")
    SETTLED = "settled", _("Settled")
    RELEASED = "released", _("Released")


class CallOffWorkflow(Document):
    FINAL: ClassVar = ("settled", "released")
    editable_by = waiting
    editable_in = ()

    state = StateField(_("state"), choices=CallOffState, default=CallOffState.OPEN)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("buyer"))
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("supplier"))
    amount = AmountField(_("amount that counts"))
    """Without tax: as called off while open; as received once settled."""
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    buyer_id: UUID
    supplier_id: UUID

    class Meta:
        abstract = True

    @step("open", "settled", by=waiting, label=_("Settle"), tells={"buyer_id": ("buyer",)})
    def settle(self, *, actor: Actor) -> None:
        """What was not received is free to be called off again."""
        reserving.count_received(cast("CallOff", self))
        self.ended_at = database_now()

    @step("open", "released", by=waiting, label=_("Release"))
    def release(self, *, actor: Actor) -> None:
        reserving.count_nothing(cast("CallOff", self))
        self.ended_at = database_now()

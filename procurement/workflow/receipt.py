"""A receipt is posted, and may be reversed: posted ──reverse──▶ reversed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.fields import StateField
from b2b.policy import Actor
from b2b.workflow import Document, step
from procurement.policy import managing, receiving
from procurement.workflow.delivery_facts import announce_reversal

if TYPE_CHECKING:
    from procurement.models import GoodsReceipt


class ReceiptState(models.TextChoices):
    POSTED = "posted", _("Posted")
    REVERSED = "reversed", _("Reversed")


class ReceiptWorkflow(Document):
    """The state of a receipt. What it says is never edited; a mistake is reversed and posted anew."""

    editable_by = receiving
    editable_in = ()
    FINAL: ClassVar = ("reversed",)

    state = StateField(_("state"), choices=ReceiptState, default=ReceiptState.POSTED)
    reversed_at = models.DateTimeField(_("reversed at"), null=True, editable=False)

    class Meta:
        abstract = True

    @step("posted", "reversed", by=receiving | managing, label=_("Reverse"),
          tells={"supplier_id": ("sales",)})  # fmt: skip
    def reverse(self, *, actor: Actor, reason: str) -> None:
        """Takes the quantities off the order again. Raises ``AlreadyInvoiced``, ``WrongState`` for a closed order."""
        receipt = cast("GoodsReceipt", self)
        arrivals = receipt.arrivals()
        receipt.order.reverse_receipt(actor=actor, lines=arrivals)
        announce_reversal(receipt, arrivals)
        self.reversed_at = database_now()

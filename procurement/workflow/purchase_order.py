"""A purchase order is approved, issued, acknowledged, received and closed.

draft ──submit──▶ pending_approval ──approve──▶ approved ──issue──▶ issued ──acknowledge──▶ acknowledged
  ▲ │               │    │   ▲ ⟲ approve       ⇅ hold, release       │ ▲ │                    │ ▲
  │ └─auto_approve──┼────┼───┼──────────────▶ credit_hold            │ │ └─reject_order─▶     │ │
  └────send_back────┘    │   │                        propose_change─┘ │   supplier_rejected  │ │
             rejected ◀─reject └─accept_change── change_proposed ──refuse_change               │ │
                                                     └──accept_change──▶ acknowledged          │ │
       closed ◀──close── received ◀──receive── partially_received ◀──receive───────────────────┘ │
                             └──────reverse_receipt──────┴───────────────────────────────────────┘

Before any receipt or invoice ──cancel──▶ cancelled; draft ──discard──▶ cancelled. ``receive`` and
``reverse_receipt`` are taken by posting and reversing a receipt, ``discard`` by undoing an upload.
Billing and match are derived from the lines, never states.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.clock import database_now
from b2b.fields import AmountField, CurrencyField, StateField
from b2b.models import Organisation
from b2b.numbering import next_number
from b2b.outbox import ask
from b2b.policy import Actor
from b2b.workflow import Document, step
from credit.terms import Terms
from procurement.policy import accounting, asking, buying, cosigning, managing, receiving, selling, waiting
from procurement.workflow import approvals, arriving, changing, delivering, promising, reserving
from procurement.workflow import purchase_order_guards as guards
from procurement.workflow.arriving import Arrival
from procurement.workflow.changing import ProposedLine
from procurement.workflow.promising import Promise
from procurement.workflow.totalling import totals_of

if TYPE_CHECKING:
    from procurement.models import ProcurementPolicy, PurchaseOrder, PurchaseOrderLine


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PENDING_APPROVAL = "pending_approval", _("Pending approval")
    REJECTED = "rejected", _("Rejected")
    APPROVED = "approved", _("Approved")
    CREDIT_HOLD = "credit_hold", _("Credit hold")
    ISSUED = "issued", _("Issued")
    CHANGE_PROPOSED = "change_proposed", _("Change proposed")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    SUPPLIER_REJECTED = "supplier_rejected", _("Rejected by the supplier")
    PARTIALLY_RECEIVED = "partially_received", _("Partially received")
    RECEIVED = "received", _("Received")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


RUNNING = ("acknowledged", "partially_received", "received", "closed")
"""States in which goods may have come and invoices are accepted."""
READY = (
    guards.has_lines,
    guards.prices_explained,
    guards.supplier_in_good_standing,
    guards.credit_arranged,
)
"""What must hold before an order leaves the hands of who wrote it."""


class PurchaseOrderWorkflow(Document):
    """The state of an order, and what its steps leave behind."""

    editable_by = asking
    FINAL: ClassVar = ("rejected", "supplier_rejected", "closed", "cancelled")

    state = StateField(_("state"), choices=OrderState, default=OrderState.DRAFT)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="orders_placed", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    supplier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="orders_received", verbose_name=_("supplier")
    )
    currency = CurrencyField(_("currency"))
    payment_terms = models.CharField(_("payment terms"), max_length=20, choices=Terms, default=Terms.NET_30)
    net = AmountField(_("total without tax"), default=Decimal(0), editable=False)
    tax = AmountField(_("tax"), default=Decimal(0), editable=False)
    total = AmountField(_("total with tax"), default=Decimal(0), editable=False)
    approved_total = AmountField(_("total last approved"), null=True, editable=False)
    approval_round = models.PositiveIntegerField(default=0, editable=False)
    credit_account = models.ForeignKey(
        "credit.CreditAccount", models.PROTECT, null=True, editable=False, related_name="orders",
        verbose_name=_("credit account"),
    )  # fmt: skip
    credit_override_until = models.DateField(_("released from credit hold until"), null=True, editable=False)
    issued_at = models.DateTimeField(_("issued at"), null=True, editable=False)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    buyer_id: UUID
    supplier_id: UUID
    credit_account_id: UUID | None

    moved: dict[UUID, PurchaseOrderLine]
    """The lines that the receipt just taken in has moved, by key."""

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def policy(self) -> ProcurementPolicy: ...

    @property
    def reference(self) -> str:
        """How the ledger and other apps below name this order."""
        return f"{self._meta.label_lower}/{self.pk}"

    @property
    def under_contract(self) -> bool:
        raise NotImplementedError

    @property
    def _order(self) -> PurchaseOrder:
        return cast("PurchaseOrder", self)

    # --- Approval ------------------------------------------------------------------------------
    @step("draft", "pending_approval", by=asking, label=_("Submit"), requires=READY,
          tells={"buyer_id": ("buying_manager",)})  # fmt: skip
    def submit(self, *, actor: Actor) -> None:
        """Raises ``CreditExceeded`` or ``AccountNotActive`` when the order cannot be held on account."""
        self._ask_approval(actor)

    @step("draft", "cancelled", by=asking, label=_("Discard"))
    def discard(self, *, actor: Actor) -> None:
        """Taken when an upload that brought the order is undone."""
        self.ended_at = database_now()

    @step("draft", "approved", by=waiting, label=_("Approve automatically"),
          requires=[*READY, guards.under_contract, guards.under_approval_limit])  # fmt: skip
    def auto_approve(self, *, actor: Actor) -> None:
        reserving.hold(self._order, actor=actor)
        self.approved_total = self.total

    @step("pending_approval", ("approved", "pending_approval"), by=cosigning, label=_("Approve"),
          requires=[guards.credit_good], approves=True, tells={"buyer_id": ("buyer",)})  # fmt: skip
    def approve(self, *, actor: Actor) -> str:
        """One signature for each role the amount asks for, each by another person."""
        if approvals.sign(self._order, actor=actor):
            return "pending_approval"
        self.approved_total = self.total
        return "approved"

    @step("pending_approval", "draft", by=cosigning, label=_("Send back"), tells={"buyer_id": ("requester", "buyer")})
    def send_back(self, *, actor: Actor, reason: str) -> None:
        reserving.release(self._order, actor=actor)

    @step("pending_approval", "rejected", by=cosigning, label=_("Reject"), tells={"buyer_id": ("requester", "buyer")})
    def reject(self, *, actor: Actor, reason: str) -> None:
        self._end(actor)

    @step("approved", "credit_hold", by=waiting, label=_("Put on credit hold"), requires=[guards.credit_bad],
          tells={"buyer_id": ("buyer", "finance")})  # fmt: skip
    def hold(self, *, actor: Actor) -> None: ...

    @step("credit_hold", "approved", by=waiting | accounting, label=_("Release from credit hold"),
          tells={"buyer_id": ("buyer",)})  # fmt: skip
    def release(self, *, actor: Actor, until: date | None = None, reason: str = "") -> None:
        """The clock releases what is cured; finance may override with a reason and a last day.

        Raises ``Invalid`` for an override without them, ``Blocked`` when nothing is cured.
        """
        self.credit_override_until = reserving.override_of(self._order, until=until, reason=reason)

    # --- The supplier's side -------------------------------------------------------------------
    @step("approved", "issued", by=buying, label=_("Issue"), requires=[guards.credit_good],
          tells={"supplier_id": ("sales",)})  # fmt: skip
    def issue(self, *, actor: Actor) -> None:
        self.issued_at = database_now()
        self.number = self.number or next_number("PO", self.buyer_id, self.issued_at.date())
        ask("procurement.print_order", order_id=self.pk)

    @step("issued", "acknowledged", by=selling, label=_("Acknowledge"), tells={"buyer_id": ("buyer",)})
    def acknowledge(self, *, actor: Actor, promised: Sequence[Promise] = ()) -> None:
        """Freezes the promised dates. Raises ``Invalid`` for a promise missing, or later than requested."""
        promising.promise(self._order, promised)
        self.acknowledged_at = database_now()

    @step("issued", "change_proposed", by=selling, label=_("Propose change"), tells={"buyer_id": ("buyer",)})
    def propose_change(self, *, actor: Actor, reason: str, lines: Sequence[ProposedLine]) -> None:
        """Another quantity, price or date for some lines. Raises ``Invalid``."""
        changing.propose(self._order, lines, reason=reason)

    @step("change_proposed", ("acknowledged", "pending_approval"), by=buying, label=_("Accept change"), edits=True,
          tells={"supplier_id": ("sales",), "buyer_id": ("buying_manager",)})  # fmt: skip
    def accept_change(self, *, actor: Actor) -> str:
        """A total that rises beyond the tolerance over what was approved is approved again, then issued again."""
        changing.accept(self._order)
        self._recount()
        if changing.beyond_tolerance(self._order):
            self._ask_approval(actor)
            return "pending_approval"
        reserving.hold(self._order, actor=actor)
        promising.promise(self._order, ())
        self.acknowledged_at = database_now()
        ask("procurement.print_order", order_id=self.pk)
        return "acknowledged"

    @step("change_proposed", "issued", by=buying, label=_("Refuse change"), tells={"supplier_id": ("sales",)})
    def refuse_change(self, *, actor: Actor, reason: str) -> None:
        changing.refuse(self._order, reason=reason)

    @step("issued", "supplier_rejected", by=selling, label=_("Reject order"),
          tells={"buyer_id": ("buyer", "buying_manager")})  # fmt: skip
    def reject_order(self, *, actor: Actor, reason: str) -> None:
        self._end(actor)

    # --- Delivery ------------------------------------------------------------------------------
    @step(("acknowledged", "partially_received"), ("partially_received", "received"), by=receiving,
          label=_("Receive"))  # fmt: skip
    def receive(self, *, actor: Actor, lines: Sequence[Arrival]) -> str:
        """Taken by ``receiving.post``. Raises ``OverTolerance`` or ``Invalid``."""
        arriving.take_in(self._order, lines)
        return delivering.state_after_receipt(self._order)

    @step(("partially_received", "received"), ("acknowledged", "partially_received"), by=receiving | managing,
          label=_("Reverse receipt"))  # fmt: skip
    def reverse_receipt(self, *, actor: Actor, lines: Sequence[Arrival]) -> str:
        """Taken by reversing a receipt. Raises ``AlreadyInvoiced``."""
        arriving.give_back(self._order, lines)
        return delivering.state_after_reversal(self._order)

    @step(("partially_received", "received"), "closed", by=waiting | buying, label=_("Close"),
          requires=[guards.no_invoice_open], tells={"supplier_id": ("sales",)})  # fmt: skip
    def close(self, *, actor: Actor, reason: str = "") -> None:
        """Without a reason only what is received and invoiced in full. Raises ``Blocked``."""
        delivering.require_complete_or(reason, self._order)
        delivering.announce_undelivered(self._order)
        self._end(actor)

    @step(
        ("draft", "pending_approval", "approved", "credit_hold", "issued", "change_proposed", "acknowledged"),
        "cancelled",
        by=managing,
        label=_("Cancel"),
        requires=[guards.nothing_received, guards.nothing_invoiced],
        tells={"buyer_id": ("buyer",), "told_supplier_id": ("sales",)},
    )
    def cancel(self, *, actor: Actor, reason: str) -> None:
        delivering.announce_undelivered(self._order)
        changing.refuse(self._order, reason=reason)
        self._end(actor)

    @property
    def told_supplier_id(self) -> UUID | None:
        """The supplier, once the order has reached it."""
        return self.supplier_id if self.issued_at else None

    def _ask_approval(self, actor: Actor) -> None:
        self.approval_round += 1
        reserving.hold(self._order, actor=actor)

    def _end(self, actor: Actor) -> None:
        reserving.release(self._order, actor=actor)
        self.ended_at = database_now()

    def _recount(self) -> None:
        totals = totals_of(self._order.lines.all(), self.currency)
        self.net, self.tax, self.total = totals.taxable.amount, totals.tax.amount, totals.with_tax.amount

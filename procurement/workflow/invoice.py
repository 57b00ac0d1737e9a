"""An invoice is sent, matched against order and receipts, approved, scheduled and paid.

draft ──submit──▶ submitted ──match──▶ matched ──approve──▶ approved ──schedule──▶ scheduled ──pay──▶ paid
                   │ ▲   └───match──▶ exception ──resolve──▶ matched      │            │ └─pay─▶ partially_paid
                   │ │                 ⟲ match     ▲ ⟲ approve (first of two)          │
            dispute│ │correct   ──dispute──┘               hold ⇅ release: payment_hold
                   ▼ │
                 disputed          submitted, exception, disputed ──reject──▶ rejected
                                   approved, scheduled, payment_hold ──cancel──▶ cancelled, by a credit note

Overdue is derived from the due date, never a state.
"""

from __future__ import annotations

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
from b2b.outbox import ask
from b2b.policy import Actor
from b2b.workflow import Document, step
from credit.terms import due_date
from procurement.policy import accounting, billing, clearing, judging, paying, settling, waiting
from procurement.workflow import invoice_guards as guards
from procurement.workflow import settlement, three_way
from procurement.workflow.invoice_states import InvoiceState

if TYPE_CHECKING:
    from procurement.models import Invoice, ProcurementPolicy

READY = (guards.has_lines, guards.order_may_be_billed, guards.header_adds_up)


class InvoiceWorkflow(Document):
    """The state of an invoice, and what its steps leave behind."""

    editable_by = billing
    editable_in = ("draft", "disputed")
    FINAL: ClassVar = ("rejected", "paid", "cancelled")

    state = StateField(_("state"), choices=InvoiceState, default=InvoiceState.DRAFT)
    buyer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="invoices_received",
        verbose_name=pgettext_lazy("organisation", "buyer"),
    )
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="invoices_sent", verbose_name=_("supplier"))
    currency = CurrencyField(_("currency"))
    invoiced_on = models.DateField(_("invoice date"))
    net = AmountField(_("total without tax"))
    tax = AmountField(_("tax"))
    total = AmountField(_("total with tax"))
    paid = AmountField(_("paid"), default=Decimal(0), editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    due_on = models.DateField(_("due on"), null=True, editable=False)
    pay_on = models.DateField(_("to be paid on"), null=True, editable=False)
    match_round = models.PositiveIntegerField(default=0, editable=False)
    first_approver = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("first approved by")
    )
    held_from = models.CharField(max_length=32, blank=True, editable=False)
    credit_note = models.CharField(_("credit note"), max_length=40, blank=True, editable=False)

    buyer_id: UUID
    supplier_id: UUID
    first_approver_id: UUID | None

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def policy(self) -> ProcurementPolicy: ...

    @property
    def reference(self) -> str:
        """How the ledger below names this invoice."""
        return f"{self._meta.label_lower}/{self.pk}"

    @property
    def _invoice(self) -> Invoice:
        return cast("Invoice", self)

    # --- Match ---------------------------------------------------------------------------------
    @step("draft", "submitted", by=billing, label=_("Submit"), requires=READY, tells={"buyer_id": ("finance",)})
    def submit(self, *, actor: Actor) -> None:
        self.submitted_at = database_now()
        self.due_on = due_date(self._invoice.order.payment_terms, self.invoiced_on)
        ask("procurement.match_invoice", invoice_id=self.pk)

    @step(("submitted", "exception"), ("matched", "exception"), by=waiting, label=_("Match"),
          tells={"buyer_id": ("finance",)})  # fmt: skip
    def match(self, *, actor: Actor) -> str:
        """Three ways, line by line: against the order's price and tax, and what was received."""
        return "matched" if three_way.match(self._invoice) else "exception"

    @step("exception", "matched", by=settling, label=_("Accept the variance"))
    def resolve(self, *, actor: Actor, reason: str) -> None:
        """What differs is accepted as it is. A corrected receipt is matched again by itself."""
        three_way.accept(self._invoice, actor=actor, reason=reason)

    @step(("submitted", "exception"), "disputed", by=accounting, label=_("Dispute"),
          tells={"supplier_id": ("sales", "finance")})  # fmt: skip
    def dispute(self, *, actor: Actor, reason: str) -> None: ...

    @step("disputed", "submitted", by=billing, label=_("Correct"), requires=READY, edits=True,
          tells={"buyer_id": ("finance",)})  # fmt: skip
    def correct(self, *, actor: Actor) -> None:
        self.due_on = due_date(self._invoice.order.payment_terms, self.invoiced_on)
        ask("procurement.match_invoice", invoice_id=self.pk)

    @step(("submitted", "exception", "disputed"), "rejected", by=accounting, label=_("Reject"),
          tells={"supplier_id": ("sales", "finance")})  # fmt: skip
    def reject(self, *, actor: Actor, reason: str) -> None: ...

    # --- Payment -------------------------------------------------------------------------------
    @step("matched", ("approved", "matched"), by=clearing, label=_("Approve"),
          requires=[guards.bank_account_confirmed], approves=True)  # fmt: skip
    def approve(self, *, actor: Actor) -> str:
        """From the policy's second limit another person approves as well; then the credit is drawn."""
        if settlement.needs_another(self._invoice, actor=actor):
            self.first_approver_id = actor.user_id
            return "matched"
        settlement.draw(self._invoice, actor=actor)
        return "approved"

    @step("approved", "scheduled", by=accounting, label=_("Schedule payment"))
    def schedule(self, *, actor: Actor, pay_on: date) -> None:
        settlement.require_not_past(pay_on)
        self.pay_on = pay_on

    @step(("scheduled", "partially_paid"), ("partially_paid", "paid"), by=paying, label=_("Pay"),
          requires=[guards.bank_account_usable], tells={"supplier_id": ("finance",)})  # fmt: skip
    def pay(self, *, actor: Actor, amount: Decimal, paid_on: date, reference: str) -> str:
        """Raises ``Invalid`` for more than is open, or a payment reference used before."""
        settlement.pay(self._invoice, amount, paid_on=paid_on, reference=reference, actor=actor)
        self.paid += amount
        return "paid" if self.paid == self.total else "partially_paid"

    @step(("approved", "scheduled"), "payment_hold", by=accounting | judging, label=_("Hold payment"))
    def hold(self, *, actor: Actor, reason: str) -> None:
        self.held_from = self.state

    @step("payment_hold", ("approved", "scheduled"), by=accounting | judging, label=_("Release payment"))
    def release(self, *, actor: Actor, reason: str) -> str:
        return self.held_from

    @step(("approved", "scheduled", "payment_hold"), "cancelled", by=accounting, label=_("Cancel by credit note"),
          tells={"supplier_id": ("finance",)})  # fmt: skip
    def cancel(self, *, actor: Actor, credit_note: str, reason: str) -> None:
        """The supplier's credit note takes the whole invoice back."""
        self.credit_note = credit_note
        three_way.uncount(self._invoice)
        settlement.take_back(self._invoice, actor=actor)

"""A contract is drafted, reviewed by two people, signed by both parties, runs, and ends.

draft ──submit──▶ in_review ──approve (two people)──▶ approved ──generate──▶ awaiting_signature
  ▲ ▲                │                                                             │ sign
  │ └request_changes─┘                                                             ▼
  └──────────────change_request──────────── awaiting_signature, partially_signed ──sign──▶ scheduled ──start──┐
                                             └──refuse──▶ declined                 └──sign──▶ active ◀────────┘
active ⇄ suspended (suspend, resume);  active ──notice──▶ expiring;  active, expiring ──end──▶ expired
active, expiring, suspended ──propose_termination ⟲, terminate (two people)──▶ terminated
expired, terminated ──close──▶ closed;  before any signature ──cancel──▶ cancelled

What the contract says can change in ``draft`` alone; a trigger in the database sees to that too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Invalid
from b2b.fields import AmountField, StateField
from b2b.jobs import start_job
from b2b.models import Organisation
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.workflow import Document, step
from contracts import policy
from contracts.workflow import consents, signing
from contracts.workflow import contract_guards as guards
from contracts.workflow.consents import Purpose, proposer

if TYPE_CHECKING:
    from contracts.models import Contract


class ContractState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in_review", _("In review")
    APPROVED = "approved", _("Approved")
    AWAITING_SIGNATURE = "awaiting_signature", _("Awaiting signature")
    PARTIALLY_SIGNED = "partially_signed", _("Partially signed")
    SCHEDULED = "scheduled", _("Scheduled")
    ACTIVE = "active", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    EXPIRING = "expiring", _("Expiring")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    CLOSED = "closed", _("Closed")
    DECLINED = "declined", _("Declined")
    CANCELLED = "cancelled", _("Cancelled")


INTERNAL = ("draft", "in_review", "approved")
"""States the other party does not see."""
SIGNABLE = ("awaiting_signature", "partially_signed")
CALLABLE = ("active", "expiring")
"""States in which orders may be called off."""
RUNNING = ("active", "expiring", "suspended")
MOST_NOTICE_DAYS = 366

READY = (
    guards.has_title,
    guards.has_clauses,
    guards.period_set,
    guards.worth_set,
    guards.places_filled,
)
"""What must hold before a contract leaves the hands of who wrote it."""


class ContractWorkflow(Document):
    """The state of a contract, and what its steps leave behind."""

    editable_by = policy.drafting
    FINAL: ClassVar = ("closed", "declined", "cancelled")

    state = StateField(_("state"), choices=ContractState, default=ContractState.DRAFT)
    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="contracts_bought", verbose_name=_("buyer"))
    supplier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="contracts_supplied", verbose_name=_("supplier")
    )
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(
        _("days of notice before the end"), default=30, validators=[MaxValueValidator(MOST_NOTICE_DAYS)]
    )
    notice_on = models.DateField(_("notice falls on"), null=True, editable=False)
    approval_round = models.PositiveIntegerField(default=0, editable=False)
    issued = models.ForeignKey(
        "contracts.ContractVersion", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("version to sign"),
    )  # fmt: skip
    """The PDF the parties sign; none while the text is being changed."""
    offered_at = models.DateTimeField(_("first offered at"), null=True, editable=False)
    signed_at = models.DateTimeField(_("signed by both at"), null=True, editable=False)
    termination_round = models.PositiveIntegerField(default=0, editable=False)
    termination_proposed_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("termination proposed by"),
    )  # fmt: skip
    termination_reason = models.TextField(_("cause of the termination"), blank=True, editable=False)
    terminates_on = models.DateField(_("terminated as of"), null=True, editable=False)
    settlement = models.TextField(_("settlement"), blank=True, editable=False)
    paid_total = AmountField(_("paid in total"), null=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)

    buyer_id: UUID
    supplier_id: UUID
    issued_id: UUID | None
    termination_proposed_by_id: UUID | None

    class Meta:
        abstract = True

    @property
    def _contract(self) -> Contract:
        return cast("Contract", self)

    # --- Review --------------------------------------------------------------------------------
    @step("draft", "in_review", by=policy.drafting, label=_("Submit for review"), requires=READY,
          tells={"buyer_id": ("buying_manager", "compliance")})  # fmt: skip
    def submit(self, *, actor: Actor) -> None:
        self.approval_round += 1
        self.notice_on = cast("date", self.ends_on) - timedelta(days=self.notice_days)
        self.number = self.number or next_number("CT", self.buyer_id, database_now().date())

    @step("in_review", "draft", by=policy.reviewing, label=_("Request changes"), tells={"buyer_id": ("buyer",)})
    def request_changes(self, *, actor: Actor, reason: str) -> None: ...

    @step("in_review", ("in_review", "approved"), by=policy.approving, label=_("Approve"),
          tells={"buyer_id": ("buyer",)})  # fmt: skip
    def approve(self, *, actor: Actor) -> str:
        """Compliance and a buying manager, two people. Raises ``NotAllowed`` where it adds nothing.

        It is ``generate`` that accepts the edits so far: both reviewers must be no editors.
        """
        if consents.give(self._contract, Purpose.APPROVAL, number=self.approval_round, actor=actor):
            return "in_review"
        start_job("contracts.generate", actor, contract_id=self.pk)
        return "approved"

    @step("approved", "awaiting_signature", by=policy.waiting, label=_("Generate"), approves=True,
          tells={"buyer_id": ("buyer", "signatory"), "supplier_id": ("sales", "signatory")})  # fmt: skip
    def generate(self, *, actor: Actor, version_id: UUID) -> None:
        """Taken by ``generating.generate`` once the PDF is drawn and kept."""
        self.issued_id = version_id
        self.offered_at = self.offered_at or database_now()

    # --- Signature -----------------------------------------------------------------------------
    @step(SIGNABLE, ("partially_signed", "scheduled", "active"), by=policy.signing, label=_("Sign"),
          requires=[guards.period_not_over],
          tells={"buyer_id": ("buyer", "signatory"), "supplier_id": ("sales", "signatory")})  # fmt: skip
    def sign(self, *, actor: Actor, sha256: str) -> str:
        """Each party once, over the hash of the PDF it read. Raises ``AlreadySigned`` or ``HashMismatch``."""
        if not signing.sign(self._contract, sha256=sha256, actor=actor):
            return "partially_signed"
        self.signed_at = database_now()
        return "active" if guards.has_begun(self._contract) else "scheduled"

    @step(SIGNABLE, "draft", by=policy.reopening, label=_("Ask for changes"),
          tells={"buyer_id": ("buyer", "signatory"), "supplier_id": ("sales", "signatory")})  # fmt: skip
    def change_request(self, *, actor: Actor, reason: str) -> None:
        """The text is opened again; what was signed is void, and what follows is a new version."""
        signing.void(self._contract)
        self.issued_id = None

    @step(SIGNABLE, "declined", by=policy.refusing, label=_("Refuse to sign"),
          tells={"buyer_id": ("buyer", "signatory"), "supplier_id": ("sales", "signatory")})  # fmt: skip
    def refuse(self, *, actor: Actor, reason: str) -> None:
        signing.void(self._contract)
        self.ended_at = database_now()

    @step(("draft", "in_review", "approved", "awaiting_signature"), "cancelled", by=policy.drafting,
          label=_("Cancel"), tells={"told_supplier_id": ("sales", "signatory")})  # fmt: skip
    def cancel(self, *, actor: Actor, reason: str) -> None:
        self.ended_at = database_now()

    # --- While it runs -------------------------------------------------------------------------
    @step("scheduled", "active", by=policy.waiting, label=_("Start performance"), requires=[guards.start_reached],
          tells={"buyer_id": ("buyer",), "supplier_id": ("sales",)})  # fmt: skip
    def start(self, *, actor: Actor) -> None: ...

    @step("active", "suspended", by=policy.judging, label=_("Suspend"),
          tells={"buyer_id": ("buyer", "buying_manager"), "supplier_id": ("sales",)})  # fmt: skip
    def suspend(self, *, actor: Actor, reason: str) -> None: ...

    @step("suspended", "active", by=policy.judging, label=_("Resume"),
          tells={"buyer_id": ("buyer", "buying_manager"), "supplier_id": ("sales",)})  # fmt: skip
    def resume(self, *, actor: Actor, reason: str) -> None: ...

    @step("active", "expiring", by=policy.waiting, label=_("Give notice of the end"), requires=[guards.notice_due],
          tells={"buyer_id": ("buyer", "buying_manager"), "supplier_id": ("sales",)})  # fmt: skip
    def notice(self, *, actor: Actor) -> None: ...

    @step(CALLABLE, "expired", by=policy.waiting, label=_("End the contract"), requires=[guards.period_over],
          tells={"buyer_id": ("buyer", "finance"), "supplier_id": ("sales",)})  # fmt: skip
    def end(self, *, actor: Actor) -> None:
        """No new call-offs; open orders finish."""
        self.ended_at = database_now()

    @step(RUNNING, RUNNING, by=policy.ending, label=_("Propose termination"),
          tells={"buyer_id": ("buying_manager", "compliance")})  # fmt: skip
    def propose_termination(self, *, actor: Actor, reason: str, terminates_on: date, settlement: str) -> str:
        """The first of two words; a new proposal takes the place of the last. Raises ``Invalid``."""
        if fault := guards.termination_day_fault(self._contract, terminates_on):
            raise Invalid(faults=[fault])
        self.termination_round += 1
        self.termination_proposed_by_id = actor.user_id
        self.termination_reason, self.terminates_on, self.settlement = reason, terminates_on, settlement
        consents.give(self._contract, Purpose.TERMINATION, number=self.termination_round, actor=actor)
        return str(self.state)

    @step(RUNNING, "terminated", by=policy.ending & ~proposer, label=_("Terminate"),
          requires=[guards.termination_proposed],
          tells={"buyer_id": ("buyer", "finance"), "supplier_id": ("sales", "signatory")})  # fmt: skip
    def terminate(self, *, actor: Actor) -> None:
        """The second word, by the other role. Raises ``NotAllowed``."""
        consents.give(self._contract, Purpose.TERMINATION, number=self.termination_round, actor=actor)
        self.ended_at = database_now()

    @step(("expired", "terminated"), "closed", by=policy.closing, label=_("Close"),
          requires=[guards.call_offs_finished], tells={"buyer_id": ("buyer",)})  # fmt: skip
    def close(self, *, actor: Actor, paid_total: Decimal, checklist: Sequence[str]) -> None:
        """Raises ``Invalid`` unless every point of the checklist is confirmed."""
        if faults := [*guards.unchecked(checklist)]:
            raise Invalid(faults=faults)
        self.paid_total = paid_total

    @property
    def told_supplier_id(self) -> UUID | None:
        """The supplier, once the contract was offered to it."""
        return self.supplier_id if self.offered_at else None

    if TYPE_CHECKING:
        created_at: datetime

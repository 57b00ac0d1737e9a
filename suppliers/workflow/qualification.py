"""A qualification: whether a buyer, or the platform for all, trusts a supplier with a category.

draft ──apply──▶ submitted ──start_review──▶ under_review ⇄ info_requested (request_info, answer)
under_review ──approve / approve_conditionally / reject──▶ approved / conditionally_approved / rejected
rejected ──appeal──▶ under_review
approved ──notice──▶ expiring ──expire──▶ expired ──requalify──▶ under_review;  expiring ──approve──▶ approved
approved, conditionally_approved, expiring ⇄ suspended (suspend, resume)
any ──propose_block──▶ the same ──confirm_block──▶ blocked ──unblock──▶ under_review
draft, submitted ──withdraw──▶ withdrawn
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.policy import Actor, clock, second_factor
from b2b.workflow import Document, StateField, step
from suppliers.policy import block_proposer, reviewer, supplying

NOTICE_DAYS = 30
"""How long before its end a qualification is said to expire."""

TRUSTED = ("approved", "conditionally_approved", "expiring")
"""States in which the supplier may be dealt with."""

BLOCKABLE = (
    "draft",
    "submitted",
    "under_review",
    "info_requested",
    "approved",
    "conditionally_approved",
    "rejected",
    "expiring",
    "expired",
    "suspended",
)


def documents_complete(qualification: Qualifying) -> Iterator[Fault]:
    """Every mandatory document is there and valid today."""
    for label in qualification.missing_documents(on=database_now().date()):
        yield Fault(
            "#/certificates",
            "document-missing",
            gettext("A valid document of this kind is missing: %(kind)s.") % {"kind": label},
        )


def profile_published(qualification: Qualifying) -> Fault | None:
    if qualification.has_published_profile():
        return None
    return Fault("#/supplier", "profile-missing", gettext("Publish the supplier's profile with its identifiers first."))


def block_proposed(qualification: Qualifying) -> Fault | None:
    if qualification.block_proposed_by_id is not None:
        return None
    return Fault("#/block_reason", "block-not-proposed", gettext("Nobody has proposed to block this supplier."))


def period_over(qualification: Qualifying) -> Fault | None:
    """The period's end has passed, or a mandatory document has run out."""
    on = database_now().date()
    if qualification.ended(on=on) or qualification.lapsed_documents(on=on):
        return None
    return Fault("#/valid_until", "still-valid", gettext("The qualification and its documents are still valid."))


class Qualifying(Document):
    """The fields the steps write, and the steps."""

    state = StateField(
        _("state"),
        default="draft",
        choices=[
            ("draft", _("Draft")),
            ("submitted", _("Submitted")),
            ("under_review", _("Under review")),
            ("info_requested", _("Information requested")),
            ("approved", _("Approved")),
            ("conditionally_approved", _("Conditionally approved")),
            ("rejected", _("Rejected")),
            ("expiring", _("Expiring")),
            ("expired", _("Expired")),
            ("suspended", _("Suspended")),
            ("blocked", _("Blocked")),
            ("withdrawn", _("Withdrawn")),
        ],
    )

    if TYPE_CHECKING:
        supplier_id: UUID
        buyer_id: UUID | None
        applied_at: datetime | None
        decided_at: datetime | None
        valid_until: date | None
        conditions: str
        reason: str
        suspended_until: date | None
        suspended_from: str
        block_proposed_by_id: UUID | None
        block_proposed_at: datetime | None
        block_review_on: date | None
        blocked_at: datetime | None

        def missing_documents(self, *, on: date) -> list[str]: ...

        def lapsed_documents(self, *, on: date) -> list[str]: ...

        def has_published_profile(self) -> bool: ...

        def ended(self, *, on: date) -> bool: ...

    class Meta:
        abstract = True

    @step(
        "draft",
        "submitted",
        by=supplying,
        label=_("Apply"),
        requires=[profile_published, documents_complete],
        tells={"buyer_id": ("compliance",)},
    )
    def apply(self, *, actor: Actor) -> None:
        self.applied_at = database_now()

    @step("submitted", "under_review", by=reviewer, label=_("Start the review"))
    def start_review(self, *, actor: Actor) -> None: ...

    @step(
        "under_review",
        "info_requested",
        by=reviewer,
        label=_("Request information"),
        tells={"supplier_id": ("sales",)},
    )
    def request_info(self, *, actor: Actor, reason: str) -> None:
        self.reason = reason

    @step("info_requested", "under_review", by=supplying, label=_("Answer"), tells={"buyer_id": ("compliance",)})
    def answer(self, *, actor: Actor, reason: str = "") -> None:
        self.reason = reason

    @step(
        ["under_review", "conditionally_approved", "expiring"],
        "approved",
        by=reviewer,
        label=_("Approve"),
        requires=[documents_complete],
        approves=True,
        tells={"supplier_id": ("sales",)},
    )
    def approve(self, *, actor: Actor, valid_until: date, reason: str = "") -> None:
        self._decide(reason, valid_until)
        self.conditions = ""

    @step(
        "under_review",
        "conditionally_approved",
        by=reviewer,
        label=_("Approve conditionally"),
        approves=True,
        tells={"supplier_id": ("sales",)},
    )
    def approve_conditionally(self, *, actor: Actor, conditions: str, valid_until: date, reason: str = "") -> None:
        self._decide(reason, valid_until)
        self.conditions = conditions

    @step("under_review", "rejected", by=reviewer, label=_("Reject"), tells={"supplier_id": ("sales",)})
    def reject(self, *, actor: Actor, reason: str) -> None:
        self.reason, self.decided_at, self.valid_until = reason, database_now(), None

    @step("rejected", "under_review", by=supplying, label=_("Appeal"), tells={"buyer_id": ("compliance",)})
    def appeal(self, *, actor: Actor, reason: str) -> None:
        self.reason = reason

    @step("approved", "expiring", by=clock, label=_("Give notice of expiry"), tells={"supplier_id": ("sales",)})
    def notice(self, *, actor: Actor) -> None: ...

    @step(
        TRUSTED,
        "expired",
        by=clock,
        label=_("Expire"),
        requires=[period_over],
        tells={"supplier_id": ("sales",), "buyer_id": ("compliance",)},
    )
    def expire(self, *, actor: Actor) -> None: ...

    @step(
        "expired",
        "under_review",
        by=supplying,
        label=_("Requalify"),
        requires=[documents_complete],
        tells={"buyer_id": ("compliance",)},
    )
    def requalify(self, *, actor: Actor) -> None:
        self.applied_at = database_now()

    @step(
        TRUSTED,
        "suspended",
        by=reviewer,
        label=_("Suspend"),
        tells={"supplier_id": ("sales",), "buyer_id": ("buying_manager",)},
    )
    def suspend(self, *, actor: Actor, reason: str, until: date) -> None:
        require_ahead(until, "#/until")
        self.reason, self.suspended_until, self.suspended_from = reason, until, self.state

    @step("suspended", TRUSTED, by=reviewer | clock, label=_("Resume"), tells={"supplier_id": ("sales",)})
    def resume(self, *, actor: Actor, reason: str = "") -> str:
        self.reason, self.suspended_until = reason, None
        return self.suspended_from

    @step(BLOCKABLE, BLOCKABLE, by=reviewer & second_factor, label=_("Propose to block"))
    def propose_block(self, *, actor: Actor, reason: str, review_on: date) -> str:
        require_ahead(review_on, "#/review_on")
        self.reason, self.block_review_on = reason, review_on
        self.block_proposed_by_id, self.block_proposed_at = actor.user_id, database_now()
        return str(self.state)

    @step(BLOCKABLE, BLOCKABLE, by=reviewer, label=_("Drop the proposal to block"), requires=[block_proposed])
    def drop_block(self, *, actor: Actor, reason: str) -> str:
        self.reason = reason
        self._forget_block()
        return str(self.state)

    @step(
        BLOCKABLE,
        "blocked",
        by=reviewer & second_factor & ~block_proposer,
        label=_("Confirm the block"),
        requires=[block_proposed],
        tells={"supplier_id": ("sales",), "buyer_id": ("buying_manager",)},
    )
    def confirm_block(self, *, actor: Actor) -> None:
        self.blocked_at = self.decided_at = database_now()

    @step("blocked", "under_review", by=reviewer, label=_("Unblock"), tells={"supplier_id": ("sales",)})
    def unblock(self, *, actor: Actor, reason: str) -> None:
        self.reason, self.blocked_at = reason, None
        self._forget_block()

    @step(["draft", "submitted"], "withdrawn", by=supplying, label=_("Withdraw"))
    def withdraw(self, *, actor: Actor, reason: str = "") -> None:
        self.reason = reason

    def _decide(self, reason: str, valid_until: date) -> None:
        require_ahead(valid_until, "#/valid_until")
        self.reason, self.valid_until, self.decided_at = reason, valid_until, database_now()

    def _forget_block(self) -> None:
        self.block_proposed_by_id = self.block_proposed_at = self.block_review_on = None


def require_ahead(day: date, pointer: str) -> None:
    """Raise ``Invalid`` unless the day is after today."""
    if day <= database_now().date():
        fault = Fault(pointer, "not-ahead", gettext("The date must lie ahead."))
        raise Invalid(faults=[fault])


def notice_from(day: date) -> date:
    """A qualification that ends on or before this day is expiring on ``day``."""
    return day + timedelta(days=NOTICE_DAYS)

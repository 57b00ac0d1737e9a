"""A quotation answers an RFQ; sealed until all are opened together, then judged, awarded or passed over.

invited ──start──▶ draft ──submit──▶ submitted ──open──▶ opened ──shortlist──▶ shortlisted
   │                 ▲ └─────revise─────┘                    ⟲ propose_disqualification, extend
   └─decline─▶ declined                                      │
                            award, part_award ◀──────────────┼──▶ disqualify, pass_over, expire
                                   ▼                         ▼
               awarded, partially_awarded ──order──▶ ordered    disqualified, not_awarded, expired

draft, submitted ──withdraw──▶ withdrawn;  invited, draft ──lapse──▶ lapsed
Whatever is not decided ──void──▶ voided, when the RFQ ends without award; opened ──strike──▶ voided, when what
was recorded from paper is taken back.

Amending an RFQ is not built; with it will come the state in which a supplier confirms an older answer.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.clock import database_now
from b2b.fields import AmountField, CurrencyField, StateField
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.workflow import Document, step
from quotations.policy import bidding, buying, controlling, waiting
from quotations.workflow import quotation_guards as guards

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation
    from quotations.models import Quotation


class QuotationState(models.TextChoices):
    INVITED = "invited", _("Invited")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    OPENED = "opened", _("Opened")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    AWARDED = "awarded", _("Awarded")
    PARTIALLY_AWARDED = "partially_awarded", _("Partially awarded")
    ORDERED = "ordered", _("Ordered")
    NOT_AWARDED = "not_awarded", _("Not awarded")
    DISQUALIFIED = "disqualified", _("Disqualified")
    EXPIRED = "expired", _("Expired")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")
    VOIDED = "voided", _("Voided")


class DeclineReason(models.TextChoices):
    CAPACITY = "capacity", _("No capacity")
    RANGE = "range", _("Not in our range")
    TERMS = "terms", _("Terms not acceptable")
    TIME = "time", _("Too little time")
    OTHER = "other", _("Another reason")


SEALED = ("invited", "draft", "submitted")
"""Before opening."""
UNDECIDED = ("opened", "shortlisted")
"""Opened and in the running."""
OPENED = (*UNDECIDED, "awarded", "partially_awarded", "ordered", "not_awarded", "disqualified", "expired")
"""Whose prices the buyer may read."""
SALES, BUYERS = {"supplier_id": ("sales",)}, {"buyer_id": ("buyer",)}


class QuotationWorkflow(Document):
    """The state of a quotation, and what its steps leave behind. ``total`` exists after opening only."""

    FINAL: ClassVar = (
        "ordered", "not_awarded", "disqualified", "expired", "declined", "withdrawn", "lapsed", "voided",
    )  # fmt: skip
    editable_by = bidding

    state = StateField(_("state"), choices=QuotationState, default=QuotationState.INVITED)
    buyer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="quotations_received",
        verbose_name=pgettext_lazy("organisation", "buyer"),
    )
    supplier = models.ForeignKey(
        Organisation, models.PROTECT, related_name="quotations_given", verbose_name=_("supplier")
    )
    currency = CurrencyField(_("currency"))
    submitted_at = models.DateTimeField(_("submitted at"), null=True, editable=False)
    submitted_sha256 = models.CharField(_("SHA-256 of what was submitted"), max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened at"), null=True, editable=False)
    valid_until = models.DateField(_("valid until"), null=True, editable=False)
    total = AmountField(_("total"), null=True, editable=False)
    decline_reason = models.CharField(
        _("reason for declining"), max_length=16, choices=DeclineReason, blank=True, editable=False
    )
    disqualification_criterion = models.CharField(_("criterion not met"), max_length=200, blank=True, editable=False)
    disqualification_reason = models.TextField(_("reason of the disqualification"), blank=True, editable=False)
    disqualification_proposed_by = models.ForeignKey(
        "b2b.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("proposed by")
    )

    buyer_id: UUID
    supplier_id: UUID
    disqualification_proposed_by_id: UUID | None

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        rfq: RequestForQuotation

    @step("invited", "declined", by=bidding, label=_("Decline"), requires=[guards.before_deadline], tells=BUYERS)
    def decline(self, *, actor: Actor, reason_code: str, reason: str = "") -> None:
        self.decline_reason = DeclineReason(reason_code)

    @step("invited", "draft", by=bidding, label=_("Start"),
          requires=[guards.before_deadline, guards.supplier_may_bid])  # fmt: skip
    def start(self, *, actor: Actor) -> None: ...

    @step("draft", "submitted", by=bidding, label=_("Submit"),
          requires=[guards.before_deadline, guards.every_mandatory_line_answered, guards.valid_long_enough],
          tells=SALES)  # fmt: skip
    def submit(self, *, actor: Actor) -> None:
        self.submitted_at = database_now()
        self.submitted_sha256 = cast("Quotation", self).sealed_sha256

    @step("submitted", "draft", by=bidding, label=_("Revise"), requires=[guards.before_deadline])
    def revise(self, *, actor: Actor) -> None:
        self.submitted_at, self.submitted_sha256 = None, ""

    @step(["draft", "submitted"], "withdrawn", by=bidding, label=_("Withdraw"), requires=[guards.before_deadline],
          tells=SALES)  # fmt: skip
    def withdraw(self, *, actor: Actor, reason: str = "") -> None: ...

    @step(["invited", "draft"], "lapsed", by=waiting, label=_("Lapse"), requires=[guards.after_deadline], tells=SALES)
    def lapse(self, *, actor: Actor) -> None: ...

    @step("submitted", "opened", by=waiting, label=pgettext_lazy("bids", "Open"), requires=[guards.rfq_being_opened])
    def open(self, *, actor: Actor, valid_until: date | None) -> None:
        """Taken with all others of the RFQ by its opening, which has written the lines in clear."""
        self.opened_at, self.valid_until = database_now(), valid_until
        cast("Quotation", self).take_over_from_lines()

    @step("opened", "shortlisted", by=buying, label=_("Shortlist"), requires=[guards.rfq_under_evaluation])
    def shortlist(self, *, actor: Actor) -> None: ...

    @step(["opened", "shortlisted"], UNDECIDED, by=buying, label=_("Propose disqualification"),
          requires=[guards.rfq_under_evaluation], tells={"buyer_id": ("compliance",)})  # fmt: skip
    def propose_disqualification(self, *, actor: Actor, criterion: str, reason: str) -> str:
        self.disqualification_criterion, self.disqualification_reason = criterion, reason
        self.disqualification_proposed_by_id = actor.user_id
        return str(self.state)

    @step(["opened", "shortlisted"], "disqualified", by=controlling & ~guards.proposer, label=_("Disqualify"),
          requires=[guards.rfq_under_evaluation, guards.disqualification_proposed], tells=SALES)  # fmt: skip
    def disqualify(self, *, actor: Actor) -> None: ...

    @step(["opened", "shortlisted"], UNDECIDED, by=bidding, label=_("Extend validity"))
    def extend(self, *, actor: Actor, valid_until: date) -> str:
        """Raises ``Invalid`` for a day that is not later than the present one."""
        guards.require_later(valid_until, self.valid_until)
        self.valid_until = valid_until
        return str(self.state)

    @step(["opened", "shortlisted"], "expired", by=waiting, label=_("Expire"),
          requires=[guards.validity_passed, guards.no_award_upon_it], tells=SALES | BUYERS)  # fmt: skip
    def expire(self, *, actor: Actor) -> None: ...

    @step(["opened", "shortlisted"], "awarded", by=waiting, label=_("Award"), requires=[guards.rfq_awarded],
          tells=SALES)  # fmt: skip
    def award(self, *, actor: Actor) -> None: ...

    @step(["opened", "shortlisted"], "partially_awarded", by=waiting, label=_("Award in part"),
          requires=[guards.rfq_awarded], tells=SALES)  # fmt: skip
    def part_award(self, *, actor: Actor) -> None: ...

    @step(["opened", "shortlisted"], "not_awarded", by=waiting, label=_("Pass over"), requires=[guards.rfq_awarded],
          tells=SALES)  # fmt: skip
    def pass_over(self, *, actor: Actor) -> None: ...

    @step(["awarded", "partially_awarded"], "ordered", by=waiting, label=_("Order"))
    def order(self, *, actor: Actor, created: str) -> None:
        """``created`` is the order or contract that exists now, as ``<app>.<model>/<id>``."""

    @step("opened", "voided", by=buying, label=_("Strike out"),
          requires=[guards.rfq_under_evaluation, guards.recorded_on_paper, guards.no_award_upon_it])  # fmt: skip
    def strike(self, *, actor: Actor, reason: str) -> None:
        """Taken when the upload that recorded it from paper is undone."""

    @step([*SEALED, *UNDECIDED], "voided", by=waiting, label=_("Void"), requires=[guards.rfq_ended_without_award],
          tells=SALES)  # fmt: skip
    def void(self, *, actor: Actor) -> None: ...

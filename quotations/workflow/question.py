"""A supplier asks about an RFQ before its deadline; the buyer answers that supplier, or all without naming who asked.

asked ──answer──▶ answered
  └────withdraw──▶ withdrawn
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from b2b.clock import database_now
from b2b.fields import StateField
from b2b.models import Organisation
from b2b.policy import Actor, clock
from b2b.workflow import Document, step
from quotations.policy import bidding, buying

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation
    from quotations.models import Question


class QuestionState(models.TextChoices):
    ASKED = "asked", _("Asked")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class QuestionWorkflow(Document):
    """The state of a question, and its answer. An open one keeps the RFQ from closing."""

    FINAL: ClassVar = ("answered", "withdrawn")
    editable_by = clock
    editable_in = ()

    state = StateField(_("state"), choices=QuestionState, default=QuestionState.ASKED)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("organisation", "buyer")
    )
    supplier = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    answer_text = models.TextField(_("answer"), blank=True, editable=False)
    to_all = models.BooleanField(_("answered to all"), default=False, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    buyer_id: UUID
    supplier_id: UUID

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        rfq: RequestForQuotation

    @step("asked", "answered", by=buying, label=_("Answer"), tells={"supplier_id": ("sales",)})
    def answer(self, *, actor: Actor, answer_text: str, to_all: bool) -> None:
        self.answer_text, self.to_all, self.answered_at = answer_text, to_all, database_now()
        if to_all:
            cast("Question", self).tell_the_others()

    @step("asked", "withdrawn", by=bidding, label=_("Withdraw"))
    def withdraw(self, *, actor: Actor) -> None: ...

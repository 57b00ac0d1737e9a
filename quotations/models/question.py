from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from b2b.notifications import members_with_role, notify
from procurement.models import RequestForQuotation
from quotations.policy import oversees
from quotations.workflow.question import QuestionWorkflow

if TYPE_CHECKING:
    from b2b.policy import Actor


class QuestionQuerySet(models.QuerySet["Question"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, those about one's own RFQs, and answers given to all about RFQs one may see."""
        if oversees(actor):
            return self
        if actor.organisation_id is None:
            return self.none()
        shared = Q(to_all=True, rfq__in=RequestForQuotation.objects.visible_to(actor).values("pk"))
        return self.filter(Q(supplier_id=actor.organisation_id) | Q(buyer_id=actor.organisation_id) | shared)


class Question(QuestionWorkflow):
    """One question about an RFQ. Who asked is known to the asker and the buyer only."""

    rfq = models.ForeignKey(RequestForQuotation, models.PROTECT, related_name="questions", verbose_name=_("RFQ"))
    text = models.TextField(_("question"))

    rfq_id: UUID

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["rfq"], name="question_open_on_rfq", condition=Q(state="asked")),
            models.Index(fields=["buyer", "-id"], name="question_for_buyer"),
            models.Index(fields=["supplier", "-id"], name="question_of_supplier"),
        ]

    def tell_the_others(self) -> None:
        """Every other bidder in the running hears of an answer given to all."""
        others = self.rfq.quotations.filter(state__in=("invited", "draft", "submitted"))
        for supplier_id in others.exclude(supplier_id=self.supplier_id).values_list("supplier_id", flat=True):
            notify(members_with_role(supplier_id, ["sales"]), "quotations.answered_to_all", self, rfq=self.rfq.number)

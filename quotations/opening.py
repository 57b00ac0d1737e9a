"""Opening an RFQ's quotations, by whoever may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext, ngettext

from b2b.errors import Fault
from b2b.policy import CLOCK, Actor
from procurement.models import RequestForQuotation
from quotations.inviting import await_opening
from quotations.models import BidOpening, Quotation
from quotations.workflow.bid_opening import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Mapping


def consent(rfq: RequestForQuotation, actor: Actor) -> BidOpening:
    """One person's consent to open the RFQ's quotations; the last one needed opens them."""
    with transaction.atomic():
        rfq.lock()
        opening = await_opening(rfq, actor=CLOCK)
        opening.consent(actor=actor)
    return opening


def due_to_open(now: datetime) -> QuerySet[BidOpening]:
    """Openings the clock has to make: the RFQ is closed, asks for nobody's consent, and enough came."""
    waiting = BidOpening.objects.filter(state="awaited", rfq__state="closed", rfq__opening="clock")
    submitted = Count("rfq__quotations", filter=Q(rfq__quotations__state="submitted"))
    return waiting.annotate(came=submitted).filter(came__gte=F("rfq__minimum_quotations")).order_by("pk")


def submitted_counts(rfq_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many quotations wait sealed for each RFQ, in one query."""
    submitted = Quotation.objects.filter(rfq_id__in=rfq_ids, state="submitted").order_by()
    return dict(submitted.values_list("rfq_id").annotate(came=Count("pk")))


def everybody_consented(rfq: RequestForQuotation) -> Fault | None:
    """Hangs on the RFQ's own ``open_bids``: whoever takes it some other way finds it shut."""
    needed = PEOPLE[rfq.opening]
    if not needed:
        return None
    given = BidOpening.objects.filter(rfq=rfq, consents__isnull=False).aggregate(n=Count("consents"))["n"]
    if given >= needed:
        return None
    return Fault(
        "#/opening",
        "consents-missing",
        gettext("%(given)s of %(needed)s people have consented to open the quotations.")
        % {"given": given, "needed": needed},
    )


def no_open_question(rfq: RequestForQuotation) -> Fault | None:
    """Hangs on the RFQ's ``close``: nobody shall bid in the dark because an answer never came."""
    open_questions = rfq.questions.filter(state="asked").count()
    if not open_questions:
        return None
    return Fault(
        "#/questions",
        "question-open",
        ngettext(
            "%(count)s question is not answered; answer it, or extend the deadline.",
            "%(count)s questions are not answered; answer them, or extend the deadline.",
            open_questions,
        )
        % {"count": open_questions},
    )

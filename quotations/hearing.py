"""What quotations do when something happens to an RFQ, and what follows from their own steps."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task
from django.db import transaction

from b2b.events import on
from b2b.policy import CLOCK
from b2b.together import together
from procurement.models import RequestForQuotation
from quotations.announcing import announce_prices, announce_response
from quotations.inviting import invite
from quotations.models import Award, BidOpening, Objection, Quotation
from quotations.workflow.quotation import SEALED, UNDECIDED

RFQ = "procurement.requestforquotation"


@on(f"{RFQ}.publish", name="quotations.invite_on_publish")
def invite_on_publish(document_id: str) -> None:
    _invite(document_id)


@on(f"{RFQ}.approve", name="quotations.invite_on_approve")
def invite_on_approve(document_id: str) -> None:
    _invite(document_id)


def _invite(document_id: str) -> None:
    with together():
        invite(RequestForQuotation.found_and_held(UUID(document_id), seen_by=None), actor=CLOCK)


@on(f"{RFQ}.cancel", name="quotations.void_on_cancel")
def void_on_cancel(document_id: str) -> None:
    void(RequestForQuotation.objects.get(pk=document_id))


@on(f"{RFQ}.fail", name="quotations.void_on_fail")
def void_on_fail(document_id: str) -> None:
    void(RequestForQuotation.objects.get(pk=document_id))


def void(rfq: RequestForQuotation) -> None:
    """The RFQ ended without award: everything that hung on it ends too, and what is sealed stays so."""
    with transaction.atomic():
        rfq.lock()
        for award in Award.objects.filter(rfq=rfq, state__in=("proposed", "approved")):
            for objection in Objection.objects.filter(award=award, state="raised").order_by("pk"):
                objection.lapse(actor=CLOCK)
            award.cancel(actor=CLOCK)
        for opening in BidOpening.objects.filter(rfq=rfq, state="awaited"):
            opening.void(actor=CLOCK)
        for quotation in Quotation.objects.filter(rfq=rfq, state__in=(*SEALED, *UNDECIDED)).order_by("pk"):
            quotation.void(actor=CLOCK)


@on("quotations.quotation.open", name="quotations.score_answer")
def score_answer(document_id: str) -> None:
    announce_response(Quotation.objects.get(pk=document_id))


@on("quotations.quotation.decline", name="quotations.score_refusal")
def score_refusal(document_id: str) -> None:
    announce_response(Quotation.objects.get(pk=document_id))


@on("quotations.quotation.withdraw", name="quotations.score_withdrawal")
def score_withdrawal(document_id: str) -> None:
    announce_response(Quotation.objects.get(pk=document_id))


@on("quotations.quotation.lapse", name="quotations.score_silence")
def score_silence(document_id: str) -> None:
    announce_response(Quotation.objects.get(pk=document_id))


@shared_task(name="quotations.score_prices")
def score_prices(rfq_id: str) -> None:
    """Asked for once, by the step that opened the quotations."""
    announce_prices(RequestForQuotation.objects.get(pk=rfq_id))

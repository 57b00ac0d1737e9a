"""Asking before the deadline, and objecting during the standstill."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Blocked, DomainError, Fault, NotFound
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.workflow import create
from procurement.models import RequestForQuotation
from quotations.models import Award, Objection, Question, Quotation


class ObjectedAlready(DomainError):
    code, title = "objected-already", _("You have objected to this award already.")


def ask_question(rfq: RequestForQuotation, *, text: str, actor: Actor) -> Question:
    """A supplier's question about an RFQ it may see. Raises ``NotFound``, and ``Blocked`` after the deadline."""
    if actor.organisation_id in {None, rfq.buyer_id}:
        raise NotFound
    with transaction.atomic():
        rfq.lock()
        if rfq.state != "published" or (rfq.deadline is not None and rfq.deadline <= database_now()):
            detail = gettext("Questions are asked before the deadline.")
            raise Blocked(faults=[Fault("#/rfq", "deadline-passed", detail)])
        return create(
            Question(
                rfq=rfq,
                buyer_id=rfq.buyer_id,
                supplier_id=actor.organisation_id,
                text=text,
                number=next_number("QST", rfq.buyer_id, database_now().date()),
            ),
            actor=actor,
        )


def object_to(quotation: Quotation, *, text: str, actor: Actor) -> Objection:
    """A bidder objects to the award over its quotation. Raises ``Blocked`` outside the standstill."""
    if actor.organisation_id != quotation.supplier_id:
        raise NotFound
    with transaction.atomic():
        RequestForQuotation(pk=quotation.rfq_id).lock()
        award = Award.objects.filter(rfq_id=quotation.rfq_id, state="approved").first()
        if award is None or award.rfq.state != "standstill":
            detail = gettext("One may object while the standstill of an award runs.")
            raise Blocked(faults=[Fault("#/rfq", "no-standstill", detail)])
        return _object(award, quotation, text, actor)


def _object(award: Award, quotation: Quotation, text: str, actor: Actor) -> Objection:
    objection = Objection(
        award=award,
        quotation=quotation,
        buyer_id=award.buyer_id,
        supplier_id=quotation.supplier_id,
        text=text,
        number=next_number("OBJ", award.buyer_id, database_now().date()),
    )
    try:
        with transaction.atomic():
            return create(objection, actor=actor)
    except IntegrityError as clash:
        if "objection_one_open_per_bidder" not in str(clash):
            raise
        raise ObjectedAlready from None

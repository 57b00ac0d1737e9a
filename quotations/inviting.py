"""A quotation for every supplier asked, and one for a supplier who answers a public RFQ."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import DomainError, NotFound
from b2b.numbering import next_number, numbers_of
from b2b.policy import Actor
from b2b.together import together
from b2b.workflow import create, create_all
from procurement.models import RequestForQuotation
from quotations.models import BidOpening, Quotation

if TYPE_CHECKING:
    from datetime import datetime

SERIES = "QUO"


class AlreadyQuoting(DomainError):
    code, title = "already-quoting", _("There is a quotation of yours for this RFQ.")


class NotOpenForQuotations(DomainError):
    code, title = "rfq-not-open", _("The RFQ does not take quotations.")


def invite(rfq: RequestForQuotation, *, actor: Actor) -> list[Quotation]:
    """One quotation for each invitation that has none yet, and the opening they await. Doing it twice adds nothing."""
    with together():
        rfq.lock()
        await_opening(rfq, actor=actor)
        answered = Quotation.objects.filter(rfq=rfq, supplier_id=OuterRef("supplier_id"))
        asked = rfq.invitations.filter(~Exists(answered)).order_by("supplier_id")
        waiting = list(asked.values_list("supplier_id", "invited_at"))
        numbers = numbers_of(SERIES, [key for key, _at in waiting], database_now().date())
        return create_all([_new(rfq, key, numbers[key], invited_at=at) for key, at in waiting], actor=actor)


def await_opening(rfq: RequestForQuotation, *, actor: Actor) -> BidOpening:
    """The RFQ's opening, made when first asked for; the caller holds the RFQ."""
    found = BidOpening.objects.filter(rfq=rfq).first()
    return found or create(BidOpening(rfq=rfq, buyer_id=rfq.buyer_id), actor=actor)


def answer(rfq: RequestForQuotation, *, actor: Actor) -> Quotation:
    """Begin a quotation for an RFQ one may see: invited, or public. Raises ``AlreadyQuoting``, ``NotFound``."""
    supplier_id = actor.organisation_id
    if supplier_id is None or not RequestForQuotation.objects.visible_to(actor).filter(pk=rfq.pk).exists():
        raise NotFound
    if supplier_id == rfq.buyer_id or rfq.state != "published":
        raise NotOpenForQuotations
    try:
        with transaction.atomic():
            number = next_number(SERIES, supplier_id, database_now().date())
            quotation = create(_new(rfq, supplier_id, number, invited_at=None), actor=actor)
            quotation.start(actor=actor)
    except IntegrityError as clash:
        if "quotation_once_per_supplier" not in str(clash):
            raise
        raise AlreadyQuoting(gettext("Go on with the quotation you have, or withdraw it first.")) from None
    return quotation


def _new(rfq: RequestForQuotation, supplier_id: UUID, number: str, *, invited_at: datetime | None) -> Quotation:
    return Quotation(
        rfq=rfq,
        buyer_id=rfq.buyer_id,
        supplier_id=supplier_id,
        currency=rfq.currency,
        invited_at=invited_at,
        number=number,
    )

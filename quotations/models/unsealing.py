"""Breaking the seals of one RFQ: each content verified against the journal, then written as lines in clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import DomainError
from b2b.models import JournalEntry
from b2b.money import line_amount
from b2b.policy import CLOCK
from b2b.rows import insert
from b2b.sealing import unseal
from quotations.models.quotation import Quotation, QuotationLine, QuotationVersion, held_answers
from quotations.offer import Offer, content_hash

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation, RFQLine


class SealDiffers(DomainError):
    """What is sealed is not what the journal says was submitted; nothing is opened until that is explained."""

    code, title = "seal-differs", _("A sealed quotation is not what its supplier submitted.")


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A quotation with the content found in it and the content's hash."""

    quotation: Quotation
    offer: Offer
    sha256: str
    submitted_at: datetime


def unseal_quotations(rfq: RequestForQuotation) -> list[Unsealed]:
    """Open all submitted quotations in the order of their keys. Raises ``SealDiffers`` and ``SealBroken``."""
    found = list(_verified(rfq))
    lines = {line.number: line for line in rfq.lines.all()}
    clear = [list(clear_lines(unsealed.quotation, unsealed.offer, lines)) for unsealed in found]
    insert(list(chain.from_iterable(clear)))
    for unsealed, own in zip(found, clear, strict=True):
        unsealed.quotation.know_sum(own)
        unsealed.quotation.open(actor=CLOCK, valid_until=unsealed.offer.valid_until)
    return found


def _verified(rfq: RequestForQuotation) -> Iterator[Unsealed]:
    submitted = held_answers(rfq, ("submitted",))
    journalled = journalled_hashes(quotation.pk for quotation in submitted)
    rows = QuotationVersion.objects.filter(quotation__in=submitted)
    sealed = {(row.quotation_id, row.number): row.sealed for row in rows}
    for quotation in submitted:
        token = sealed.get((quotation.pk, quotation.sealed_version), b"")
        content = unseal(token)
        sha256 = content_hash(content)
        if not sha256 == quotation.submitted_sha256 == journalled.get(quotation.pk):
            raise SealDiffers(
                gettext("Quotation %(number)s does not have the content its supplier submitted.")
                % {"number": quotation.number}
            )
        yield Unsealed(quotation, Offer.from_bytes(content), sha256, quotation.submitted_at or database_now())


def journalled_hashes(quotation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The hash each quotation's last submission left in the journal."""
    entries = (
        JournalEntry.objects.filter(
            document_type="quotations.quotation", document_id__in=list(quotation_ids), step="submit"
        )
        .order_by("document_id", "-sequence")
        .distinct("document_id")
    )
    return {entry.document_id: entry.changes["submitted_sha256"][1] for entry in entries}


def clear_lines(quotation: Quotation, offer: Offer, lines: Mapping[int, RFQLine]) -> Iterator[QuotationLine]:
    """The rows an offer becomes; the amount is rounded here, once (EN 16931 BT-131)."""
    for number, answer in sorted(offer.lines.items()):
        asked, net = lines[number], offer.net_price(answer, lines[number].quantity)
        yield QuotationLine(
            quotation=quotation,
            rfq_line=asked,
            number=number,
            quantity=asked.quantity,
            no_bid=answer.no_bid,
            unit_price=answer.price_for(asked.quantity),
            net_unit_price=net,
            amount=None if net is None else line_amount(asked.quantity, net, offer.currency).amount,
            lead_time_days=answer.lead_time_days,
            note=answer.note,
            tiers=[tier.as_json() for tier in answer.tiers],
            alternatives=[one.as_json() for one in answer.alternatives],
        )

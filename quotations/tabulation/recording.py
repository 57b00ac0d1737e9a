"""A published proposal becomes real documents: an RFQ under evaluation, and an opened quotation for each bidder.

Those documents were never drafted, sealed or opened here. So they do not pretend: each is created in the state in
which the tabulation shows it, and its first journal entry says that it was recorded from which file and rows.
Their instants are the day of the letting, at noon UTC. A bidder the tabulation gives no rank while it ranks
others is recorded as disqualified, with what the file says in place of the rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils.translation import gettext as _

from b2b import workflow
from b2b.clock import database_now
from b2b.exchange import ECB, EUR, RateTable
from b2b.models import Organisation
from b2b.money import line_amount
from b2b.numbering import next_number
from b2b.policy import Actor
from procurement.models import RequestForQuotation, RFQLine
from quotations.models import Quotation, QuotationLine, RecordedTabulation
from quotations.tabulation.bidders import canonical, without_form
from quotations.tabulation.prices import CURRENCY
from quotations.tabulation.proposals import Bid, Proposal

COUNTRY = "US"
LOCK = 0x746162
"""Advisory lock: two imports for one buyer follow each other."""
LONGEST_ITEM, LONGEST_TITLE, LONGEST_SECTION, LONGEST_REFERENCE = 500, 200, 200, 120
OPEN_DAYS = 1
"""How long before its opening a recorded RFQ is dated as published; tabulations do not say."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one proposal. ``is_new`` is false where it had been recorded before."""

    rfq: RequestForQuotation
    quotations: Mapping[str, Quotation]
    """By bidder."""
    is_new: bool


def record(proposal: Proposal, *, buyer: Organisation, file_name: str, actor: Actor) -> Recorded:
    """Record a proposal for a buyer, once: the same proposal again finds what is there."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, str(buyer.pk)])
        known = RecordedTabulation.objects.filter(buyer=buyer, digest=proposal.digest()).select_related("rfq").first()
        if known is not None:
            return Recorded(known.rfq, _by_bidder(proposal, known), is_new=False)
        return _record(proposal, buyer, file_name, actor)


def _by_bidder(proposal: Proposal, known: RecordedTabulation) -> dict[str, Quotation]:
    quotations = {str(row.pk): row for row in known.rfq.quotations.select_related("supplier")}
    return {bidder: quotations[key] for bidder, key in known.bidders.items() if key in quotations}


def _record(proposal: Proposal, buyer: Organisation, file_name: str, actor: Actor) -> Recorded:
    opened_at = _instant(proposal.opened_on)
    source = {"recorded_from": file_name, "sheet": proposal.first_row.sheet, "row": proposal.first_row.number}
    rfq = _rfq(proposal, buyer, opened_at)
    workflow.create(rfq, actor=actor, inputs=source)
    lines = _lines(proposal, rfq)
    RFQLine.objects.bulk_create(lines.values(), batch_size=1000)
    suppliers = _suppliers([bid.bidder for bid in proposal.bids])
    quotations = {bid.bidder: _quotation(proposal, bid, rfq, suppliers[bid.bidder], opened_at) for bid in proposal.bids}
    for quotation in quotations.values():
        workflow.create(quotation, actor=actor, inputs=source)
    answers = [line for bid in proposal.bids for line in _answers(proposal, bid, quotations[bid.bidder], lines)]
    QuotationLine.objects.bulk_create(answers, batch_size=2000)
    _keep(proposal, rfq, quotations, file_name)
    return Recorded(rfq, quotations, is_new=True)


def _instant(day: date | None) -> datetime:
    return datetime.combine(day, time(12), UTC) if day else database_now()


def _rfq(proposal: Proposal, buyer: Organisation, opened_at: datetime) -> RequestForQuotation:
    return RequestForQuotation(
        state="under_evaluation",
        buyer=buyer,
        number=next_number("RFQ", buyer.pk, opened_at.date()),
        title=" · ".join(filter(None, [proposal.name, proposal.title]))[:LONGEST_TITLE],
        place=proposal.place[:LONGEST_TITLE],
        currency=CURRENCY,
        quotation_currencies=[CURRENCY],
        is_public=False,
        opening="one",
        deadline=opened_at,
        published_at=opened_at - timedelta(days=OPEN_DAYS),
        closed_at=opened_at,
        opened_at=opened_at,
        rates=RateTable(opened_at.date(), ECB, EUR, ()).as_json(),
        estimate=_estimate(proposal),
    )


def _estimate(proposal: Proposal) -> Decimal | None:
    if any(line.number not in proposal.estimates for line in proposal.lines):
        return None
    amounts = (line_amount(line.quantity, proposal.estimates[line.number], CURRENCY).amount for line in proposal.lines)
    return sum(amounts, Decimal(0))


def _lines(proposal: Proposal, rfq: RequestForQuotation) -> dict[int, RFQLine]:
    """Mandatory is what every bidder priced: sections some left out are alternates."""
    return {
        line.number: RFQLine(
            rfq=rfq,
            number=line.number,
            item=line.item[:LONGEST_ITEM],
            section=line.section[:LONGEST_SECTION],
            quantity=line.quantity,
            unit=line.unit,
            estimate_unit_price=proposal.estimates.get(line.number),
            mandatory=all(line.number in bid.prices for bid in proposal.bids),
        )
        for line in proposal.lines
    }


def _quotation(
    proposal: Proposal, bid: Bid, rfq: RequestForQuotation, supplier: Organisation, opened_at: datetime
) -> Quotation:
    out = proposal.publishes_ranks and bid.rank is None
    return Quotation(
        state="disqualified" if out else "opened",
        rfq=rfq,
        buyer_id=rfq.buyer_id,
        supplier=supplier,
        number=next_number("QUO", supplier.pk, opened_at.date()),
        currency=CURRENCY,
        submitted_at=opened_at,
        opened_at=opened_at,
        total=sum(_amounts(proposal, bid).values(), Decimal(0)),
        disqualification_criterion=_("Rank published") if out else "",
        disqualification_reason=_unranked(bid) if out else "",
    )


def _unranked(bid: Bid) -> str:
    if bid.rank_text and bid.rank_text != "0":
        return _("The tabulation says “%(text)s” in place of a rank.") % {"text": bid.rank_text}
    return _("The tabulation ranks the other bidders and not this one.")


def _amounts(proposal: Proposal, bid: Bid) -> dict[int, Decimal]:
    return {
        line.number: line_amount(line.quantity, bid.prices[line.number].unit_price, CURRENCY).amount
        for line in proposal.lines
        if line.number in bid.prices
    }


def _answers(proposal: Proposal, bid: Bid, quotation: Quotation, lines: Mapping[int, RFQLine]) -> list[QuotationLine]:
    return [
        QuotationLine(
            quotation=quotation,
            rfq_line=lines[number],
            number=number,
            quantity=lines[number].quantity,
            unit_price=bid.prices[number].unit_price,
            net_unit_price=bid.prices[number].unit_price,
            amount=amount,
        )
        for number, amount in _amounts(proposal, bid).items()
    ]


def _keep(proposal: Proposal, rfq: RequestForQuotation, quotations: Mapping[str, Quotation], file_name: str) -> None:
    RecordedTabulation.objects.create(
        rfq=rfq,
        buyer_id=rfq.buyer_id,
        reference=proposal.name[:LONGEST_REFERENCE],
        digest=proposal.digest(),
        file_name=file_name[-150:],
        bidders={bidder: str(quotation.pk) for bidder, quotation in quotations.items()},
        published_ranks={str(quotations[bid.bidder].pk): bid.rank for bid in proposal.bids if bid.rank is not None},
    )


def _suppliers(names: Sequence[str]) -> dict[str, Organisation]:
    """Organisations by bidder's name: a known supplier under any spelling, or a new one.

    Spellings that differ only in the legal form are one company, except where both bid on the same proposal.
    """
    known = _Known()
    bare = [without_form(name) for name in names]
    found: dict[str, Organisation] = {}
    for name in names:
        exact = bare.count(without_form(name)) > 1
        found[name] = known.find(name, exact=exact) or known.add(name)
    return found


class _Known:
    """Every supplier by the ways its name may be written."""

    def __init__(self) -> None:
        self.by_canonical: dict[str, Organisation] = {}
        self.by_bare: dict[str, Organisation] = {}
        for organisation in Organisation.objects.suppliers().order_by("pk"):
            self._learn(organisation)

    def _learn(self, organisation: Organisation) -> None:
        self.by_canonical.setdefault(canonical(organisation.name), organisation)
        self.by_bare.setdefault(without_form(organisation.name), organisation)

    def find(self, name: str, *, exact: bool) -> Organisation | None:
        same = self.by_canonical.get(canonical(name))
        return same if same or exact else self.by_bare.get(without_form(name))

    def add(self, name: str) -> Organisation:
        organisation = Organisation.objects.create(
            name=name[:200], is_supplier=True, country=COUNTRY, currency=CURRENCY
        )
        self._learn(organisation)
        return organisation

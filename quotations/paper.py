"""Recording bids that came on paper: opened by people at a table, typed into a bid tabulation, uploaded at once.

They join an RFQ under evaluation as quotations that are opened from the start; their first journal entry says from
which file they were recorded. Nothing here touches a quotation that was sealed in the product.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Blocked, Fault, NotAllowed
from b2b.fields import new_key
from b2b.models import Organisation
from b2b.money import line_amount
from b2b.numbering import next_number
from b2b.policy import CLOCK, Actor
from b2b.sheets.reading import Reading
from b2b.sheets.sheet import Row
from b2b.workflow import create
from procurement.models import RequestForQuotation, RFQLine
from quotations.inviting import SERIES
from quotations.models import Quotation, QuotationLine
from quotations.policy import buying
from quotations.sheets.bid_tabulation import read_tabulation
from quotations.tabulation.bidders import canonical


def record_paper_bids(rfq: RequestForQuotation, data: bytes, file_name: str, *, actor: Actor) -> list[Quotation]:
    """One opened quotation for each bidder on the sheet: all of them, or none.

    Raises ``NotAllowed``, ``Blocked`` unless the RFQ is under evaluation, ``SheetRefused``, and ``Faulty`` with every
    fault by its cell.
    """
    if not buying(actor, rfq):
        raise NotAllowed(gettext("This step is for: %(who)s.") % {"who": buying.name})
    with transaction.atomic():
        rfq.lock()
        require_opened(rfq)
        reading = read_tabulation(rfq, data, file_name)
        bidders = _bidders(rfq, reading)
        rows = reading.sound()
        bids: dict[UUID, list[Row]] = defaultdict(list)
        for row in rows:
            bids[bidders[row["bidder"]].pk].append(row)
        return record(rfq, bids, actor, file_name)


def require_opened(rfq: RequestForQuotation) -> None:
    """Raises ``Blocked``."""
    if rfq.state != "under_evaluation":
        detail = gettext("Bids on paper are recorded after the opening, while the RFQ is under evaluation.")
        raise Blocked(faults=[Fault("#/rfq", "rfq-in-another-state", detail)])


class Bidders:
    """Who may have bid, by the names a tabulation calls them by."""

    def __init__(self, rfq: RequestForQuotation) -> None:
        self._named: dict[str, list[Organisation]] = defaultdict(list)
        for one in Organisation.objects.suppliers().exclude(pk=rfq.buyer_id):
            self._named[canonical(one.name)].append(one)
        self._asked = set(rfq.quotations.values_list("supplier_id", flat=True))

    def called(self, name: str) -> Sequence[Organisation]:
        """Of namesakes those who were asked or answered, and of these those who are written just so."""
        found = self._named.get(canonical(name), [])
        if len(found) > 1:
            found = [one for one in found if one.pk in self._asked] or found
        if len(found) > 1:
            found = [one for one in found if one.name == name] or found
        return found


def nobody_or_several(found: Sequence[Organisation]) -> tuple[str, str]:
    """Code and sentence of a name that does not mean one supplier."""
    if found:
        return "supplier-ambiguous", gettext(
            "Several suppliers have this name. Write it just as the one that is meant is registered."
        )
    return "unknown-supplier", gettext("No supplier is registered under this name.")


def _bidders(rfq: RequestForQuotation, reading: Reading) -> dict[str, Organisation]:
    """The supplier each name means. Unknown names, and bidders who have a quotation already, are faults."""
    suppliers = Bidders(rfq)
    taken = set(rfq.quotations.filter(opened_at__isnull=False).values_list("supplier_id", flat=True))
    found: dict[str, Organisation] = {}
    for row in reading.rows:
        called = suppliers.called(row["bidder"])
        if len(called) != 1:
            reading.fault(row, "bidder", *nobody_or_several(called))
        elif called[0].pk in taken:
            reading.fault(row, "bidder", "already-quoting", gettext("This bidder's quotation was opened already."))
        else:
            found[row["bidder"]] = called[0]
    return found


def record(
    rfq: RequestForQuotation,
    bids: Mapping[UUID, Sequence[Row]],
    actor: Actor,
    file_name: str,
    *,
    keys: Mapping[UUID, UUID] | None = None,
) -> list[Quotation]:
    """One opened quotation for each supplier, of rows that were found sound; ``keys`` are the quotations' own."""
    asked = {line.number: line for line in rfq.lines.all()}
    return [
        _quotation(
            rfq,
            supplier_id,
            [_line(row, asked[row["number"]], rfq.currency) for row in own],
            actor,
            file_name,
            (keys or {}).get(supplier_id) or new_key(),
        )
        for supplier_id, own in sorted(bids.items())
    ]


def _quotation(
    rfq: RequestForQuotation,
    supplier_id: UUID,
    lines: Sequence[QuotationLine],
    actor: Actor,
    file_name: str,
    key: UUID,
) -> Quotation:
    """The invitation the bidder answered on paper has lapsed, or lapses now."""
    for silent in rfq.quotations.filter(supplier_id=supplier_id, state__in=("invited", "draft")):
        silent.lapse(actor=CLOCK)
    now = database_now()
    quotation = Quotation(
        pk=key,
        state="opened",
        rfq=rfq,
        buyer_id=rfq.buyer_id,
        supplier_id=supplier_id,
        currency=rfq.currency,
        submitted_at=rfq.closed_at,
        opened_at=now,
        total=sum(line.amount or 0 for line in lines),
        number=next_number(SERIES, supplier_id, now.date()),
    )
    create(quotation, actor=actor, inputs={"recorded_from": file_name, "on_paper": True})
    QuotationLine.objects.bulk_create(_of(quotation, lines))
    return quotation


def _of(quotation: Quotation, lines: Iterable[QuotationLine]) -> list[QuotationLine]:
    rows = list(lines)
    for line in rows:
        line.quotation = quotation
    return rows


def _line(row: Row, asked: RFQLine, currency: str) -> QuotationLine:
    price = row["unit_price"]
    return QuotationLine(
        rfq_line=asked,
        number=asked.number,
        quantity=asked.quantity,
        no_bid=bool(row["no_bid"]),
        unit_price=price,
        net_unit_price=price,
        amount=None if price is None else line_amount(asked.quantity, price, currency).amount,
    )

"""All opened quotations of an RFQ side by side: every line, every bidder, in the RFQ's currency, ranked by total.

Amounts are those of the quotation lines, rounded once there, each converted at the rates frozen when the
quotations were opened and rounded to the RFQ's currency. A total is the sum of its converted lines. A bidder is ranked
if every mandatory line has a price and the quotation is in the running; equal totals share a rank, and
the next rank counts them both (1, 1, 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from uuid import UUID

from b2b.currency import currency as currency_of
from b2b.exchange import ECB, EUR, RateTable
from b2b.fields import PRICE_PLACES
from b2b.money import line_amount
from b2b.number import half_up
from quotations.queries.comparison import AnswerRow, answers_of, lines_asked, quotations_compared
from quotations.workflow.quotation import OPENED

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation
    from quotations.models import Quotation

OUT_OF_THE_RUNNING = ("disqualified", "expired")
PRICED, NO_BID, MISSING = "priced", "no_bid", "missing"


@dataclass(frozen=True, slots=True)
class Cell:
    """One bidder's answer to one line, and every number it was made from.

    ``unit_price`` is as quoted, in ``currency``; ``net_unit_price`` and ``amount`` are after the discount.
    ``compared_unit_price`` and ``compared_amount`` are in the RFQ's currency at ``rate``.
    """

    quotation_id: UUID
    kind: str
    currency: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    net_unit_price: Decimal | None = None
    amount: Decimal | None = None
    rate: Decimal | None = None
    compared_unit_price: Decimal | None = None
    compared_amount: Decimal | None = None
    lead_time_days: int | None = None
    note: str = ""
    quotation_line_id: UUID | None = None
    is_best: bool = False


@dataclass(slots=True)
class ComparedLine:
    """One line asked for, with a cell for every bidder, in the order of the bidders."""

    id: UUID
    number: int
    item: str
    section: str
    quantity: Decimal
    unit: str
    mandatory: bool
    estimate_unit_price: Decimal | None
    estimate_amount: Decimal | None
    cells: list[Cell] = field(default_factory=list)


@dataclass(slots=True)
class Bidder:
    """One quotation as a column. ``rank`` is ``None`` with its reason in ``unranked``."""

    quotation_id: UUID
    number: str
    state: str
    supplier_id: UUID
    supplier: str
    currency: str
    valid_until: date | None
    rate: Decimal
    total: Decimal
    compared_total: Decimal
    priced: int = 0
    missing: list[int] = field(default_factory=list)
    """Mandatory lines without a price, by number: not answered, or no bid."""
    no_bid: list[int] = field(default_factory=list)
    optional_missing: list[int] = field(default_factory=list)
    best_lines: int = 0
    rank: int | None = None
    unranked: str = ""
    """``disqualified``, ``expired`` or ``incomplete``."""
    above_best: Decimal | None = None
    """How much more than the best total."""

    @property
    def in_the_running(self) -> bool:
        return self.state not in OUT_OF_THE_RUNNING


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a buyer decides by. ``estimate_total`` sums the lines that have an estimate."""

    rfq_id: UUID
    number: str
    currency: str
    opened_at: datetime | None
    rates_on: date | None
    lines: Sequence[ComparedLine]
    bidders: Sequence[Bidder]
    estimate_total: Decimal | None

    def bidder(self, quotation_id: UUID) -> Bidder:
        return next(bidder for bidder in self.bidders if bidder.quotation_id == quotation_id)

    def ranks(self) -> dict[UUID, int | None]:
        """Quotation to rank."""
        return {bidder.quotation_id: bidder.rank for bidder in self.bidders}

    def best(self) -> list[Bidder]:
        """Everybody on the first rank."""
        return [bidder for bidder in self.bidders if bidder.rank == 1]


def comparison(rfq: RequestForQuotation) -> Comparison:
    """Compare what was opened; before opening there are lines and no bidders. Three queries, whatever the size."""
    quotations = [quotation for quotation in quotations_compared(rfq.pk) if quotation.state in OPENED]
    converter = _Converter(rfq)
    bidders = [_bidder(quotation, converter) for quotation in quotations]
    answers = answers_of(rfq.pk) if quotations else {}
    lines = [_line(row, rfq.currency) for row in lines_asked(rfq.pk)]
    by_key = {bidder.quotation_id: bidder for bidder in bidders}
    for line in lines:
        line.cells = [_cell(answers.get((key, line.id)), bidder, converter) for key, bidder in by_key.items()]
        _count(line, by_key)
    _mark_best(lines, by_key)
    rank(bidders)
    bidders.sort(key=lambda bidder: (bidder.rank is None, bidder.rank or 0, bidder.supplier, bidder.number))
    _in_order_of(bidders, lines)
    return Comparison(
        rfq_id=rfq.pk,
        number=rfq.number,
        currency=rfq.currency,
        opened_at=rfq.opened_at,
        rates_on=converter.table.on if rfq.rates else None,
        lines=lines,
        bidders=bidders,
        estimate_total=_estimate(lines),
    )


class _Converter:
    """Frozen rates into the RFQ's currency, each currency looked up once."""

    def __init__(self, rfq: RequestForQuotation) -> None:
        self.target = rfq.currency
        self.places = currency_of(rfq.currency).places
        self.table = RateTable.from_json(rfq.rates) if rfq.rates else RateTable(date.min, ECB, EUR, ())
        self.factors: dict[str, Fraction] = {rfq.currency: Fraction(1)}

    def rate(self, code: str) -> Decimal:
        """How much of the RFQ's currency one unit buys, as people read it. Raises ``NoRate``."""
        return Decimal(1) if code == self.target else self.table.rate(code, self.target)

    def amount(self, amount: Decimal, code: str) -> Decimal:
        """Rounded once, to the RFQ's currency; in that currency it is left as it is."""
        return amount if code == self.target else half_up(Fraction(amount) * self._factor(code), self.places)

    def unit_price(self, price: Decimal, code: str) -> Decimal:
        return price if code == self.target else half_up(Fraction(price) * self._factor(code), PRICE_PLACES)

    def _factor(self, code: str) -> Fraction:
        if code not in self.factors:
            self.factors[code] = self.table.factor(code, self.target)
        return self.factors[code]


def _bidder(quotation: Quotation, converter: _Converter) -> Bidder:
    return Bidder(
        quotation_id=quotation.pk,
        number=quotation.number,
        state=str(quotation.state),
        supplier_id=quotation.supplier_id,
        supplier=quotation.supplier.name,
        currency=quotation.currency,
        valid_until=quotation.valid_until,
        rate=converter.rate(quotation.currency),
        total=quotation.total or Decimal(0),
        compared_total=Decimal(0),
    )


def _line(row: Mapping[str, object], currency: str) -> ComparedLine:
    line = ComparedLine(**row, estimate_amount=None)  # type: ignore[arg-type]
    if line.estimate_unit_price is not None:
        line.estimate_amount = line_amount(line.quantity, line.estimate_unit_price, currency).amount
    return line


def _cell(row: AnswerRow | None, bidder: Bidder, converter: _Converter) -> Cell:
    if row is None:
        return Cell(bidder.quotation_id, MISSING)
    if row.amount is None or row.net_unit_price is None:
        return Cell(bidder.quotation_id, NO_BID, note=row.note, quotation_line_id=row.id)
    return Cell(
        quotation_id=bidder.quotation_id,
        kind=PRICED,
        currency=bidder.currency,
        quantity=row.quantity,
        unit_price=row.unit_price,
        net_unit_price=row.net_unit_price,
        amount=row.amount,
        rate=bidder.rate,
        compared_unit_price=converter.unit_price(row.net_unit_price, bidder.currency),
        compared_amount=converter.amount(row.amount, bidder.currency),
        lead_time_days=row.lead_time_days,
        note=row.note,
        quotation_line_id=row.id,
    )


def _count(line: ComparedLine, bidders: Mapping[UUID, Bidder]) -> None:
    for cell in line.cells:
        bidder = bidders[cell.quotation_id]
        if cell.compared_amount is not None:
            bidder.priced += 1
            bidder.compared_total += cell.compared_amount
            continue
        (bidder.missing if line.mandatory else bidder.optional_missing).append(line.number)
        if cell.kind == NO_BID:
            bidder.no_bid.append(line.number)


def _mark_best(lines: Iterable[ComparedLine], bidders: Mapping[UUID, Bidder]) -> None:
    """The lowest unit price among those in the running; several where they are equal."""
    for line in lines:
        prices = [
            cell.compared_unit_price
            for cell in line.cells
            if cell.compared_unit_price is not None and bidders[cell.quotation_id].in_the_running
        ]
        if not prices:
            continue
        best = min(prices)
        for place, cell in enumerate(line.cells):
            bidder = bidders[cell.quotation_id]
            if cell.compared_unit_price == best and bidder.in_the_running:
                line.cells[place] = replace(cell, is_best=True)
                bidder.best_lines += 1


def rank(bidders: Sequence[Bidder]) -> None:
    """Give each bidder its rank, or the reason why it has none."""
    for bidder in bidders:
        bidder.unranked = bidder.state if not bidder.in_the_running else "incomplete" if bidder.missing else ""
    ranked = [bidder for bidder in bidders if not bidder.unranked]
    totals = sorted(bidder.compared_total for bidder in ranked)
    for bidder in ranked:
        bidder.rank = totals.index(bidder.compared_total) + 1
        bidder.above_best = bidder.compared_total - totals[0]


def _in_order_of(bidders: Sequence[Bidder], lines: Iterable[ComparedLine]) -> None:
    place = {bidder.quotation_id: number for number, bidder in enumerate(bidders)}
    for line in lines:
        line.cells.sort(key=lambda cell: place[cell.quotation_id])


def _estimate(lines: Iterable[ComparedLine]) -> Decimal | None:
    known = [line.estimate_amount for line in lines if line.estimate_amount is not None]
    return sum(known, Decimal(0)) if known else None

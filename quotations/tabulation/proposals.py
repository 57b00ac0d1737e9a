"""One proposal as a file publishes it: its lines, its bidders with prices and ranks, and the estimate."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from b2b.money import line_amount
from quotations.tabulation.bidders import is_estimate, one_bidder_each, spellings
from quotations.tabulation.lines import Line, chosen_members, lines_of
from quotations.tabulation.prices import CURRENCY, Priced, priced
from quotations.tabulation.rows import Reading, Remark, Row

FORM = "1"
"""Part of the digest: a later form of reading may see more in the same file."""


@dataclass(slots=True)
class Bid:
    """One bidder's offer. ``rank`` is ``None`` where the file ranks everybody but this one, or nobody."""

    bidder: str
    rank: int | None
    rank_text: str
    prices: dict[int, Priced] = field(default_factory=dict)
    """By line number; a line the bidder did not price is not there."""
    stated_total: Decimal | None = None
    printed_total: Decimal = Decimal(0)
    """The sum of the file's own extensions."""


@dataclass(slots=True)
class Proposal:
    """Everything one proposal says. With ``faults`` it is not to be recorded."""

    call: str
    reference: str
    title: str
    place: str
    opened_on: date | None
    lines: list[Line]
    bids: list[Bid]
    estimates: dict[int, Decimal]
    """Estimated unit prices by line number."""
    first_row: Row
    faults: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    passed_over: dict[str, set[int]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How people call it: "call 605, 48042-214081"."""
        if self.call and self.call != self.reference:
            return _("call %(call)s, %(reference)s") % {"call": self.call, "reference": self.reference}
        return self.reference

    @property
    def publishes_ranks(self) -> bool:
        return any(bid.rank is not None for bid in self.bids)

    def digest(self) -> bytes:
        """SHA-256 over what the proposal says, whatever the file is called and wherever its rows stand."""
        said = {
            "form": FORM,
            "call": self.call,
            "reference": self.reference,
            "lines": [[line.number, line.item, line.unit, _plainly(line.quantity)] for line in self.lines],
            "estimates": {number: _plainly(price) for number, price in sorted(self.estimates.items())},
            "bids": [
                [
                    bid.bidder,
                    bid.rank,
                    {number: _plainly(price.unit_price) for number, price in sorted(bid.prices.items())},
                ]
                for bid in sorted(self.bids, key=lambda bid: bid.bidder)
            ],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).digest()


def _plainly(number: Decimal) -> str:
    return f"{number.normalize():f}"


def proposals_of(reading: Reading) -> list[Proposal]:
    """Every proposal of a file in the file's order, the faulty ones with their faults."""
    rows_by_key: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in reading.rows:
        rows_by_key[row.call, row.proposal].append(row)
    found = {key: _proposal(rows) for key, rows in rows_by_key.items()}
    _hand_out_faults(reading, found)
    for before, after, remark in reading.holes:
        for key in dict.fromkeys((before, after)):
            if proposal := found.get(key):
                proposal.remarks.append(remark)
    return list(found.values())


def _hand_out_faults(reading: Reading, found: Mapping[tuple[str, str], Proposal]) -> None:
    """A fault in a row spoils its proposal; in the estimate's rows, or where no proposal is known, it is told only."""
    for key, fault in reading.faults:
        if proposal := found.get(key):
            proposal.faults.append(fault)
        else:
            reading.remarks.append(fault)


def _proposal(rows: Sequence[Row]) -> Proposal:
    everybody = one_bidder_each([row for row in rows if not is_estimate(row.bidder)])
    estimate = [row for row in rows if is_estimate(row.bidder)]
    grouped = lines_of({**everybody, "": estimate} if estimate else everybody)
    first = rows[0]
    proposal = Proposal(
        call=first.call,
        reference=first.proposal,
        title=first.title,
        place=first.place,
        opened_on=next((row.bid_date for row in rows if row.bid_date), None),
        lines=grouped.lines,
        bids=[_bid(name, own, grouped.lines) for name, own in everybody.items()],
        estimates={line.number: _printed(line.rows[""]).unit_price for line in grouped.lines if "" in line.rows},
        first_row=first,
        faults=grouped.faults + [fault for own in everybody.values() for fault in _rank_faults(own)],
        remarks=grouped.remarks,
    )
    _tell(proposal, everybody)
    _pass_over_alternates(proposal)
    return proposal


def _printed(row: Row) -> Priced:
    return priced(quantity=row.quantity, price=row.price, places=row.price_places, amount=row.amount)


def _bid(name: str, rows: Sequence[Row], lines: Iterable[Line]) -> Bid:
    own = {line.number: line.rows[name] for line in lines if name in line.rows}
    first = rows[0]
    rank = next((row.rank for row in rows if row.rank is not None), None)
    return Bid(
        bidder=name,
        rank=rank,
        rank_text=first.rank_text,
        prices={number: _printed(row) for number, row in own.items()},
        stated_total=_stated_total(first, rank),
        printed_total=sum((_extension(row) for row in own.values()), Decimal(0)),
    )


def _extension(row: Row) -> Decimal:
    return row.amount if row.amount is not None else line_amount(row.quantity, row.price, CURRENCY).amount


def _stated_total(row: Row, rank: int | None) -> Decimal | None:
    return row.totals[rank - 1] if rank and rank <= len(row.totals) else None


def _rank_faults(rows: Sequence[Row]) -> Iterable[Remark]:
    ranked = [row for row in rows if row.rank is not None]
    for row in ranked:
        if row.rank != ranked[0].rank:
            yield row.remark(
                _(
                    "%(bidder)s has rank %(here)s here and %(there)s in row %(row)s. Two bidders of one name need a "
                    "column “Vendor ID”."
                )
                % {"bidder": row.bidder, "here": row.rank, "there": ranked[0].rank, "row": ranked[0].number}
            )


def _tell(proposal: Proposal, everybody: Mapping[str, Sequence[Row]]) -> None:
    for name, rows in everybody.items():
        if len(written := spellings(rows)) > 1:
            proposal.remarks.append(
                rows[0].remark(
                    _("One bidder under several spellings: %(names)s.")
                    % {"names": ", ".join(f"“{spelling}”" for spelling in written)}
                )
            )
        for line in proposal.lines:
            if name in line.rows:
                _tell_price(proposal, line, line.rows[name])


def _tell_price(proposal: Proposal, line: Line, row: Row) -> None:
    price = _printed(row)
    if price.contradiction:
        proposal.remarks.append(row.remark(price.contradiction))
    elif price.recovered:
        proposal.remarks.append(
            row.remark(
                _("The printed price %(printed)s is rounded: %(price)s gives the printed extension.")
                % {"printed": f"{row.price:,f}", "price": f"{price.unit_price:,f}"}
            )
        )


def _pass_over_alternates(proposal: Proposal) -> None:
    """Of an alternate set only the member a bidder offers cheapest is part of the bid."""
    amounts = {
        bid.bidder: {
            line.number: line_amount(line.quantity, bid.prices[line.number].unit_price, CURRENCY).amount
            for line in proposal.lines
            if line.number in bid.prices
        }
        for bid in proposal.bids
    }
    proposal.passed_over = chosen_members(proposal.lines, amounts)
    for bid in proposal.bids:
        for number in proposal.passed_over.get(bid.bidder, ()):
            bid.prices.pop(number, None)
        if left := sorted(proposal.passed_over.get(bid.bidder, ())):
            proposal.remarks.append(
                proposal.first_row.remark(
                    _("%(bidder)s priced several alternates; the cheapest counts, without lines %(lines)s.")
                    % {"bidder": bid.bidder, "lines": ", ".join(map(str, left))}
                )
            )

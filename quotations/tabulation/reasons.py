"""Comparing the product's ranking with the published one, and saying why where they differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext as _

from quotations.comparison import Bidder, Comparison
from quotations.tabulation.proposals import Bid, Proposal
from quotations.tabulation.recording import Recorded


@dataclass(frozen=True, slots=True)
class Placed:
    """One bidder's published rank beside the comparison's."""

    bidder: str
    published: int | None
    compared: int | None
    total: Decimal
    bid: Bid
    lines: frozenset[int]

    @property
    def agrees(self) -> bool:
        return self.published == self.compared


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether a proposal's ranking is as published; ``reasons`` where it is not."""

    placed: Sequence[Placed]
    reasons: Sequence[str]
    publishes_ranks: bool

    @property
    def agrees(self) -> bool:
        return all(one.agrees for one in self.placed)

    @property
    def agreeing(self) -> int:
        return sum(one.agrees for one in self.placed)


def agreement(proposal: Proposal, recorded: Recorded, compared: Comparison) -> Agreement:
    """Every bidder's published rank against the comparison's own."""
    bidders = {bidder.quotation_id: bidder for bidder in compared.bidders}
    placed = [_placed(bid, bidders[recorded.quotations[bid.bidder].pk], compared) for bid in proposal.bids]
    placed.sort(key=lambda one: (one.published is None, one.published or 0, one.total))
    if not proposal.publishes_ranks:
        return Agreement(placed, (), publishes_ranks=False)
    wrong = not all(one.agrees for one in placed)
    return Agreement(placed, list(_reasons(proposal, placed)) if wrong else (), publishes_ranks=True)


def _placed(bid: Bid, bidder: Bidder, compared: Comparison) -> Placed:
    return Placed(bid.bidder, bid.rank, bidder.rank, bidder.compared_total, bid, _priced(bidder.quotation_id, compared))


def _priced(quotation_id: UUID, compared: Comparison) -> frozenset[int]:
    return frozenset(
        line.number
        for line in compared.lines
        for cell in line.cells
        if cell.quotation_id == quotation_id and cell.compared_amount is not None
    )


def _reasons(proposal: Proposal, placed: Sequence[Placed]) -> Iterator[str]:
    """Every ground the file itself gives; if it gives none, that is said."""
    ranked = [one for one in placed if one.published is not None]
    found = [
        *_ties(ranked),
        *_alternates(ranked),
        *_gaps(ranked),
        *_stated_totals(ranked),
        *_contradictions(proposal, ranked),
    ]
    yield from found or [_no_ground(ranked)]


def _ties(ranked: Sequence[Placed]) -> Iterator[str]:
    by_total: dict[Decimal, list[Placed]] = defaultdict(list)
    for one in ranked:
        by_total[one.total].append(one)
    for total, equal in by_total.items():
        if len(equal) > 1 and any(not one.agrees for one in equal):
            yield _(
                "%(names)s bid the same total, %(total)s, and so share rank %(rank)s; published are %(published)s."
            ) % {
                "names": _names(equal),
                "total": f"{total:,.2f}",
                "rank": equal[0].compared,
                "published": ", ".join(str(one.published) for one in equal),
            }


def _alternates(ranked: Sequence[Placed]) -> Iterator[str]:
    """Bidders who priced different lines offered different things: their sums do not compare."""
    groups: dict[frozenset[int], list[Placed]] = defaultdict(list)
    for one in ranked:
        groups[one.lines].append(one)
    if len(groups) < 2:  # noqa: PLR2004 — everybody priced the same lines
        return
    common = frozenset.intersection(*groups)
    said = [
        _("%(names)s priced lines %(lines)s")
        % {"names": _names(group), "lines": ", ".join(map(str, sorted(lines - common))) or "–"}
        for lines, group in groups.items()
    ]
    yield _(
        "The bidders did not price the same lines: %(groups)s. Such alternates are ranked by more than these sums."
    ) % {"groups": "; ".join(said)}
    if all(_in_order(group) for group in groups.values()):
        yield _("Among those who priced the same lines the order is as published.")


def _in_order(group: Sequence[Placed]) -> bool:
    ordered = sorted(group, key=lambda one: one.published or 0)
    return all(one.total <= other.total for one, other in pairwise(ordered))


def _gaps(ranked: Sequence[Placed]) -> Iterator[str]:
    """A rank nobody in the file holds belongs to a bidder it leaves out."""
    held = {one.published for one in ranked if one.published}
    missing = [
        rank for rank in range(1, max(held, default=0)) if rank not in held and not _explained_by_tie(rank, ranked)
    ]
    if missing:
        yield _("Nobody in the file holds the published rank %(ranks)s: rows of a bidder are missing.") % {
            "ranks": ", ".join(map(str, missing))
        }


def _explained_by_tie(rank: int, ranked: Sequence[Placed]) -> bool:
    """1, 1, 3: the second is counted among the first."""
    return sum(1 for one in ranked if one.published and one.published < rank) >= rank


def _stated_totals(ranked: Sequence[Placed]) -> Iterator[str]:
    for one in ranked:
        stated = one.bid.stated_total
        if stated is not None and stated != one.total:
            yield _("The file states a total of %(stated)s for %(bidder)s; the lines sum to %(total)s.") % {
                "stated": f"{stated:,.2f}",
                "bidder": one.bidder,
                "total": f"{one.total:,.2f}",
            }


def _contradictions(proposal: Proposal, ranked: Sequence[Placed]) -> Iterator[str]:
    for one in ranked:
        wrong = sorted(number for number, price in one.bid.prices.items() if price.contradiction)
        if wrong:
            yield _(
                "Extensions of %(bidder)s contradict the unit prices on lines %(lines)s; "
                "they would sum to %(printed)s instead of %(total)s."
            ) % {
                "bidder": one.bidder,
                "lines": ", ".join(map(str, wrong)),
                "printed": f"{one.bid.printed_total:,.2f}",
                "total": f"{one.total:,.2f}",
            }


def _no_ground(ranked: Sequence[Placed]) -> str:
    order = sorted(ranked, key=lambda one: (one.total, one.published or 0))
    sums = "; ".join(f"{one.bidder} {one.total:,.2f} ({one.published})" for one in order)
    return _("The published order is not that of the sums, and the file gives no ground for it: %(sums)s.") % {
        "sums": sums
    }


def _names(group: Sequence[Placed]) -> str:
    return ", ".join(one.bidder for one in group)

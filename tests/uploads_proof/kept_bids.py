"""Quotations before the deadline, and what was opened behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from procurement.asked_lines import AskedLine
from quotations.offer import Alternative, OfferedLine, Tier
from quotations.saving import save_offer
from quotations.tabulation.bidders import canonical
from tests.factories.quotations import bid, open_all, tender
from tests.uploads_proof.exact_values import PRICES, QUANTITIES, UNITS, blank_or, decimals, names, texts
from tests.uploads_proof.keepers import Kept, keeps
from tests.uploads_proof.kept_by_buyers import numbered

tiers = st.lists(st.tuples(QUANTITIES, PRICES), max_size=4, unique_by=lambda tier: tier[0]).map(
    lambda some: tuple(Tier(*tier) for tier in sorted(some))
)
lead_times = st.one_of(st.none(), st.integers(0, 3650))
alternatives = st.lists(
    st.builds(Alternative, names(200), PRICES, lead_times, blank_or(texts(500)), tiers), max_size=3,
    unique_by=lambda one: one.name.casefold(),
).map(lambda some: tuple(sorted(some, key=lambda one: one.name.casefold())))  # fmt: skip
priced = st.builds(OfferedLine, PRICES, st.just(value=False), lead_times, blank_or(texts(500)), tiers, alternatives)
refused = st.builds(
    OfferedLine, st.none(), st.just(value=True), lead_times, blank_or(texts(500)), st.just(()), alternatives
)
offered = st.one_of(st.none(), priced, refused)
CHEAP = Decimal("0.000001")
POLICY = {"publish_limit": Decimal(10**15)}
ASKED = {"item": names(500), "unit": UNITS, "quantity": QUANTITIES, "section": blank_or(texts(200))}


@keeps("quotation", numbered({**ASKED, "answer": offered}))
def quotation(drawn: list[dict[str, Any]]) -> Kept:
    lines = [
        AskedLine(**{name: value for name, value in line.items() if name != "answer"}, estimate_unit_price=CHEAP)
        for line in drawn
    ]
    side = tender(1, lines=lines, policy=POLICY)
    target, seller = side.quotation(), side.seller()
    target.start(actor=seller)
    said = {line["number"]: line["answer"] for line in drawn if line["answer"] is not None}
    save_offer(target, lambda offer: offer.with_lines(said), actor=seller)
    return Kept(seller, target)


SMALL = decimals(12, 6)
prices = st.lists(st.one_of(st.none(), decimals(12, 6, least=0)), min_size=4, max_size=4)
bidders = st.lists(st.tuples(names(200), prices), min_size=1, max_size=4, unique_by=lambda one: canonical(one[0]))


@keeps("bid_tabulation", st.tuples(numbered({**ASKED, "quantity": SMALL}), bidders))
def bid_tabulation(drawn: tuple[list[dict[str, Any]], list[Any]]) -> Kept:
    """Every bidder answers every line, in turn with one of four prices or not at all."""
    lines, bids = drawn
    side = tender(len(bids), lines=[AskedLine(**line, estimate_unit_price=CHEAP) for line in lines], policy=POLICY)
    for place, (name, some) in enumerate(bids):
        type(side.bidders[place]).objects.filter(pk=side.bidders[place].pk).update(name=name)
        said = {line["number"]: some[turn % len(some)] for turn, line in enumerate(lines)}
        bid(
            side,
            place,
            said if any(price is not None for price in some[: len(lines)]) else dict.fromkeys(said, Decimal(1)),
        )
    open_all(side)
    return Kept(side.clerk, side.rfq)

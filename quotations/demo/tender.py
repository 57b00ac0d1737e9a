"""One RFQ of the demo with its bidders, led as far as wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

from b2b.demo import World, days_pass
from b2b.exchange import rates_on
from b2b.policy import CLOCK, Actor
from procurement import tendering
from procurement.models import RequestForQuotation
from procurement.tendering import AskedLine, Invitee, JudgedBy
from quotations import awarding
from quotations.comparison import comparison
from quotations.demo.wanted import Wanted
from quotations.inviting import invite
from quotations.models import Award, Quotation
from quotations.offer import OfferedLine
from quotations.opening import consent
from quotations.saving import save_offer

DAYS_OPEN = 14
VALID_DAYS = 120
PLACES = Decimal("0.0001")
SPREAD = Decimal("0.06")
"""How far a bidder's prices stray to either side of its level, line by line."""


@dataclass
class Tender:
    """``bidders`` are the short names of those invited."""

    world: World
    buyer: str
    rfq: RequestForQuotation
    bidders: tuple[str, ...]

    @classmethod
    def published(
        cls, world: World, buyer: str, title: str, wanted: Sequence[Wanted], bidders: tuple[str, ...], **header: Any
    ) -> Self:
        """Written by a buyer, approved by a manager, and everybody invited."""
        clerk = world.who(buyer, "buyer")
        values = {"deadline": world.moment(DAYS_OPEN), "currency": world[buyer].currency, **header}
        rfq = tendering.draft(
            RequestForQuotation(buyer=world[buyer], title=title, **values),
            lines=[_asked(world, number, one) for number, one in enumerate(wanted, start=1)],
            invited=[Invitee(world[name].pk) for name in bidders],
            criteria=[JudgedBy("Price 价格", Decimal(80)), JudgedBy("Delivery time 交期", Decimal(20), "delivery")],
            actor=clerk,
        )
        rfq.submit(actor=clerk).approve(actor=world.who(buyer, "buying_manager"))
        invite(rfq, actor=CLOCK)
        return cls(world, buyer, rfq, bidders)

    def quotation(self, name: str) -> Quotation:
        return Quotation.objects.get(rfq=self.rfq, supplier=self.world[name])

    def sales(self, name: str) -> Actor:
        return self.world.who(name, "sales")

    # --- Answers -------------------------------------------------------------------------------
    def begin(self, name: str, level: str, *, skip: Sequence[int] = (), **offered: Any) -> Quotation:
        """A draft at about ``level`` times the estimates; lines to ``skip`` are marked “no bid”."""
        quotation, sales = self.quotation(name), self.sales(name)
        quotation.start(actor=sales)
        currency = offered.get("currency", self.rfq.currency)
        rate = rates_on(self.world.today).rate(self.rfq.currency, currency)
        lines = {number: self._offered(price * Decimal(level) * rate) for number, price in self._estimates()}
        answers = {number: OfferedLine(no_bid=True) if number in skip else line for number, line in lines.items()}
        values = {"valid_until": self.world.day(VALID_DAYS), **offered}
        save_offer(quotation, lambda offer: replace(offer, **values).with_lines(answers), actor=sales)
        return quotation

    def bid(self, name: str, level: str, **offered: Any) -> Quotation:
        return self.begin(name, level, **offered).submit(actor=self.sales(name))  # type: ignore[no-any-return]

    def bids(self, **levels: str) -> Self:
        """So many times the estimate, by bidder."""
        for name, level in levels.items():
            self.bid(name, level)
        return self

    def _estimates(self) -> list[tuple[int, Decimal]]:
        rows = self.rfq.lines.order_by("number").values_list("number", "estimate_unit_price")
        return [(number, estimate) for number, estimate in rows if estimate is not None]

    def _offered(self, price: Decimal) -> OfferedLine:
        stray = Decimal(self.world.random.randint(-100, 100)) / 100 * SPREAD
        days = self.world.random.choice((7, 10, 14, 21, 28))
        return OfferedLine((price * (1 + stray)).quantize(PLACES, ROUND_HALF_UP), lead_time_days=days)

    # --- Time and opening ----------------------------------------------------------------------
    def pass_days(self, days: int) -> Self:
        for rows in (RequestForQuotation.objects.filter(pk=self.rfq.pk), self.rfq.quotations, self.rfq.invitations):
            days_pass(rows.all(), days)
        self.rfq.refresh_from_db()
        return self

    def close(self, *, since: int = 1) -> Self:
        """The deadline passed so many days ago."""
        self.pass_days(DAYS_OPEN + since)
        self.rfq.close(actor=CLOCK)
        return self

    def open(self) -> Self:
        """By two people at the machine builder's, by one at the hospitals', by the clock elsewhere."""
        openers = {
            "two": [("buyer", self.buyer), ("compliance", self.buyer)],
            "one": [("buyer", self.buyer)],
            "clock": [],
        }[self.rfq.opening]
        for role, organisation in openers:
            consent(self.rfq, self.world.with_code(organisation, role))
        if not openers:
            self.rfq.bid_opening.open(actor=CLOCK)
        self.rfq.refresh_from_db()
        return self

    # --- Award ---------------------------------------------------------------------------------
    def propose(self, **values: Any) -> Award:
        """Everything to the best total."""
        return self.propose_lines(awarding.all_to_best_total(comparison(self.rfq)), **values)

    def propose_lines(self, allocations: Sequence[awarding.Allocation], **values: Any) -> Award:
        clerk = self.world.who(self.buyer, "buyer")
        return awarding.propose(self.rfq, allocations=allocations, actor=clerk, **values)

    def approve(self, award: Award) -> Award:
        awarding.approve(award, actor=self.world.who(self.buyer, "buying_manager"))
        self.rfq.refresh_from_db()
        return award

    def confirm(self, award: Award) -> Award:
        """The standstill has run out."""
        self.pass_days(self.rfq.standstill_days + 1)
        award.refresh_from_db()
        return awarding.confirm(award)


def _asked(world: World, number: int, one: Wanted) -> AskedLine:
    return AskedLine(
        number=number,
        item=one.item,
        section=one.section,
        quantity=Decimal(one.quantity),
        unit=one.unit,
        estimate_unit_price=Decimal(one.estimate),
        required_by=world.day(60),
        mandatory=one.mandatory,
    )

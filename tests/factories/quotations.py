"""Tenders as the modules of quotations make them: invited, answered, closed, opened, awarded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from b2b.clock import database_now
from b2b.models import Organisation
from b2b.policy import CLOCK, Actor
from procurement import tendering
from procurement.models import RequestForQuotation
from procurement.tendering import AskedLine, Invitee
from quotations import awarding
from quotations.comparison import comparison
from quotations.inviting import invite
from quotations.models import Award, BidOpening, Quotation
from quotations.offer import OfferedLine
from quotations.opening import consent
from quotations.saving import save_offer
from tests.factories.b2b import OrganisationFactory, PlatformFactory, SupplierFactory, member
from tests.factories.procurement import asked, in_days, policy_for, qualified

Price = Decimal | int | str | None


@dataclass
class Tender:
    """An RFQ in EUR with its buyer's people, and bidders with one seller each."""

    buyer: Organisation
    rfq: RequestForQuotation
    bidders: list[Organisation]
    clerk: Actor
    manager: Actor
    controller: Actor
    platform: Actor
    sellers: dict[Any, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sellers = self.sellers or {bidder.pk: member(bidder, "sales") for bidder in self.bidders}

    def seller(self, place: int = 0) -> Actor:
        return self.sellers[self.bidders[place].pk]

    def quotation(self, place: int = 0) -> Quotation:
        return Quotation.objects.get(rfq=self.rfq, supplier=self.bidders[place])

    @property
    def opening(self) -> BidOpening:
        return BidOpening.objects.get(rfq=self.rfq)


def tender(
    bidders: int = 2,
    *,
    lines: Sequence[AskedLine] | None = None,
    policy: Mapping[str, Any] | None = None,
    **values: Any,
) -> Tender:
    """A published RFQ of two lines of 100 pieces, its bidders invited; two people open it."""
    buyer = OrganisationFactory()
    policy_for(buyer, **{"publish_limit": Decimal(10**12), **(policy or {})})
    suppliers = [qualified(SupplierFactory()) for _ in range(bidders)]
    clerk = member(buyer, "buyer", second_factor=True)
    header = {"title": "Fasteners", "currency": "EUR", "deadline": in_days(7), **values}
    rfq = tendering.draft(
        RequestForQuotation(buyer=buyer, **header),
        lines=asked() if lines is None else lines,
        invited=[Invitee(supplier.pk) for supplier in suppliers],
        actor=clerk,
    )
    rfq.publish(actor=clerk)
    invite(rfq, actor=CLOCK)
    return Tender(
        buyer,
        rfq,
        suppliers,
        clerk,
        member(buyer, "buying_manager"),
        member(buyer, "compliance", second_factor=True),
        member(PlatformFactory(), "compliance", second_factor=True),
    )


def good_until(days: int = 90) -> date:
    return database_now().date() + timedelta(days=days)


def answers(prices: Mapping[int, Price]) -> dict[int, OfferedLine]:
    """``None`` is no bid."""
    return {
        number: OfferedLine(no_bid=True) if price is None else OfferedLine(Decimal(price))
        for number, price in prices.items()
    }


def save(quotation: Quotation, seller: Actor, prices: Mapping[int, Price], **values: Any) -> Quotation:
    changes = {"valid_until": good_until(), **values}
    return save_offer(quotation, lambda offer: replace(offer, **changes).with_lines(answers(prices)), actor=seller)


def bid(side: Tender, place: int, prices: Mapping[int, Price], **values: Any) -> Quotation:
    """Start, fill in and submit."""
    quotation, seller = side.quotation(place), side.seller(place)
    quotation.start(actor=seller)
    save(quotation, seller, prices, **values)
    return quotation.submit(actor=seller)


def close(side: Tender) -> RequestForQuotation:
    """Let the deadline pass, and the clock close the RFQ."""
    RequestForQuotation.objects.filter(pk=side.rfq.pk).update(deadline=in_days(-0.001))
    side.rfq.refresh_from_db()
    return side.rfq.close(actor=CLOCK)


def open_all(side: Tender) -> BidOpening:
    """Two people consent."""
    close(side)
    consent(side.rfq, side.clerk)
    opening = consent(side.rfq, side.controller)
    side.rfq.refresh_from_db()
    return opening


def opened_tender(*prices: Mapping[int, Price], **values: Any) -> Tender:
    """A tender with one submitted quotation for each mapping of line to price, opened."""
    side = tender(len(prices), **values)
    for place, asked_prices in enumerate(prices):
        bid(side, place, asked_prices)
    open_all(side)
    return side


def proposed(side: Tender, **values: Any) -> Award:
    """Everything to the best total."""
    allocations = awarding.all_to_best_total(comparison(side.rfq))
    return awarding.propose(side.rfq, allocations=allocations, actor=side.clerk, **values)


def approved(side: Tender, **values: Any) -> Award:
    return proposed(side, **values).approve(actor=side.manager)

"""Requisitions at every point of their life, and RFQs that have not gone out."""

from __future__ import annotations

from decimal import Decimal

from b2b.demo import World
from procurement import consolidation, requisitioning, tendering
from procurement.models import RequestForQuotation, Requisition
from procurement.tendering import AskedLine, Invitee, JudgedBy


def load(world: World) -> None:
    _requisitions(world)
    _requests(world)


# --- Requisitions -------------------------------------------------------------------------------
def _requisitions(world: World) -> None:
    asker, manager = world.who("nordhafen", "requester"), world.who("nordhafen", "buying_manager")
    _needed(world, "Work gloves for hall 2", "Work gloves, size 10", 240, "2.10")
    _needed(world, "New bench vices", "Bench vice 150 mm", 6, "320").submit(actor=asker)
    _needed(world, "Office chairs", "Swivel chair", 12, "260").submit(actor=asker).approve(actor=manager)
    _needed(world, "Espresso machine", "Espresso machine", 1, "2900").submit(actor=asker).reject(
        actor=manager, reason="Not for the account of production."
    )
    _needed(world, "Marking pens", "Marking pen, white", 40, "3.20").submit(actor=asker).cancel(
        actor=asker, reason="Found a box in the stores."
    )
    _merge(world)
    wanted = _needed(world, "产线防静电手环", "防静电手环", 150, "12.50", buyer="yunzhan")
    wanted.submit(actor=world.who("yunzhan", "requester"))


def _merge(world: World) -> None:
    """Two departments need the same: one RFQ for both."""
    asker, manager = world.who("nordhafen", "requester"), world.who("nordhafen", "buying_manager")
    both = [
        _needed(world, f"Hydraulic oil, {hall}", "Hydraulic oil HLP 46, 208 l", quantity, "410")
        for hall, quantity in (("hall 1", 4), ("hall 3", 6))
    ]
    for one in both:
        one.submit(actor=asker).approve(actor=manager)
    consolidation.convert(
        [one.pk for one in both], title="Hydraulic oil for halls 1 and 3", actor=world.who("nordhafen", "buyer")
    )


def _needed(world: World, title: str, item: str, quantity: int, price: str, *, buyer: str = "nordhafen") -> Requisition:
    line = AskedLine(
        number=1,
        item=item,
        quantity=Decimal(quantity),
        unit="H87",
        estimate_unit_price=Decimal(price),
        required_by=world.day(30),
    )
    requisition = Requisition(buyer=world[buyer], title=title, currency=world[buyer].currency)
    return requisitioning.draft(requisition, lines=[line], actor=world.who(buyer, "requester"))


# --- RFQs not published -------------------------------------------------------------------------
def _requests(world: World) -> None:
    clerk = world.who("nordhafen", "buyer")
    _request(world, "Cable harness, type 7")
    _request(world, "Spare bearings for conveyors").submit(actor=clerk)
    _request(world, "Paint shop filters").cancel(
        actor=world.who("nordhafen", "buying_manager"), reason="The paint shop closes in spring."
    )


def _request(world: World, title: str) -> RequestForQuotation:
    rfq = RequestForQuotation(buyer=world["nordhafen"], title=title, currency="EUR", deadline=world.moment(21))
    lines = [
        AskedLine(
            number=number,
            item=f"{title}, part {number}",
            quantity=Decimal(200 * number),
            unit="H87",
            estimate_unit_price=Decimal("14.50"),
            required_by=world.day(70),
        )
        for number in (1, 2, 3)
    ]
    return tendering.draft(
        rfq,
        lines=lines,
        invited=[Invitee(world[name].pk) for name in ("schwarzwald", "kabelwerk", "lakeshore")],
        criteria=[JudgedBy("Price", Decimal(70)), JudgedBy("Delivery time", Decimal(30), "delivery")],
        actor=world.who("nordhafen", "buyer"),
    )

"""One purchase from the RFQ to the matched invoice, a chapter a function."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from b2b.clockwork import take_due_steps
from benchmarks.purchase_flow.pages import Door
from benchmarks.purchase_flow.people import CURRENCY, World
from benchmarks.purchase_flow.worker import Do, deliver, let_deadline_pass

LINES = 10


class NotThere(Exception):
    """The flow ended otherwise than it should."""


@dataclass
class Purchase:
    """The addresses of the documents as they come to be."""

    door: Door
    world: World
    do: Do
    rfq: str = ""
    order: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)


def purchase(door: Door, world: World, do: Do) -> None:
    """Raises ``Refused`` or ``NotThere`` when something does not go as it does in a purchase without trouble."""
    course = Purchase(door, world, do)
    for chapter in (publish, quote, award, order_goods, receive, bill):
        chapter(course)


def publish(course: Purchase) -> None:
    world, door = course.world, course.door
    asked = {
        "title": "Ten things",
        "currency": CURRENCY,
        "payment_terms": "net_30",
        "deadline": (datetime.now(UTC) + timedelta(days=5)).isoformat(),
        "lines": [_line(number) for number in range(1, LINES + 1)],
        "invitations": [{"supplier": str(bidder.organisation)} for bidder in world.bidders],
    }
    course.rfq = world.buyer.post(door, "/rfqs/", asked).made
    world.buyer.post(door, f"/rfqs/{course.rfq}/publish/")
    course.do(deliver)


def _line(number: int) -> dict[str, Any]:
    item = f"Hexagon bolt M{number} x 40, zinc plated, box of 100"
    return {"number": number, "item": item, "quantity": "25", "unit": "H87", "estimate_unit_price": "12.5"}


def quote(course: Purchase) -> None:
    """Every bidder offers another price for every line; the first is the cheapest."""
    valid_until = str(course.world.today + timedelta(days=90))
    for place, bidder in enumerate(course.world.bidders):
        (row,) = bidder.sales.get(course.door, f"/quotations/?rfq={course.rfq}")["results"]
        mine = f"/quotations/{row['id']}/"
        started = bidder.sales.post(course.door, f"{mine}start/")
        prices = [{"line": number, "unit_price": f"{10 + place}.{number:02}"} for number in range(1, LINES + 1)]
        offer = {"valid_until": valid_until, "lines": prices}
        bidder.sales.patch(course.door, mine, offer, seen=started)
        bidder.sales.post(course.door, f"{mine}submit/")


def award(course: Purchase) -> None:
    """The clock closes and opens; the buyer compares and proposes, a manager approves, the clock confirms."""
    world, door = course.world, course.door
    course.do(lambda: let_deadline_pass(course.rfq))
    compared = world.buyer.get(door, f"/comparisons/{course.rfq}/")
    if [bidder["rank"] for bidder in compared["bidders"]].count(1) != 1:
        raise NotThere("The comparison ranks nobody first.")
    proposed = world.buyer.post(door, "/awards/", {"rfq": course.rfq, "allocate": "best_total"}).made
    world.manager.post(door, f"/awards/{proposed}/approve/")
    course.do(take_due_steps)


def order_goods(course: Purchase) -> None:
    world, door = course.world, course.door
    (row,) = world.buyer.get(door, f"/purchase-orders/?rfq={course.rfq}")["results"]
    course.order = row["id"]
    address = f"/purchase-orders/{course.order}/"
    world.buyer.post(door, f"{address}submit/")
    world.manager.post(door, f"{address}approve/")
    world.buyer.post(door, f"{address}issue/")
    course.lines = world.winner.sales.get(door, f"{address}lines/")["results"]
    promised_on = str(world.today + timedelta(days=7))
    promised = [{"number": line["number"], "promised_on": promised_on} for line in course.lines]
    world.winner.sales.post(door, f"{address}acknowledge/", {"promised": promised})


def receive(course: Purchase) -> None:
    came = [{"order_line": line["id"], "quantity": line["quantity"]} for line in course.lines]
    receipt = {"order": course.order, "received_on": str(course.world.today), "lines": came}
    course.world.stores.post(course.door, "/receipts/", receipt)


def bill(course: Purchase) -> None:
    sales, told = course.world.winner.sales, ("number", "quantity", "unit", "unit_price")
    lines = [{"order_line": line["id"], **{name: line[name] for name in told}} for line in course.lines]
    sent = {"order": course.order, "number": f"INV-{uuid4().hex}", "invoiced_on": str(course.world.today)}
    invoice = sales.post(course.door, "/invoices/", sent | {"lines": lines}).made
    sales.post(course.door, f"/invoices/{invoice}/submit/")
    course.do(deliver)
    state = course.world.winner.sales.get(course.door, f"/invoices/{invoice}/")["state"]
    if state != "matched":
        raise NotThere(f"The invoice is {state}.")

"""Awards: proposed, turned down, standing still, and carried out."""

from __future__ import annotations

from b2b.demo import World
from procurement.models import PurchaseOrder
from quotations import awarding
from quotations.comparison import comparison
from quotations.demo.tender import Tender
from quotations.demo.wanted import BEARINGS, BOLTS, COMPONENTS, HARDWARE, PROTECTION

HUNDRED_EACH = ("haimao", "suda", "lakeshore")


def load(world: World) -> None:
    _opened(world, "Bearings for pumps", "schwarzwald", "lakeshore").propose()
    _turned_down(world)
    settled = _opened(world, "Bearings, gear motors", "schwarzwald", "kabelwerk")
    settled.approve(settled.propose())
    _split(world)
    _by_the_clock(world)


def _opened(world: World, title: str, best: str, other: str) -> Tender:
    tender = Tender.published(world, "nordhafen", title, BEARINGS, (best, other))
    tender.bid(best, "0.96")
    tender.bid(other, "1.10")
    return tender.close(since=3).open()


def _turned_down(world: World) -> None:
    """The manager wants another look at the second best."""
    tender = Tender.published(world, "nordhafen", "Safety boots", PROTECTION, ("pennine", "lakeshore"))
    tender.bids(pennine="1.00", lakeshore="0.88").close(since=4).open()
    chosen = [
        awarding.Allocation(line.number, cell.quotation_id, line.quantity)
        for line in comparison(tender.rfq).lines
        for cell in line.cells
        if cell.quotation_id == tender.quotation("pennine").pk
    ]
    award = tender.propose_lines(chosen, reason="We know their fit.")
    awarding.reject(award, actor=world.who("nordhafen", "buying_manager"), reason="That is no reason to pay more.")


def _split(world: World) -> None:
    """Each line to the lowest price, so several suppliers win; their orders are in the making."""
    tender = Tender.published(world, "nordhafen", "Bolts, second half-year", BOLTS, HUNDRED_EACH)
    tender.bids(haimao="0.95", suda="0.95", lakeshore="1.20").close(since=20).open()
    award = tender.propose_lines(
        awarding.best_per_line(comparison(tender.rfq)), reason="The lowest price of each line."
    )
    tender.confirm(tender.approve(award))
    order = PurchaseOrder.objects.filter(rfq=tender.rfq).order_by("pk").first()
    if order is not None:
        order.submit(actor=world.who("nordhafen", "buyer")).approve(actor=world.who("nordhafen", "buying_manager"))


def _by_the_clock(world: World) -> None:
    """In Shenzhen the clock opens, and three days of standstill are enough."""
    tender = Tender.published(world, "yunzhan", "不锈钢标准件", HARDWARE, ("haimao", "lakeshore"))
    tender.bid("haimao", "0.98")
    tender.close(since=9).open()
    tender.confirm(tender.approve(tender.propose()))
    parts = Tender.published(world, "yunzhan", "主板元器件 1 号机型", COMPONENTS, ("hengxin", "haimao"))
    parts.bids(hengxin="1.00").close(since=2).open()

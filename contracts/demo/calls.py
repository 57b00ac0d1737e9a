"""Orders called off from one running contract: on its way, closed, and given up."""

from __future__ import annotations

from decimal import Decimal

from b2b.demo import World
from b2b.policy import CLOCK
from contracts.calling_off import CalledLine, call_off
from contracts.demo.agreement import Agreement
from contracts.models import Contract
from procurement import matching
from procurement.demo.trade import Trade
from procurement.models import PurchaseOrder

BOLTS = ("HB8030", "HB8040", "HB10040", "HB12050", "HN08", "HN10")


def load(world: World) -> None:
    contract = Agreement(
        world, "nordhafen", "haimao", "EUR", ("Fasteners, this year", "本年度紧固件"), ceiling=60_000, numbers=BOLTS
    ).signed()
    trade = Trade(world, "nordhafen", "haimao", "EUR")
    _called(contract, trade, "Call-off March", 4_000)
    _closed(_called(contract, trade, "Call-off January", 6_000), trade)
    given_up = _called(contract, trade, "Call-off February", 2_500)
    given_up.cancel(actor=trade.manager, reason="Enough in stock.")


def _called(contract: Contract, trade: Trade, title: str, quantity: int) -> PurchaseOrder:
    """So many of each line; below its limit the policy lets the clock approve."""
    numbers = contract.lines.values_list("number", flat=True)
    lines = [CalledLine(number, Decimal(quantity), trade.world.day(14)) for number in numbers]
    order = call_off(contract, lines, actor=trade.clerk, title=title).order
    return order.auto_approve(actor=CLOCK)  # type: ignore[no-any-return]


def _closed(order: PurchaseOrder, trade: Trade) -> None:
    """Delivered and billed in full; the clock closes it, and the call-off with it."""
    order.issue(actor=trade.clerk).acknowledge(actor=trade.sales)
    trade.receive(order, on=trade.world.today)
    invoice = matching.match(trade.bill(order, on=trade.world.today).submit(actor=trade.sales))
    invoice.approve(actor=trade.finance)

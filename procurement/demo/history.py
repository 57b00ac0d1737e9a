"""A year of deals that went their whole way: ordered, delivered early or late, good or bad, billed and paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from b2b.demo import World
from procurement import matching
from procurement.demo.trade import DAYS_TO_DELIVER, Trade
from procurement.models import PurchaseOrder


@dataclass(frozen=True, slots=True)
class Habit:
    """For each deal, how many days late it came; and what share of it was refused."""

    trade: tuple[str, str, str]
    delays: tuple[int, ...]
    refused: str = "0"


HABITS = (
    Habit(("nordhafen", "haimao", "EUR"), (0, -2)),
    Habit(("nordhafen", "schwarzwald", "EUR"), (-1,)),
    Habit(("nordhafen", "kabelwerk", "EUR"), (0, 4)),
    Habit(("nordhafen", "huanan", "EUR"), (9, 0, 14), "0.02"),
    Habit(("nordhafen", "rheinchem", "EUR"), (-2,)),
    Habit(("nordhafen", "suda", "EUR"), (5, 19), "0.35"),
    Habit(("nordhafen", "harbour", "EUR"), (34,), "0.6"),
    Habit(("yunzhan", "hengxin", "CNY"), (-1,)),
    Habit(("yunzhan", "huanan", "CNY"), (8,)),
    Habit(("wessex", "pennine", "GBP"), (0,)),
    Habit(("wessex", "avonbridge", "GBP"), (-1,)),
)
OLDEST, NEWEST = 330, 45
"""Days ago: the deals of one pair are spread evenly between."""
ENGLISH, CHINESE = ("Spring", "Summer", "Autumn", "Winter"), ("春季", "夏季", "秋季", "冬季")


def load(world: World) -> None:
    for habit in HABITS:
        trade = Trade(world, *habit.trade)
        for place, (ago, delay) in enumerate(_when(habit)):
            _deal(trade, _title(trade, place), ago, delay, Decimal(habit.refused))


def _when(habit: Habit) -> Iterator[tuple[int, int]]:
    step = (OLDEST - NEWEST) // len(habit.delays)
    return ((OLDEST - step * place, delay) for place, delay in enumerate(habit.delays))


def _title(trade: Trade, place: int) -> str:
    chinese = trade.buyer == "yunzhan"
    return f"{CHINESE[place]}补货" if chinese else f"{ENGLISH[place]} replenishment"


def _deal(trade: Trade, title: str, ago: int, delay: int, refused: Decimal) -> None:
    order = trade.acknowledged(title, ago=ago)
    due = trade.world.day(DAYS_TO_DELIVER - ago)
    trade.receive(order, on=due + timedelta(days=delay), rejected=refused)
    _pay(trade, order)
    if order.state != "closed":
        order.close(actor=trade.clerk, reason="" if order.state == "received" else "The rest is not wanted any more.")


def _pay(trade: Trade, order: PurchaseOrder) -> None:
    on = trade.world.today - timedelta(days=20)
    invoice = trade.bill(order, on=on).submit(actor=trade.sales)
    matching.match(invoice)
    invoice.approve(actor=trade.finance)
    invoice.schedule(actor=trade.finance, pay_on=trade.world.today)
    invoice.pay(
        actor=trade.treasurer, amount=invoice.total, paid_on=trade.world.day(-5), reference=f"PAY-{invoice.number}"
    )
    order.refresh_from_db()

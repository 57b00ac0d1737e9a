"""What the demo's suppliers let its buyers owe: accounts in use, and one at every other point of its life."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from b2b.demo import World
from b2b.workflow import create
from credit.ledger import account_between
from credit.models import CreditAccount
from credit.models.account import CreditPolicy


@dataclass(frozen=True, slots=True)
class Line:
    """So much of a currency, which a supplier grants a buyer."""

    buyer: str
    supplier: str
    currency: str
    limit: int
    terms: str = "net_30"


IN_USE = (
    Line("nordhafen", "haimao", "EUR", 250_000, "net_60"),
    Line("nordhafen", "schwarzwald", "EUR", 120_000),
    Line("nordhafen", "kabelwerk", "EUR", 80_000, "2_10_net_30"),
    Line("nordhafen", "huanan", "EUR", 60_000),
    Line("nordhafen", "rheinchem", "EUR", 40_000),
    Line("nordhafen", "lakeshore", "EUR", 30_000),
    Line("nordhafen", "suda", "EUR", 20_000),
    Line("nordhafen", "harbour", "EUR", 15_000),
    Line("nordhafen", "pennine", "EUR", 20_000, "eom_30"),
    Line("nordhafen", "linde", "EUR", 2_500),
    Line("yunzhan", "hengxin", "CNY", 800_000, "net_90"),
    Line("yunzhan", "haimao", "CNY", 300_000, "net_60"),
    Line("yunzhan", "huanan", "CNY", 200_000),
    Line("wessex", "pennine", "GBP", 60_000),
    Line("wessex", "avonbridge", "GBP", 150_000),
)


def load(world: World) -> None:
    CreditPolicy.objects.create(supplier=world["haimao"], second_reviewer_above=Decimal(500_000))
    for line in IN_USE:
        _granted(world, line)
    _raise(world)
    _at_other_points(world)


def settle(world: World) -> None:
    """The blocked supplier's account is frozen; so is what is held there."""
    account = account_between(world["nordhafen"].pk, world["harbour"].pk, "EUR")
    if account is not None:
        account.freeze(
            actor=world.who("control", "compliance"), reason="The supplier is blocked. 供应商已被列入黑名单。"
        )


def _at_other_points(world: World) -> None:
    _asked(world, Line("wessex", "lakeshore", "USD", 20_000))
    _under_review(world, Line("nordhafen", "avonbridge", "GBP", 35_000))
    _granted(world, Line("wessex", "haimao", "GBP", 600_000))
    refused = _under_review(world, Line("yunzhan", "suda", "CNY", 90_000))
    refused.decline(actor=world.who("suda", "finance"), reason="暂不接受新的赊销客户。")
    unused = _granted(world, Line("yunzhan", "schwarzwald", "EUR", 10_000))
    unused.close(actor=world.who("schwarzwald", "finance"), reason="Not used for a year.")


def _raise(world: World) -> None:
    account = account_between(world["yunzhan"].pk, world["hengxin"].pk, "CNY")
    if account is not None:
        account.raise_temporarily(
            actor=world.who("hengxin", "finance"), amount=Decimal(200_000), until=world.day(45), reason="旺季备货"
        )


def _granted(world: World, line: Line) -> CreditAccount:
    account = _under_review(world, line)
    account.approve(
        actor=world.who(line.supplier, "finance"),
        limit=Decimal(line.limit),
        terms=line.terms,
        review_on=world.day(180),
    )
    return account


def _under_review(world: World, line: Line) -> CreditAccount:
    account = _asked(world, line)
    account.start_review(actor=world.who(line.supplier, "finance"))
    return account


def _asked(world: World, line: Line) -> CreditAccount:
    account = CreditAccount(
        buyer=world[line.buyer],
        supplier=world[line.supplier],
        currency=line.currency,
        requested_limit=Decimal(line.limit),
        terms=line.terms,
        purpose="Running orders 日常采购",
    )
    return create(account, actor=world.who(line.buyer, "finance"))

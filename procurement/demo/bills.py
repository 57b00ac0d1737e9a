"""Invoices at every point of their life, each for an order of its own that has come."""

from __future__ import annotations

from decimal import Decimal

from b2b.demo import World
from procurement import matching
from procurement.demo.trade import Trade
from procurement.models import Invoice

AGO = 40


def load(world: World) -> None:
    bolts = Trade(world, "nordhafen", "haimao", "EUR", "net_60")
    cables = Trade(world, "nordhafen", "kabelwerk", "EUR", "2_10_net_30")
    _undecided(bolts, cables)
    _payable(bolts, cables)
    gloves = Trade(world, "wessex", "avonbridge", "GBP")
    _matched(gloves, "Dressings").approve(actor=gloves.finance)
    parts = Trade(world, "yunzhan", "hengxin", "CNY", "net_90")
    _matched(parts, "发光二极管")


def _undecided(bolts: Trade, cables: Trade) -> None:
    _billed(bolts, "Bolts, July")
    _matched(bolts, "Bolts, August")
    dearer = _billed(cables, "Cables, surcharge", dearer=Decimal("1.08")).submit(actor=cables.sales)
    matching.match(dearer)
    disputed = _billed(cables, "Cables, wrong price", dearer=Decimal("1.20")).submit(actor=cables.sales)
    matching.match(disputed).dispute(actor=cables.finance, reason="The copper surcharge was not agreed.")
    refused = _billed(cables, "Cables, billed twice", dearer=Decimal("1.02")).submit(actor=cables.sales)
    refused.reject(actor=cables.finance, reason="This delivery was billed before.")


def _payable(bolts: Trade, cables: Trade) -> None:
    finance, treasurer, today = bolts.finance, bolts.treasurer, bolts.world.today
    _matched(cables, "Cables, overdue", ago=90).approve(actor=finance)
    planned = _matched(bolts, "Bolts, September").approve(actor=finance)
    planned.schedule(actor=finance, pay_on=bolts.world.day(9))
    held = _matched(bolts, "Bolts, October").approve(actor=finance)
    held.hold(actor=bolts.world.who("nordhafen", "compliance"), reason="The delivery note is missing.")
    half = _matched(bolts, "Bolts, November").approve(actor=finance).schedule(actor=finance, pay_on=today)
    amount = (half.total / 2).quantize(Decimal("0.01"))
    half.pay(actor=treasurer, amount=amount, paid_on=today, reference="PAY-PART-1")
    undone = _matched(bolts, "Bolts, returned").approve(actor=finance)
    undone.cancel(actor=finance, credit_note="CN-0007", reason="The whole lot went back.")


def _matched(trade: Trade, title: str, *, ago: int = AGO) -> Invoice:
    return matching.match(_billed(trade, title, ago=ago).submit(actor=trade.sales))


def _billed(trade: Trade, title: str, *, dearer: Decimal = Decimal(1), ago: int = AGO) -> Invoice:
    """Delivered in time, and billed by the supplier the week after."""
    order = trade.acknowledged(title, ago=ago)
    trade.receive(order, on=trade.world.day(12 - ago))
    return trade.bill(order, on=trade.world.day(19 - ago), dearer=dearer)

"""Orders on their way: one at every point between the draft and the last delivery."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from b2b.demo import World
from credit.ledger import account_between
from procurement import ordering
from procurement.demo.trade import DAYS_TO_DELIVER, Trade
from procurement.models import PurchaseOrder
from procurement.ordering import OrderedLine
from procurement.workflow.changing import ProposedLine
from suppliers.models import Product

HALF = Decimal("0.5")


def load(world: World) -> None:
    bolts, bearings = (
        Trade(world, "nordhafen", "haimao", "EUR", "net_60"),
        Trade(world, "nordhafen", "schwarzwald", "EUR"),
    )
    _before_issue(bolts, bearings)
    _with_the_supplier(bolts, bearings)
    _arriving(world)
    _on_credit_hold(world)
    _nearly_at_the_limit(world)
    _elsewhere(world)


def _before_issue(bolts: Trade, bearings: Trade) -> None:
    bolts.draft("Bolts for the winter stock", count=4)
    bearings.draft("Bearings, line 4", count=3).submit(actor=bearings.clerk)
    bearings.draft("Bearings, prototype").submit(actor=bearings.clerk).reject(
        actor=bearings.manager, reason="The prototype is put off to next year."
    )
    bolts.approved("Bolts and nuts, assembly 2", count=3)
    bolts.approved("Washers, assembly 5").cancel(actor=bolts.manager, reason="Ordered twice by mistake.")
    large = bolts.draft("Yearly need of socket screws", count=3, share=Decimal(8))
    large.submit(actor=bolts.clerk).approve(actor=bolts.manager)


def _with_the_supplier(bolts: Trade, bearings: Trade) -> None:
    bolts.issued("Stainless bolts, salt water pumps", count=3)
    bearings.issued("Special bearings").reject_order(
        actor=bearings.sales, reason="We do not make this series any more."
    )
    changed = bolts.issued("Socket screws, gearbox")
    later = bolts.world.day(DAYS_TO_DELIVER + 9)
    changed.propose_change(
        actor=bolts.sales, reason="镀锌线检修，交期顺延。", lines=[ProposedLine(number=1, promised_on=later)]
    )
    bolts.acknowledged("Nuts, assembly 1", count=3)


def _arriving(world: World) -> None:
    """In two parts, one reversed receipt, and one overdue."""
    cables = Trade(world, "nordhafen", "kabelwerk", "EUR", "2_10_net_30")
    halfway = cables.acknowledged("Control cables, switch cabinets", count=3, ago=16)
    cables.receive(halfway, on=world.day(-3), share=HALF)
    mistaken = cables.acknowledged("Patch cables", ago=10)
    receipt = cables.receive(mistaken, on=world.day(-2))
    receipt.reverse(actor=cables.receiver, reason="Booked on the wrong order.")
    boxes = Trade(world, "nordhafen", "huanan", "EUR")
    boxes.acknowledged("Cartons, export", count=3, ago=24)
    arrived = boxes.acknowledged("Pallets and film", ago=30)
    boxes.receive(arrived, on=world.day(-6), rejected=Decimal("0.04"))


def _on_credit_hold(world: World) -> None:
    trade = Trade(world, "nordhafen", "lakeshore", "EUR")
    trade.approved("Inch screws for the American line")
    account = account_between(world["nordhafen"].pk, world["lakeshore"].pk, "EUR")
    if account is not None:
        account.hold(actor=world.who("lakeshore", "finance"), reason="Two invoices of last year are disputed.")


def _nearly_at_the_limit(world: World) -> None:
    """Nineteen twentieths of a small account: the clock puts it on watch."""
    trade = Trade(world, "nordhafen", "linde", "EUR")
    account = account_between(world["nordhafen"].pk, world["linde"].pk, "EUR")
    paper = Product.objects.get(supplier=world["linde"], sku="PAP-A4-80")
    order = PurchaseOrder(
        buyer=world["nordhafen"], supplier=world["linde"], currency="EUR", title="Copy paper for the year"
    )
    price = Decimal("4.10")
    wanted = account.limit * Decimal("0.95") / Decimal("1.19") / price if account else Decimal(1)
    line = OrderedLine(
        number=1,
        product_id=paper.pk,
        quantity=wanted.to_integral_value(ROUND_DOWN),
        unit_price=price,
        variance_reason="Price agreed by telephone.",
        requested_on=world.day(5),
        vat_category="S",
        vat_rate=Decimal(19),
    )
    ordering.draft(order, [line], actor=trade.clerk).submit(actor=trade.clerk).approve(actor=trade.manager)


def _elsewhere(world: World) -> None:
    parts = Trade(world, "yunzhan", "hengxin", "CNY", "net_90")
    parts.draft("电阻电容补货", count=4).submit(actor=parts.clerk)
    parts.issued("MOSFET 备料", count=2)
    running = parts.acknowledged("连接器，第三批", count=3, ago=12)
    parts.receive(running, on=world.day(-1), share=HALF)
    gloves = Trade(world, "wessex", "avonbridge", "GBP")
    gloves.acknowledged("Examination gloves, quarter", count=3, ago=5)
    gloves.draft("Catheters, three wards")

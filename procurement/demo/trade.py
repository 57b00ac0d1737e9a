"""One buyer and one supplier dealing with each other, as far as a deal is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from b2b.demo import World, days_pass
from b2b.policy import Actor
from procurement import invoicing, ordering, receiving
from procurement.invoicing import InvoicedLine, Stated
from procurement.models import GoodsReceipt, Invoice, PurchaseOrder, PurchaseOrderLine, policy_of
from procurement.ordering import OrderedLine
from procurement.workflow.arriving import Arrival
from suppliers.models import Product
from suppliers.pricing import prices_in_force

EUROPEAN_UNION = {"DE"}
WORTH = (300, 2_400)
"""About what a line comes to, in the order's currency; ten times as much in yuan."""
DAYS_TO_DELIVER = 14


@dataclass(frozen=True, slots=True)
class Trade:
    """``currency`` is what the buyer has credit in at the supplier."""

    world: World
    buyer: str
    supplier: str
    currency: str
    terms: str = "net_30"

    @property
    def clerk(self) -> Actor:
        return self.world.who(self.buyer, "buyer")

    @property
    def manager(self) -> Actor:
        return self.world.who(self.buyer, "buying_manager")

    @property
    def receiver(self) -> Actor:
        return self.world.who(self.buyer, "receiver")

    @property
    def finance(self) -> Actor:
        return self.world.who(self.buyer, "finance")

    @property
    def treasurer(self) -> Actor:
        return self.world.with_code(self.buyer, "finance")

    @property
    def sales(self) -> Actor:
        return self.world.who(self.supplier, "sales")

    # --- Orders --------------------------------------------------------------------------------
    def draft(self, title: str, *, count: int = 2, share: Decimal = Decimal(1)) -> PurchaseOrder:
        """Some of the supplier's items at the prices in force; ``share`` scales what a line is worth."""
        order = PurchaseOrder(
            buyer=self.world[self.buyer],
            supplier=self.world[self.supplier],
            currency=self.currency,
            payment_terms=self.terms,
            title=title,
            incoterm="DAP",
            place=self.world[self.buyer].address.splitlines()[-1],
        )
        return ordering.draft(order, self.lines(count, share), actor=self.clerk)

    def lines(self, count: int, share: Decimal = Decimal(1)) -> list[OrderedLine]:
        offered = Product.objects.offered(self.world.now).filter(supplier=self.world[self.supplier])
        chosen = self.world.random.sample(list(offered.order_by("sku")), count)
        prices = prices_in_force(
            {item.pk: item.moq for item in chosen},
            buyer_id=self.world[self.buyer].pk,
            currency=self.currency,
            on=self.world.today,
        )
        return [
            self._line(number, item, prices[item.pk].unit_price, share) for number, item in enumerate(chosen, start=1)
        ]

    def _line(self, number: int, item: Product, price: Decimal, share: Decimal) -> OrderedLine:
        yuan = 10 if self.currency == "CNY" else 1
        worth = self.world.random.randint(*WORTH) * yuan * share
        packs = max(1, int((worth / (price * item.moq)).to_integral_value(ROUND_HALF_UP)))
        category, rate = self._tax()
        return OrderedLine(
            number=number,
            product_id=item.pk,
            quantity=item.moq * packs,
            requested_on=self.world.day(DAYS_TO_DELIVER),
            vat_category=category,
            vat_rate=rate,
        )

    def _tax(self) -> tuple[str, Decimal]:
        """At home the buyer's usual rate; from elsewhere none."""
        here, there = self.world[self.buyer].country, self.world[self.supplier].country
        if here == there:
            policy = policy_of(self.world[self.buyer].pk)
            return policy.vat_category, policy.vat_rate
        return ("K" if {here, there} <= EUROPEAN_UNION else "G"), Decimal(0)

    def approved(self, title: str, *, count: int = 2) -> PurchaseOrder:
        order = self.draft(title, count=count)
        return order.submit(actor=self.clerk).approve(actor=self.manager)  # type: ignore[no-any-return]

    def issued(self, title: str, *, count: int = 2) -> PurchaseOrder:
        return self.approved(title, count=count).issue(actor=self.clerk)  # type: ignore[no-any-return]

    def acknowledged(self, title: str, *, count: int = 2, ago: int = 0) -> PurchaseOrder:
        """Ordered so many days ago, the delivery promised for the day requested."""
        order = self.issued(title, count=count).acknowledge(actor=self.sales)
        days_pass(PurchaseOrder.objects.filter(pk=order.pk), ago)
        days_pass(PurchaseOrderLine.objects.filter(order=order), ago)
        order.refresh_from_db()
        return order  # type: ignore[no-any-return]

    # --- Deliveries and bills ------------------------------------------------------------------
    def receive(
        self,
        order: PurchaseOrder,
        *,
        on: date,
        share: Decimal = Decimal(1),
        rejected: Decimal = Decimal(0),
        lines: Sequence[PurchaseOrderLine] | None = None,
    ) -> GoodsReceipt:
        """A ``share`` of every line, or of some; of what comes, a share is ``rejected``."""
        arrivals = [
            _arrival(line, share, rejected) for line in (lines if lines is not None else order.lines.order_by("number"))
        ]
        note = f"LS-{order.number[-4:]}-{on:%m%d}"
        receipt = receiving.post(order, received_on=on, lines=arrivals, actor=self.receiver, delivery_note=note)
        order.refresh_from_db()
        return receipt

    def bill(self, order: PurchaseOrder, *, on: date, dearer: Decimal = Decimal(1)) -> Invoice:
        """A draft by the supplier over all that was accepted; ``dearer`` scales the prices."""
        lines = [
            InvoicedLine(
                number=line.number,
                order_line_id=line.pk,
                quantity=line.received or line.quantity,
                unit=line.unit,
                unit_price=(line.unit_price * dearer).quantize(Decimal("0.0001")),
                vat_category=None,
                vat_rate=None,
            )
            for line in order.lines.order_by("number")
        ]
        invoice = Invoice(order=order, number=f"{self.supplier[:3].upper()}-{order.number[3:]}", invoiced_on=on)
        return invoicing.draft(invoice, lines=lines, stated=Stated(), actor=self.sales)


def _arrival(line: PurchaseOrderLine, share: Decimal, rejected: Decimal) -> Arrival:
    came = max(Decimal(1), (line.quantity * share).to_integral_value(ROUND_HALF_UP))
    bad = (came * rejected).to_integral_value(ROUND_HALF_UP)
    return Arrival(line.pk, came, rejected=bad, reason="quality" if bad else "", note="毛刺 burrs" if bad else "")

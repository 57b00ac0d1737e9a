"""Price lists: each supplier's own currency and what it exports in, with tiers; one customer's own, and a promotion."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from b2b.demo import World
from b2b.exchange import rates_on
from suppliers.demo.families import products
from suppliers.drafting import draft_price_list
from suppliers.models import Price, PriceList, Product

EXPORTS = {"CN": ("CNY", "EUR"), "DE": ("EUR",), "GB": ("GBP", "EUR"), "US": ("USD", "EUR")}
TIERS = ((1, Decimal(1)), (10, Decimal("0.94")), (50, Decimal("0.88")))
"""From so many minimum orders on, this share of the price."""
PLACES = Decimal("0.0001")

Costs = Mapping[str, Decimal]


def load(world: World) -> None:
    costs = {(one.supplier, str(one.values["sku"])): one.price for one in products()}
    for supplier in sorted({supplier for supplier, _ in costs}):
        mine = {sku: price for (owner, sku), price in costs.items() if owner == supplier}
        for currency in EXPORTS[world[supplier].country]:
            name = f"Standard {currency} {world.today.year}"
            _list(world, supplier, currency, mine, name=name, since=world.day(-200)).publish(
                actor=world.who(supplier, "sales")
            )
    _particular(world, {sku: price for (owner, sku), price in costs.items() if owner == "haimao"})


def _particular(world: World, costs: Costs) -> None:
    """Lists beside the standard ones, in every state."""
    sales, bolts = world.who("haimao", "sales"), {sku: price for sku, price in costs.items() if sku.startswith("HB")}
    own = _list(world, "haimao", "EUR", _cut(bolts, "0.90"), name="Nordhafen", since=world.day(-90), buyer="nordhafen")
    own.publish(actor=sales)
    autumn = _list(world, "haimao", "EUR", _cut(bolts, "0.95"), name="Promotion", since=world.day(-5), until=25)
    _cheaper_later(autumn, world.day(11), Decimal("0.95"))
    autumn.publish(actor=sales)
    old = _list(world, "haimao", "CNY", _cut(bolts, "1.05"), name="Promotion 促销", since=world.day(-60), until=-30)
    old.publish(actor=sales).withdraw(actor=sales, reason="Replaced by the standard list.")
    dearer = _cut(bolts, "1.25")
    _list(world, "haimao", "EUR", dearer, name="Wessex", since=world.day(30), buyer="wessex").submit(actor=sales)
    _list(world, "haimao", "EUR", _cut(costs, "1.03"), name="Next year's prices 明年价格", since=world.day(300))


def _cheaper_later(price_list: PriceList, since: date, share: Decimal) -> None:
    """From a day on, the first item's prices are a share of what they were."""
    first = price_list.prices.order_by("product__sku").values_list("product_id", flat=True)[0]
    prices = list(price_list.prices.filter(product_id=first))
    price_list.prices.filter(product_id=first).update(valid_until=since - timedelta(days=1))
    Price.objects.bulk_create(
        Price(
            price_list=price_list,
            product_id=price.product_id,
            min_quantity=price.min_quantity,
            unit_price=(price.unit_price * share).quantize(PLACES, ROUND_HALF_UP),
            valid_from=since,
        )
        for price in prices
    )


def _cut(costs: Costs, share: str) -> dict[str, Decimal]:
    return {sku: price * Decimal(share) for sku, price in costs.items()}


def _list(
    world: World,
    supplier: str,
    currency: str,
    costs: Costs,
    *,
    name: str,
    since: date,
    until: int | None = None,
    buyer: str = "",
) -> PriceList:
    """A draft with its prices; ``until`` in days from today."""
    content: dict[str, Any] = {
        "name": name,
        "currency": currency,
        "valid_from": since,
        "valid_until": None if until is None else world.day(until),
        "buyer": world[buyer] if buyer else None,
        "scope": "promotion" if name.startswith("Promotion") else "standard",
    }
    made = draft_price_list(world[supplier].pk, actor=world.who(supplier, "sales"), **content)
    rate = rates_on(world.today).rate("EUR", currency)
    items = Product.objects.filter(supplier=world[supplier], sku__in=costs).only("sku", "moq").order_by("sku")
    Price.objects.bulk_create(price for item in items for price in _tiers(made, item, costs[item.sku] * rate))
    return made


def _tiers(price_list: PriceList, item: Product, price: Decimal) -> Iterable[Price]:
    for orders, share in TIERS:
        quantity = item.moq * orders if orders > 1 else Decimal(1)
        amount = (price * share).quantize(PLACES, ROUND_HALF_UP)
        yield Price(price_list=price_list, product=item, min_quantity=quantity, unit_price=amount)

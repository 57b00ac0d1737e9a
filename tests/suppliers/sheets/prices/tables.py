"""Prices as people send them, and as they then stand in a list."""

from __future__ import annotations

from suppliers.models import PriceList

HEAD = "货号\tFrom quantity\t单价\tPer\n"
MIXED = (
    "SKU\tPrice\tCurrency\tCustomer\tKind of list\tValid from\tValid until\n"
    "A\t5\tEUR\t\t\t2026-01-01\t2026-12-31\nB\t6\tEUR\t\tstandard\t2026-01-01\t2026-12-31\n"
    "A\t5.5\tUSD\t\t\t2026-01-01\t\nA\t4\tEUR\tnordwerk\t\t2026-01-01\t\nB\t3\tEUR\t\tPromotion\t2026-05-01\t2026-05-31\n"
)


def tiers(price_list: PriceList) -> list[tuple[str, str, str]]:
    """The item, the quantity from which it is meant and the unit price of each price of a list, in plain digits."""
    rows = price_list.prices.order_by("product__sku", "min_quantity")
    return [
        (price.product.sku, f"{price.min_quantity.normalize():f}", f"{price.unit_price.normalize():f}")
        for price in rows
    ]

"""An uploaded price list in place of a draft's prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from b2b.policy import Actor
from b2b.sheets.reading import Reading
from b2b.sheets.sheet import Row
from b2b.workflow import editing
from suppliers.models import Price, PriceList, Product

WRITTEN_AT_ONCE = 2_000
ONE = Decimal(1)
Tier = tuple[UUID, Decimal]


@dataclass(frozen=True, slots=True)
class PricesImported:
    """How many prices the list has now, and how many of them are new or other than before."""

    prices: int
    changed: int


def import_prices(reading: Reading, price_list: PriceList, *, actor: Actor, version: int | None) -> PricesImported:
    """Let the file's prices stand for the list's; the same file again changes nothing, not even the version.

    Raises ``Faulty`` with the faults of every cell, ``StaleVersion``, ``NotAllowed`` or ``WrongState``;
    then nothing was written.
    """
    with editing(price_list, actor=actor, expected_version=version):
        wanted = _wanted(reading, price_list)
        reading.sound()
        there = {(price.product_id, price.min_quantity): price for price in price_list.prices.all()}
        changed = [price for tier, price in wanted.items() if tier not in there or _said(there[tier]) != _said(price)]
        gone = [price.pk for tier, price in there.items() if tier not in wanted]
        replaced = [there[price.product_id, price.min_quantity].pk for price in changed if _tier(price) in there]
        price_list.prices.filter(pk__in=[*gone, *replaced]).delete()
        Price.objects.bulk_create(changed, batch_size=WRITTEN_AT_ONCE)
    return PricesImported(len(wanted), len(changed))


def _wanted(reading: Reading, price_list: PriceList) -> dict[Tier, Price]:
    numbers = {row["sku"] for row in reading.rows}
    known = dict(Product.objects.filter(supplier_id=price_list.supplier_id, sku__in=numbers).values_list("sku", "pk"))
    prices = [price for row in reading.rows if (price := _price(reading, row, price_list, known))]
    return {_tier(price): price for price in prices}


def _price(reading: Reading, row: Row, price_list: PriceList, known: Mapping[str, UUID]) -> Price | None:
    product_id = known.get(row["sku"])
    if product_id is None:
        reading.fault(row, "sku", "unknown-product", gettext("Your catalogue has no item of this number."))
        return None
    return Price(
        price_list=price_list,
        product_id=product_id,
        min_quantity=row["min_quantity"] or ONE,
        unit_price=row["unit_price"],
        price_base_quantity=row["price_base_quantity"] or ONE,
    )


def _tier(price: Price) -> Tier:
    return price.product_id, price.min_quantity


def _said(price: Price) -> tuple[Decimal, Decimal]:
    return price.unit_price, price.price_base_quantity

"""Prices that rise more than their category allows, against the price last in force for the same customer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from suppliers.models.category import Category

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Tier:
    """A price from a quantity on. ``unit_price`` is for ``price_base_quantity`` units."""

    product_id: UUID
    min_quantity: Decimal
    unit_price: Decimal
    price_base_quantity: Decimal


@dataclass(frozen=True, slots=True)
class Market:
    """For whom and in what a supplier's prices are. ``buyer_id`` is ``None`` where they are for everybody."""

    supplier_id: UUID
    currency: str
    scope: str
    buyer_id: UUID | None


@dataclass(frozen=True, slots=True)
class Rise:
    """A price that rises over the limit. ``place`` is that of the tier asked about; prices are for one unit."""

    place: int
    sku: str
    min_quantity: Decimal
    before: Decimal
    after: Decimal
    limit: Decimal

    @property
    def percent(self) -> Decimal | None:
        """By how much, to one place; ``None`` where the price was nothing before."""
        if not self.before:
            return None
        return ((self.after / self.before - 1) * 100).quantize(TENTH, ROUND_HALF_UP)


# Of the lists that were ever published and have begun, a customer's own go before those for everybody, and the
# latest before the others: withdrawing a list does not let its prices be forgotten.
_RISES = """
    WITH wanted AS ({wanted}),
    lists AS (
        SELECT id, buyer_id IS NOT NULL AS own, valid_from, published_at FROM suppliers_pricelist
        WHERE supplier_id = %(supplier)s AND currency = %(currency)s AND scope = %(scope)s
            AND (buyer_id IS NULL OR buyer_id = %(buyer)s)
            AND published_at IS NOT NULL AND valid_from <= %(on)s AND id IS DISTINCT FROM %(besides)s
    )
    SELECT wanted.place, product.sku, wanted.min_quantity, known.per_unit, wanted.per_unit, allowed.percent
    FROM wanted
    JOIN suppliers_product product ON product.id = wanted.product_id
    JOIN suppliers_category category ON category.id = product.category_id
    CROSS JOIN LATERAL (
        SELECT above.price_rise_limit AS percent
        FROM unnest(category.lineage) WITH ORDINALITY AS line (id, depth)
        JOIN suppliers_category above ON above.id = line.id
        WHERE above.price_rise_limit IS NOT NULL
        ORDER BY line.depth DESC LIMIT 1
    ) allowed
    CROSS JOIN LATERAL (
        SELECT price.unit_price / price.price_base_quantity AS per_unit
        FROM suppliers_price price JOIN lists ON lists.id = price.price_list_id
        WHERE price.product_id = wanted.product_id AND price.min_quantity <= wanted.min_quantity
        ORDER BY lists.own DESC, lists.valid_from DESC, lists.published_at DESC, price.min_quantity DESC
        LIMIT 1
    ) known
    WHERE wanted.per_unit > known.per_unit * (1 + allowed.percent / 100)
    ORDER BY wanted.place LIMIT %(most)s
"""
_OF_A_LIST = """
    SELECT row_number() OVER (ORDER BY product_id, min_quantity) AS place, product_id, min_quantity,
        unit_price / price_base_quantity AS per_unit
    FROM suppliers_price WHERE price_list_id = %(besides)s
"""
_OF_TIERS = """
    SELECT place, product_id, min_quantity, unit_price / price_base_quantity AS per_unit
    FROM unnest(%(products)s::uuid[], %(quantities)s::numeric[], %(prices)s::numeric[], %(bases)s::numeric[])
        WITH ORDINALITY AS tier (product_id, min_quantity, unit_price, price_base_quantity, place)
"""


def rises_of_list(price_list_id: UUID, market: Market, *, on: date, most: int) -> list[Rise]:
    """The prices of a list that rise over the limit, the first ``most`` of them."""
    return _found(_OF_A_LIST, market, besides=price_list_id, on=on, most=most)


def rises_of(tiers: Sequence[Tier], market: Market, *, on: date, besides: UUID | None = None) -> list[Rise]:
    """Those of some tiers that would rise over the limit; ``besides`` is the list they are for. Places from 0."""
    columns = {
        "products": [tier.product_id for tier in tiers],
        "quantities": [tier.min_quantity for tier in tiers],
        "prices": [tier.unit_price for tier in tiers],
        "bases": [tier.price_base_quantity for tier in tiers],
    }
    return _found(_OF_TIERS, market, besides=besides, on=on, most=len(tiers), **columns)


def _found(wanted: str, market: Market, *, besides: UUID | None, on: date, most: int, **columns: Any) -> list[Rise]:
    if not any_limits():
        return []
    values = {
        **columns,
        "supplier": market.supplier_id,
        "currency": market.currency,
        "scope": market.scope,
        "buyer": market.buyer_id,
        "besides": besides,
        "on": on,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RISES.format(wanted=wanted), values)
        return [Rise(int(place) - 1, *rest) for place, *rest in cursor.fetchall()]


def any_limits() -> bool:
    """Whether any category limits how much a price may rise."""
    return Category.objects.filter(price_rise_limit__isnull=False).exists()

"""Prices that rise more than their category allows, against the price last in force for the same customer.

A list may hold several prices of a product one after the other; then a later one is also a rise over the one
before it in the same list. Whoever climbs in many small steps is caught by the price last in force.
"""

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
    """A price from a quantity on, for some days. ``unit_price`` is for ``price_base_quantity`` units.

    Without days it is valid before all others, and until further notice.
    """

    product_id: UUID
    min_quantity: Decimal
    unit_price: Decimal
    price_base_quantity: Decimal
    begins: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """For whom and in what a supplier's prices are. ``buyer_id`` is ``None`` where they are for everybody."""

    supplier_id: UUID
    currency: str
    scope: str
    buyer_id: UUID | None


@dataclass(frozen=True, slots=True)
class Rise:
    """A price that rises over the limit. ``place`` is that of the tier asked about; prices are for one unit.

    ``since`` is the price's own first day; ``within`` says that it rises over an earlier price of the same list.
    Where it rises over both, it is measured against the lower.
    """

    place: int
    sku: str
    min_quantity: Decimal
    since: date | None
    before: Decimal
    after: Decimal
    limit: Decimal
    within: bool

    @property
    def percent(self) -> Decimal | None:
        """By how much, to one place; ``None`` where the price was nothing before."""
        if not self.before:
            return None
        return ((self.after / self.before - 1) * 100).quantize(TENTH, ROUND_HALF_UP)


# Of the lists that were ever published and have begun, a customer's own go before those for everybody, and the
# latest before the others: withdrawing a list does not let its prices be forgotten. Within a list that price
# counts which was in force last, up to the day asked about; of several the tier nearest to the quantity.
_RISES = """
    WITH wanted AS MATERIALIZED ({wanted}),
    within AS (
        SELECT DISTINCT ON (wanted.place) wanted.place, earlier.per_unit
        FROM wanted JOIN wanted earlier ON earlier.product_id = wanted.product_id
            AND earlier.min_quantity <= wanted.min_quantity
            AND coalesce(earlier.since, '-infinity') < wanted.since
        ORDER BY wanted.place, least(earlier.until, wanted.since - 1) DESC, earlier.min_quantity DESC
    ),
    lists AS (
        SELECT id, buyer_id IS NOT NULL AS own, valid_from, valid_until, published_at FROM suppliers_pricelist
        WHERE supplier_id = %(supplier)s AND currency = %(currency)s AND scope = %(scope)s
            AND (buyer_id IS NULL OR buyer_id = %(buyer)s)
            AND published_at IS NOT NULL AND valid_from <= %(on)s AND id IS DISTINCT FROM %(besides)s
    )
    SELECT wanted.place, product.sku, wanted.min_quantity, wanted.since, least(within.per_unit, known.per_unit),
        wanted.per_unit, allowed.percent, coalesce(within.per_unit < coalesce(known.per_unit, 'infinity'), false)
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
    LEFT JOIN within ON within.place = wanted.place
    LEFT JOIN LATERAL (
        SELECT price.unit_price / price.price_base_quantity AS per_unit
        FROM suppliers_price price JOIN lists ON lists.id = price.price_list_id
        WHERE price.product_id = wanted.product_id AND price.min_quantity <= wanted.min_quantity
            AND coalesce(price.valid_from, lists.valid_from) <= %(on)s
        ORDER BY lists.own DESC, lists.valid_from DESC, lists.published_at DESC,
            least(price.valid_until, lists.valid_until, %(on)s) DESC, price.min_quantity DESC
        LIMIT 1
    ) known ON true
    WHERE wanted.per_unit > least(within.per_unit, known.per_unit) * (1 + allowed.percent / 100)
    ORDER BY wanted.place LIMIT %(most)s
"""
_OF_A_LIST = """
    SELECT row_number() OVER (ORDER BY product_id, min_quantity, valid_from NULLS FIRST) AS place, product_id,
        min_quantity, unit_price / price_base_quantity AS per_unit, valid_from AS since, valid_until AS until
    FROM suppliers_price WHERE price_list_id = %(besides)s
"""
_OF_TIERS = """
    SELECT place, product_id, min_quantity, unit_price / price_base_quantity AS per_unit, since, until
    FROM unnest(%(products)s::uuid[], %(quantities)s::numeric[], %(prices)s::numeric[], %(bases)s::numeric[],
            %(since)s::date[], %(until)s::date[])
        WITH ORDINALITY AS tier (product_id, min_quantity, unit_price, price_base_quantity, since, until, place)
"""


def rises_of_list(price_list_id: UUID, market: Market, *, on: date, most: int) -> list[Rise]:
    """The prices of a list that rise over the limit, the first ``most`` of them."""
    return _found(_OF_A_LIST, market, besides=price_list_id, on=on, most=most)


def rises_of(tiers: Sequence[Tier], market: Market, *, on: date, besides: UUID | None = None) -> list[Rise]:
    """Those of some tiers of one list that would rise over the limit. Places from 0.

    ``besides`` is the list they are for, where it is there. Of its prices none but those given are compared.
    """
    columns = {
        "products": [tier.product_id for tier in tiers],
        "quantities": [tier.min_quantity for tier in tiers],
        "prices": [tier.unit_price for tier in tiers],
        "bases": [tier.price_base_quantity for tier in tiers],
        "since": [tier.begins for tier in tiers],
        "until": [tier.ends for tier in tiers],
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

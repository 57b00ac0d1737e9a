"""Which price is in force, and where it comes from.

Of the published lists valid on the day, in the currency, that are for everybody or for this
customer, the customer's own goes before the general, and a promotion before the standard; within
the list the highest tier not above the quantity counts, of the prices whose own days hold the day. A list
that has no price for the product on that day, or no tier for so small a quantity, leaves the word to the
next. A price whose days are over is nobody's: where no other list has one, there is no price.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from suppliers.models import Price
from suppliers.models.price import PriceQuerySet, Scope


@dataclass(frozen=True, slots=True)
class PriceFound:
    """A price and the list it stands in. ``unit_price`` is for ``price_base_quantity`` units.

    The days are the price's own, or the list's where it has none.
    """

    product_id: UUID
    unit_price: Decimal
    price_base_quantity: Decimal
    currency: str
    min_quantity: Decimal
    price_id: UUID
    price_list_id: UUID
    price_list: str
    scope: str
    is_customer_specific: bool
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A price that was looked at, and why it was or was not taken: a code of ``PriceExplanation.outcome``."""

    price: PriceFound
    outcome: str


def price_in_force(
    product_id: UUID, *, buyer_id: UUID | None, quantity: Decimal, currency: str, on: date
) -> PriceFound | None:
    """The price that counts for so many units on that day, or ``None`` where no list has one."""
    return prices_in_force({product_id: quantity}, buyer_id=buyer_id, currency=currency, on=on).get(product_id)


def prices_in_force(
    quantities: dict[UUID, Decimal], *, buyer_id: UUID | None, currency: str, on: date
) -> dict[UUID, PriceFound]:
    """Like ``price_in_force`` for any number of products, in one query; products without a price are left out."""
    found: dict[UUID, Price] = {}
    for price in _listed(quantities.keys(), buyer_id=buyer_id, currency=currency, on=on).on_day(on):
        if price.min_quantity > quantities[price.product_id]:
            continue
        held = found.get(price.product_id)
        if held is None or _precedence(price) > _precedence(held):
            found[price.product_id] = price
    return {key: _told(price) for key, price in found.items()}


def explanation(
    product_id: UUID, *, buyer_id: UUID | None, quantity: Decimal, currency: str, on: date
) -> list[Candidate]:
    """Every price that could have counted, the one that does first.

    Outcomes: ``taken``; ``day`` (valid on other days of the list only); ``quantity`` (the tier begins above it);
    ``tier`` (a higher tier of the same list counts); ``list`` (another list goes before).
    """
    prices = list(_listed([product_id], buyer_id=buyer_id, currency=currency, on=on))
    valid = [price for price in prices if _is_valid(price, on)]
    best = max((price for price in valid if price.min_quantity <= quantity), key=_precedence, default=None)
    ranked = sorted(prices, key=lambda price: (price is best, *_precedence(price), price.begins), reverse=True)
    return [Candidate(_told(price), _outcome(price, best, quantity, on)) for price in ranked]


def _listed(product_ids: Collection[UUID], *, buyer_id: UUID | None, currency: str, on: date) -> PriceQuerySet:
    """Prices in lists that are in force on the day, whatever their own days."""
    open_end = Q(price_list__valid_until=None) | Q(price_list__valid_until__gte=on)
    for_customer = Q(price_list__buyer=None) | Q(price_list__buyer_id=buyer_id)
    return Price.objects.filter(
        open_end,
        for_customer,
        product_id__in=product_ids,
        price_list__state="published",
        price_list__currency=currency,
        price_list__valid_from__lte=on,
    ).select_related("price_list")


def _precedence(price: Price) -> tuple[bool, bool, Decimal]:
    listed = price.price_list
    return listed.buyer_id is not None, listed.scope == Scope.PROMOTION, price.min_quantity


def _is_valid(price: Price, on: date) -> bool:
    return price.begins <= on and (price.ends is None or on <= price.ends)


def _outcome(price: Price, best: Price | None, quantity: Decimal, on: date) -> str:
    if price is best:
        return "taken"
    if not _is_valid(price, on):
        return "day"
    if price.min_quantity > quantity:
        return "quantity"
    return "tier" if best is not None and price.price_list_id == best.price_list_id else "list"


def _told(price: Price) -> PriceFound:
    listed = price.price_list
    return PriceFound(
        product_id=price.product_id,
        unit_price=price.unit_price,
        price_base_quantity=price.price_base_quantity,
        currency=listed.currency,
        min_quantity=price.min_quantity,
        price_id=price.pk,
        price_list_id=listed.pk,
        price_list=str(listed),
        scope=listed.scope,
        is_customer_specific=listed.buyer_id is not None,
        valid_from=price.begins,
        valid_until=price.ends,
    )

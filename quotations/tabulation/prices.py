"""The unit price behind a printed one: tabulations print cents, bidders bid in tenths of them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from b2b.fields import PRICE_PLACES
from b2b.money import line_amount
from b2b.number import half_up

CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Priced:
    """The unit price to record, and what to tell where it is not the printed one or contradicts the extension."""

    unit_price: Decimal
    recovered: bool = False
    contradiction: str = ""


def priced(*, quantity: Decimal, price: Decimal, places: int, amount: Decimal | None) -> Priced:
    """The printed price, unless the extension shows that it was rounded for printing.

    Then the price with the fewest places that rounds to the printed one and gives the printed extension
    is what was bid. Where no rounding explains the difference the unit price governs, as in public
    tenders (FAR 14.407-2, AASHTO 102), and the contradiction is told.
    """
    extension = line_amount(quantity, price, CURRENCY).amount
    if amount is None or extension == half_up(amount, 2):
        return Priced(price)
    for finer in range(places + 1, PRICE_PLACES + 1):
        behind = half_up(amount / quantity, finer) if quantity else price
        if _rounds_to(behind, price, places) and line_amount(quantity, behind, CURRENCY).amount == half_up(amount, 2):
            return Priced(behind, recovered=True)
    return _closest(quantity, price, places, amount, extension)


def _closest(quantity: Decimal, price: Decimal, places: int, amount: Decimal, extension: Decimal) -> Priced:
    """Six places may not give a large extension to the cent; the price is still the one behind the print."""
    behind = half_up(amount / quantity, PRICE_PLACES) if quantity else price
    if quantity and behind != price and _rounds_to(behind, price, places):
        return Priced(behind, recovered=True)
    return Priced(
        price,
        contradiction=_("%(quantity)s × %(price)s is %(right)s, but the file says %(amount)s; the unit price counts.")
        % {
            "quantity": f"{quantity:,f}",
            "price": f"{price:,f}",
            "right": f"{extension:,.2f}",
            "amount": f"{amount:,.2f}",
        },
    )


def _rounds_to(behind: Decimal, price: Decimal, places: int) -> bool:
    """Rounded or cut to the printed places."""
    return abs(behind - price) < Decimal(1).scaleb(-places)

"""Uploaded prices in the units their items are kept in: "120.00 a carton" is 120.00 for 24 pieces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext

from b2b.fields import PRICE_DIGITS, PRICE_PLACES, QUANTITY_DIGITS, QUANTITY_PLACES
from b2b.sentences import Measure
from b2b.sheets.faults import Conversion
from b2b.sheets.table import at
from b2b.unit import COUNT, unit
from b2b.uploads.format import Candidate
from suppliers.packages import factor

ONE = Decimal(1)
BASIS_FROM = 100
"""A hundred and a thousand are what prices are for; whether quantities are counted in them too, nobody knows."""


class Kept(NamedTuple):
    """An item of the catalogue and how it is measured."""

    product_id: Any
    unit: str
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row says, in the item's own unit. ``unit_price`` is for ``base``."""

    tier: Decimal
    unit_price: Decimal
    base: Decimal


class NoWay(ValueError):
    """What the row says cannot be said in the item's unit: at which column, which rule, and why."""

    def __init__(self, column: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.column, self.code, self.detail = column, code, detail


def measured(said: Mapping[str, Any], kept: Kept) -> Measured:
    """Raises ``NoWay``."""
    priced_in = said["unit"]
    tier, price = said["min_quantity"], said["unit_price"]
    base = said["price_base_quantity"] or (priced_in.count if priced_in else ONE)
    code = priced_in.unit if priced_in else ""
    if code in ("", kept.unit):
        return Measured(tier or ONE, price, base)
    found = factor(code, kept.unit, kept.packages)
    if found is None:
        raise NoWay("unit", "package-unknown", _unknown(code, kept.unit))
    times, is_package = found
    if times == 1:
        return Measured(tier or ONE, price, base)
    if tier and _is_basis(code, times):
        raise NoWay("min_quantity", "two-readings", _two_readings(tier, code, kept.unit))
    return Measured(
        _whole_steps(tier or ONE, times, code, kept.unit) if tier or is_package else ONE,
        *_per(price, base, times, code, kept.unit),
    )


def conversions(row: Candidate, kept: Kept, found: Measured) -> list[Conversion]:
    """What was made of the row's price and quantity, where that is not what stands there."""
    said, told = row.row, []
    if found.base != (said["price_base_quantity"] or ONE) or found.unit_price != said["unit_price"]:
        price = gettext("%(price)s for %(quantity)s")
        basis = Measure(kept.unit, found.base)
        told.append(_told(row, "unit_price", price % {"price": f"{found.unit_price.normalize():f}", "quantity": basis}))
    if said["min_quantity"] and found.tier != said["min_quantity"]:
        told.append(_told(row, "min_quantity", Measure(kept.unit, found.tier)))
    return told


def _told(row: Candidate, column: str, taken: str) -> Conversion:
    place = row.places.get(column, 0)
    shown, priced_in = str(at(row.cells, place) or "") if place else "", row.row["unit"]
    kind = f"unit:{priced_in.unit}" if priced_in else "unit"
    return Conversion(row.table, row.number, place, row.sheet.columns[column].here, shown, taken, kind)


def _per(price: Decimal, base: Decimal, times: Fraction, code: str, own: str) -> tuple[Decimal, Decimal]:
    """The price and what it is for, both times the smallest number that makes the latter a quantity."""
    exactly = Fraction(base) * times
    scale = (exactly * 10**QUANTITY_PLACES).denominator
    scaled = _decimal(Fraction(price) * scale, PRICE_DIGITS, PRICE_PLACES)
    of = _decimal(exactly * scale, QUANTITY_DIGITS, QUANTITY_PLACES)
    if scaled is None or of is None:
        detail = gettext("This price for one “%(unit)s” cannot be said exactly for “%(own)s”, the item's unit.")
        raise NoWay("unit_price", "price-not-exact", detail % {"unit": Measure(code), "own": Measure(own)})
    return scaled, of


def _whole_steps(tier: Decimal, times: Fraction, code: str, own: str) -> Decimal:
    value = _decimal(Fraction(tier) * times, QUANTITY_DIGITS, QUANTITY_PLACES)
    if value is None:
        detail = gettext("%(quantity)s cannot be said exactly in “%(own)s”, the item's unit. Write it in that.")
        said = {"quantity": Measure(code, tier), "own": Measure(own)}
        raise NoWay("min_quantity", "quantity-not-exact", detail % said)
    return value


def _decimal(value: Fraction, digits: int, places: int) -> Decimal | None:
    """The same number, if the column can hold it."""
    steps = value * 10**places
    return Decimal(steps.numerator).scaleb(-places) if steps.denominator == 1 and steps < 10**digits else None


def _is_basis(code: str, times: Fraction) -> bool:
    """A hundred, a thousand or ten thousand of the item's unit."""
    return unit(code).dimension == COUNT and times >= BASIS_FROM and set(str(times)) == {"1", "0"}


def _unknown(code: str, own: str) -> str:
    detail = gettext(
        "The item is kept in “%(own)s”; how many of those make one “%(unit)s” is not known. Say it in the catalogue, "
        "in the item's packages, or write the price of one “%(own)s”."
    )
    return detail % {"unit": Measure(code), "own": Measure(own)}


def _two_readings(tier: Decimal, code: str, own: str) -> str:
    detail = gettext(
        "This may mean %(one)s or %(other)s. Write the quantity and the unit in “%(own)s”, and what the price is for "
        "in its own column."
    )
    ways = {"one": Measure(code, tier), "other": Measure(own, tier)}
    return detail % {**ways, "own": Measure(own)}

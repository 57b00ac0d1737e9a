"""Money: an exact decimal and its currency, rounded only where a rule says so.

Amounts carry up to 16 digits before and 18 after the point. Sums are exact; a product finer than the 18th place
is rounded there. ``rounded()`` goes to the currency's minor unit. Values are immutable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from babel.numbers import NumberPattern
from django.utils.translation import gettext as _

from b2b.currency import Currency, currency, reader_locale
from b2b.number import ROOMY, InvalidNumber, exact, half_up, is_small

AMOUNT_WHOLE, AMOUNT_PLACES = 16, 18
PRICE_WHOLE, PRICE_PLACES = 14, 6


class MixedCurrencies(ValueError):
    """Amounts of two currencies met without an exchange rate."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(
            _("%(one)s and %(other)s cannot be combined without an exchange rate.") % {"one": one, "other": other}
        )


class Unsplittable(ValueError):
    """Weights by which nothing can be divided."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency. Comparing two currencies for order raises; for equality it is simply false."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        currency(self.currency)
        object.__setattr__(self, "amount", exact(self.amount, whole=AMOUNT_WHOLE, places=AMOUNT_PLACES))

    @classmethod
    def zero(cls, code: str) -> Money:
        return cls(Decimal(0), code)

    @property
    def unit(self) -> Currency:
        """The currency with its minor unit and names."""
        return currency(self.currency)

    def __add__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return self._like(ROOMY.add(self.amount, self._same_currency(other)))

    def __sub__(self, other: Money) -> Money:
        if not isinstance(other, Money):
            return NotImplemented
        return self._like(ROOMY.subtract(self.amount, self._same_currency(other)))

    def __neg__(self) -> Money:
        return self._like(ROOMY.minus(self.amount))

    def __abs__(self) -> Money:
        return self._like(ROOMY.abs(self.amount))

    def __mul__(self, factor: Decimal | int) -> Money:
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            return NotImplemented
        number = _factor(factor)
        return self._like(half_up(ROOMY.multiply(self.amount, number), AMOUNT_PLACES))

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount < self._same_currency(other)

    def __le__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount <= self._same_currency(other)

    def __gt__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount > self._same_currency(other)

    def __ge__(self, other: Money) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.amount >= self._same_currency(other)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        """For machines: ``1234.50 CNY``. People read ``display()``."""
        return f"{self.amount:f} {self.currency}"

    def display(self, language: str | None = None) -> str:
        """For people: rounded to the minor unit and written as CLDR says in their language."""
        locale, places = reader_locale(language), self.unit.places
        pattern: NumberPattern = copy(locale.currency_formats["standard"])
        pattern.frac_prec = (places, places)
        written: str = pattern.apply(self.rounded().amount, locale, currency=self.currency, currency_digits=False)
        return written

    def rounded(self) -> Money:
        """To the minor unit, a half away from zero; doing it twice changes nothing."""
        return self._like(half_up(self.amount, self.unit.places))

    def is_rounded(self) -> bool:
        return self == self.rounded()

    def allocate(self, weights: Sequence[Decimal | int]) -> tuple[Money, ...]:
        """Parts in proportion to the weights, each a whole number of minor units, that sum to the whole exactly.

        By largest remainder (Hamilton's method): who lost most to rounding down gets the next unit, the earlier
        first. The whole must be rounded already. Raises ``Unsplittable``.
        """
        shares = _shares(weights)
        minor = self._in_minor_units()
        parts = _by_largest_remainder(abs(minor), shares)
        sign = -1 if minor < 0 else 1
        return tuple(self._like(Decimal(sign * part).scaleb(-self.unit.places, ROOMY)) for part in parts)

    def _in_minor_units(self) -> int:
        if not self.is_rounded():
            raise Unsplittable(_("Only an amount rounded to the minor unit can be divided without loss."))
        return int(self.amount.scaleb(self.unit.places, ROOMY))

    def _same_currency(self, other: Money) -> Decimal:
        if other.currency != self.currency:
            raise MixedCurrencies(self.currency, other.currency)
        return other.amount

    def _like(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The exact sum; zero of that currency when there is nothing to sum. Raises ``MixedCurrencies``."""
    return sum(amounts, start=Money.zero(currency))


def unit_price(value: Decimal | int | str) -> Decimal:
    """A price written to six places. Raises ``InvalidNumber`` when it has more, or is too large."""
    return exact(value, whole=PRICE_WHOLE, places=PRICE_PLACES).quantize(Decimal(1).scaleb(-PRICE_PLACES))


def line_amount(
    quantity: Decimal, unit_price: Decimal, currency: str, *, price_base_quantity: Decimal | int = 1
) -> Money:
    """Quantity x price / base quantity, rounded once, here (EN 16931 BT-131, BT-146, BT-149).

    ``price_base_quantity`` is how many units the price is for: 1,000 for a price per thousand.
    """
    value = _product(quantity, unit_price)
    if price_base_quantity != 1:
        base = _factor(price_base_quantity)
        if base <= 0:
            raise InvalidNumber(_("The quantity a price is for must be greater than zero."))
        # A quotient without end differs from a half by far more than its 120th digit: rounding it again moves nothing.
        value = ROOMY.divide(value, base)
    return Money(half_up(value, _places_of(currency)), currency)


def line_amounts(lines: Iterable[tuple[Decimal, Decimal]], currency: str) -> Iterator[Decimal]:
    """What ``line_amount`` says of each quantity and price, for the thousands of lines of a document."""
    places = _places_of(currency)
    for quantity, unit_price in lines:
        if is_small(quantity) and is_small(unit_price):  # As nearly all are, and their product fits.
            amount = half_up(ROOMY.multiply(quantity, unit_price), places)
            yield amount or amount.copy_abs()
        else:
            yield exact(half_up(_product(quantity, unit_price), places), whole=AMOUNT_WHOLE, places=AMOUNT_PLACES)


def _product(quantity: Decimal, unit_price: Decimal) -> Decimal:
    return ROOMY.multiply(_factor(quantity), _factor(unit_price))


def _places_of(code: str) -> int:
    return currency(code).places


def _factor(value: Decimal | int) -> Decimal:
    """Bounded so that a product stays inside the roomy context: many places are welcome, an exponent bomb is not."""
    return exact(value, whole=20, places=40)


def _shares(weights: Sequence[Decimal | int]) -> list[Fraction]:
    shares = [Fraction(_factor(weight)) for weight in weights]
    if not shares or min(shares) < 0 or not sum(shares):
        raise Unsplittable(_("Weights must not be negative, and one of them must be greater than zero."))
    return shares


def _by_largest_remainder(whole: int, shares: list[Fraction]) -> list[int]:
    quotas = [whole * share / sum(shares) for share in shares]
    parts = [quota.numerator // quota.denominator for quota in quotas]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - quotas[index])
    for index in by_remainder[: whole - sum(parts)]:
        parts[index] += 1
    return parts

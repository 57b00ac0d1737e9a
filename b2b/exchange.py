"""Exchange rates by day, and money turned into another currency by them.

The rate in force on a day is the last one published on or before it, if it is not too old. Every pair goes through
the currency the publisher quotes against (the pivot; EUR for the European Central Bank). A ``RateTable`` freezes
what was in force, so that an award can be recomputed years later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from django.utils.translation import gettext as _

from b2b.currency import currency
from b2b.models.rate import ExchangeRate
from b2b.money import Money
from b2b.number import InvalidNumber, decimal_of, exact, half_up

ECB, EUR = "ECB", "EUR"
DEMO = "DEMO"
"""The source of rates invented for the demo data, which count only where the wanted source has none."""

MAX_AGE_DAYS = 10
"""Longer than any run of days on which the ECB does not publish; shorter than anyone would call current."""

RATE_DIGITS = 12
"""Significant digits of a rate we state. Conversions use the published rates exactly and round once."""


class NoRate(ValueError):
    """No rate for a currency on a day, or only one that is too old."""

    def __init__(self, code: str, on: date) -> None:
        super().__init__(
            _("There is no current exchange rate for %(currency)s on %(day)s.") % {"currency": code, "day": on}
        )


@dataclass(frozen=True, slots=True, order=True)
class PublishedRate:
    """One pivot bought ``rate`` of ``currency`` on ``day``."""

    currency: str
    rate: Decimal
    day: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "rate", exact(self.rate, whole=10, places=10))
        if self.rate <= 0:
            raise InvalidNumber(_("An exchange rate must be greater than zero."))


@dataclass(frozen=True, slots=True)
class RateTable:
    """The rates in force on one day, by one publisher: an immutable value that goes to JSON and back unchanged."""

    on: date
    source: str
    pivot: str
    rates: tuple[PublishedRate, ...]

    def rate(self, base: str, quote: str) -> Decimal:
        """How much ``quote`` one ``base`` buys, to 12 significant digits. Raises ``NoRate``."""
        return decimal_of(self._cross(base, quote), significant=RATE_DIGITS)

    def factor(self, base: str, quote: str) -> Fraction:
        """How much ``quote`` one ``base`` buys, exactly: for many amounts at once. Raises ``NoRate``."""
        return self._cross(base, quote)

    def convert(self, money: Money, to: str) -> Money:
        """Rounded once, to the target's minor unit; into its own currency money is left as it is."""
        if money.currency == to:
            return money
        value = Fraction(money.amount) * self._cross(money.currency, to)
        return Money(half_up(value, currency(to).places), to)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, decimals as strings."""
        rates = {row.currency: {"rate": f"{row.rate:f}", "day": row.day.isoformat()} for row in self.rates}
        return {"on": self.on.isoformat(), "source": self.source, "pivot": self.pivot, "rates": rates}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """What ``as_json`` wrote."""
        rates = [
            PublishedRate(code, Decimal(row["rate"]), date.fromisoformat(row["day"]))
            for code, row in data["rates"].items()
        ]
        return cls(date.fromisoformat(data["on"]), data["source"], data["pivot"], tuple(sorted(rates)))

    def _cross(self, base: str, quote: str) -> Fraction:
        return self._per_pivot(quote) / self._per_pivot(base)

    def _per_pivot(self, code: str) -> Fraction:
        if code == self.pivot:
            return Fraction(1)
        found = next((row.rate for row in self.rates if row.currency == code), None)
        if found is None:
            raise NoRate(code, self.on)
        return Fraction(found)


def rates_on(
    on: date,
    *,
    currencies: Iterable[str] | None = None,
    source: str = ECB,
    pivot: str = EUR,
    max_age_days: int = MAX_AGE_DAYS,
) -> RateTable:
    """The rates in force that day, of all currencies or of the named; the missing ones fail when asked for."""
    published = ExchangeRate.objects.filter(
        source__in={source, DEMO}, base=pivot, day__lte=on, day__gte=on - timedelta(days=max_age_days)
    )
    if currencies is not None:
        published = published.filter(quote__in=set(currencies))
    newest = published.order_by("source", "quote", "-day").distinct("source", "quote")
    found: dict[str, list[PublishedRate]] = defaultdict(list)
    for publisher, quote, value, day in newest.values_list("source", "quote", "rate", "day"):
        found[publisher].append(PublishedRate(quote, value, day))
    used = DEMO if source not in found and DEMO in found else source
    return RateTable(on, used, pivot, tuple(found[used]))


def rate(base: str, quote: str, on: date, *, source: str = ECB, max_age_days: int = MAX_AGE_DAYS) -> Decimal:
    """How much ``quote`` one ``base`` buys that day, to 12 significant digits. Raises ``NoRate``."""
    table = rates_on(on, currencies=[base, quote], source=source, max_age_days=max_age_days)
    return table.rate(base, quote)


def convert(money: Money, to: str, on: date, *, source: str = ECB, max_age_days: int = MAX_AGE_DAYS) -> Money:
    """At the rate in force that day, rounded once to the target's minor unit. Raises ``NoRate``."""
    if money.currency == to:
        return money
    table = rates_on(on, currencies=[money.currency, to], source=source, max_age_days=max_age_days)
    return table.convert(money, to)

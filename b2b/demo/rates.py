"""Exchange rates invented for the demo: about as far from each other as the real ones, and nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from b2b.demo.world import World
from b2b.exchange import DEMO, EUR
from b2b.models.rate import ExchangeRate

DAYS = 20
LEVELS = {"CNY": Decimal("7.8400"), "GBP": Decimal("0.8600"), "USD": Decimal("1.0900")}
WAVES = (0, 3, 1, -2, 4, 2, -1)
"""How far a rate strays from its level, in thousandths, one day after the other."""
SATURDAY = 5


def publish_rates(world: World) -> None:
    ExchangeRate.objects.bulk_create(_rates(world.today), ignore_conflicts=True)


def _rates(today: date) -> Iterator[ExchangeRate]:
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        for quote, level in LEVELS.items() if day.weekday() < SATURDAY else ():
            yield ExchangeRate(source=DEMO, day=day, base=EUR, quote=quote, rate=_rate(level, ago))


def _rate(level: Decimal, ago: int) -> Decimal:
    return (level * (1 + Decimal(WAVES[ago % len(WAVES)]) / 1000)).quantize(Decimal("0.0001"))

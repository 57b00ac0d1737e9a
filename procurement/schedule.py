"""A line's delivery schedule: how much of its quantity is needed on which day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, Self

from django.utils.translation import gettext

from b2b.errors import Fault

PIECE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*[:：=]\s*(\d+(?:\.\d+)?)\s*")
MOST_DELIVERIES = 60


@dataclass(frozen=True, slots=True)
class Delivery:
    """So much of a line's unit, needed on that day."""

    on: date
    quantity: Decimal

    def as_json(self) -> dict[str, str]:
        return {"on": self.on.isoformat(), "quantity": f"{self.quantity:f}"}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        return cls(date.fromisoformat(told["on"]), Decimal(told["quantity"]))


class Scheduled(Protocol):
    """Lines that may be delivered in parts."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def deliveries(self) -> Sequence[Delivery]: ...


def schedule_of(text: str) -> tuple[Delivery, ...]:
    """``2027-03-31: 1200; 2027-05-31: 800`` in the order of days. Raises ``ValueError``."""
    pieces = [piece for piece in re.split(r"[;；\n]", text) if piece.strip()]
    return tuple(sorted((_delivery(piece) for piece in pieces), key=lambda one: one.on))


def _delivery(piece: str) -> Delivery:
    found = PIECE.fullmatch(piece)
    if found is None:
        raise ValueError(piece)
    year, month, day, quantity = found.groups()
    return Delivery(date(int(year), int(month), int(day)), Decimal(quantity))


def written(deliveries: Iterable[Delivery]) -> str:
    """What ``schedule_of`` reads."""
    return "; ".join(f"{one.on.isoformat()}: {one.quantity.normalize():f}" for one in deliveries)


def schedule_faults(lines: Sequence[Scheduled]) -> Iterator[Fault]:
    for index, line in enumerate(lines):
        if line.deliveries:
            yield from (Fault(f"#/lines/{index}/deliveries", code, detail) for code, detail in _wrong(line))


def _wrong(line: Scheduled) -> Iterator[tuple[str, str]]:
    if len(line.deliveries) > MOST_DELIVERIES:
        detail = gettext("A line is delivered in at most %(most)s parts.") % {"most": MOST_DELIVERIES}
        yield "too-many-deliveries", detail
    if any(one.quantity <= 0 for one in line.deliveries):
        yield "not-positive", gettext("A quantity is greater than zero.")
    if max(Counter(one.on for one in line.deliveries).values()) > 1:
        yield "day-twice", gettext("A day stands twice in the schedule. Add its quantities up.")
    if sum(one.quantity for one in line.deliveries) != line.quantity:
        yield "schedule-differs", gettext("The quantities of the schedule do not add up to the line's quantity.")

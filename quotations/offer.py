"""What a supplier offers: the content of a quotation, as one value that is sealed and hashed whole.

The sealed form is JSON with sorted names and decimals as strings. It carries a random nonce, so that its hash,
which everybody may see, does not let anybody guess a price by trying (the price of a one-line RFQ has few digits).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Self

from b2b.fields import PRICE_PLACES
from b2b.number import half_up

NONCE_BYTES = 16
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Tier:
    """From this quantity on, one unit costs ``unit_price``."""

    from_quantity: Decimal
    unit_price: Decimal

    def as_json(self) -> dict[str, str]:
        return {"from_quantity": f"{self.from_quantity:f}", "unit_price": f"{self.unit_price:f}"}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(Decimal(data["from_quantity"]), Decimal(data["unit_price"]))


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something else offered for the same line, under a name of its own; it is shown, and never counts by itself."""

    name: str
    unit_price: Decimal
    lead_time_days: int | None = None
    note: str = ""
    tiers: tuple[Tier, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "unit_price": f"{self.unit_price:f}",
            "lead_time_days": self.lead_time_days,
            "note": self.note,
            "tiers": [tier.as_json() for tier in self.tiers],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        price, tiers = Decimal(data["unit_price"]), tuple(map(Tier.from_json, data["tiers"]))
        return cls(data["name"], price, data["lead_time_days"], data["note"], tiers)


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """The answer to one line: a unit price (which may be zero), or no bid. A line not answered has no such value.

    ``tiers`` are prices from larger quantities on, the smallest first.
    """

    unit_price: Decimal | None = None
    no_bid: bool = False
    lead_time_days: int | None = None
    note: str = ""
    tiers: tuple[Tier, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def price_for(self, quantity: Decimal) -> Decimal | None:
        """Of one unit, where so many are bought."""
        reached = [tier.unit_price for tier in self.tiers if tier.from_quantity <= quantity]
        return reached[-1] if reached else self.unit_price

    def as_json(self) -> dict[str, Any]:
        return {
            "unit_price": None if self.unit_price is None else f"{self.unit_price:f}",
            "no_bid": self.no_bid,
            "lead_time_days": self.lead_time_days,
            "note": self.note,
            "tiers": [tier.as_json() for tier in self.tiers],
            "alternatives": [one.as_json() for one in self.alternatives],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Also of what was sealed before there were tiers."""
        price = data["unit_price"]
        return cls(
            None if price is None else Decimal(price),
            data["no_bid"],
            data["lead_time_days"],
            data["note"],
            tuple(map(Tier.from_json, data.get("tiers", ()))),
            tuple(map(Alternative.from_json, data.get("alternatives", ()))),
        )


@dataclass(frozen=True, slots=True)
class Offer:
    """All a quotation says, ``lines`` by RFQ line number. ``discount_percent`` applies to every unit price."""

    currency: str
    valid_until: date | None = None
    discount_percent: Decimal = Decimal(0)
    note: str = ""
    lines: Mapping[int, OfferedLine] = field(default_factory=dict)

    def with_lines(self, lines: Mapping[int, OfferedLine | None]) -> Self:
        """The same offer with some answers replaced; ``None`` takes an answer back."""
        merged = {**self.lines, **lines}
        return replace(self, lines={number: line for number, line in merged.items() if line is not None})

    def net_price(self, line: OfferedLine, quantity: Decimal) -> Decimal | None:
        """The unit price for so many less the discount, to six places; ``None`` for no bid."""
        price = line.price_for(quantity)
        if price is None:
            return None
        return half_up(price * (HUNDRED - self.discount_percent) / HUNDRED, PRICE_PLACES)

    def to_bytes(self) -> bytes:
        """A form to seal and hash. Two calls differ, by the nonce."""
        said = {
            "nonce": secrets.token_hex(NONCE_BYTES),
            "currency": self.currency,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "discount_percent": f"{self.discount_percent:f}",
            "note": self.note,
            "lines": {str(number): line.as_json() for number, line in self.lines.items()},
        }
        return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        said = json.loads(content)
        return cls(
            currency=said["currency"],
            valid_until=date.fromisoformat(said["valid_until"]) if said["valid_until"] else None,
            discount_percent=Decimal(said["discount_percent"]),
            note=said["note"],
            lines={int(number): OfferedLine.from_json(line) for number, line in said["lines"].items()},
        )


def content_hash(content: bytes) -> str:
    """SHA-256 of the unsealed content, in hexadecimal: what the journal keeps and the minutes verify."""
    return hashlib.sha256(content).hexdigest()

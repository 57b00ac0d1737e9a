"""A price as somebody wants it agreed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of the price annex; without ``quantity`` the contract's ceiling limits what is called off."""

    number: int
    item: str
    unit: str
    unit_price: Decimal
    quantity: Decimal | None = None
    code: str = ""
    product_id: UUID | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None

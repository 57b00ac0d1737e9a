"""Lines to ask a price for, and what they are estimated to cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from b2b.errors import Fault, Invalid
from b2b.money import Money, line_amount
from b2b.number import InvalidNumber
from b2b.rounding import sum_of_lines
from procurement.line_rules import line_faults, product_faults
from procurement.schedule import Delivery, schedule_faults
from procurement.workflow.totalling import is_amount


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One line to ask a price for. The estimate is the buyer's own, in the document's currency."""

    number: int
    item: str
    quantity: Decimal
    unit: str
    code: str = ""
    product_id: UUID | None = None
    section: str = ""
    estimate_unit_price: Decimal | None = None
    mandatory: bool = True
    required_by: date | None = None
    deliveries: tuple[Delivery, ...] = ()


def require_sound(lines: Sequence[AskedLine], currency: str) -> None:
    """Raises ``Invalid`` naming every line that cannot stand."""
    faults = [
        *line_faults(lines), *product_faults(lines), *_estimate_faults(lines, currency), *schedule_faults(lines),
    ]  # fmt: skip
    if faults:
        raise Invalid(faults=faults)


def estimate_of(lines: Sequence[AskedLine], currency: str) -> Decimal | None:
    """The sum of the lines' estimates, each rounded once; ``None`` without lines, or while one has none.

    Raises ``Invalid`` for a sum beyond every column.
    """
    amounts = [_estimated(line, currency) for line in lines if line.estimate_unit_price is not None]
    if not lines or len(amounts) < len(lines):
        return None
    try:
        return sum_of_lines(amounts, currency).amount
    except InvalidNumber as problem:
        raise Invalid(faults=[Fault("#/lines", "total-too-large", str(problem))]) from None


def _estimated(line: AskedLine, currency: str) -> Money:
    return line_amount(line.quantity, line.estimate_unit_price or Decimal(0), currency)


def _estimate_faults(lines: Sequence[AskedLine], currency: str) -> Iterator[Fault]:
    for index, line in enumerate(lines):
        price, pointer = line.estimate_unit_price, f"#/lines/{index}/estimate_unit_price"
        if price is None:
            continue
        if price < 0:
            yield Fault(pointer, "negative-price", gettext("A price is not negative."))
        elif not is_amount(line.quantity, price, currency):
            yield Fault(pointer, "amount-too-large", gettext("The amount is too large."))

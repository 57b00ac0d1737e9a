"""What every line of a requisition, RFQ or order must be like, said for all lines at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext

from b2b.errors import Fault
from b2b.sheets.absent import says_nothing
from b2b.tax import InvalidTax, Tax, VatCategory, fits
from b2b.unit import units
from procurement.workflow.totalling import is_amount
from suppliers.models import Product


class Line(Protocol):
    """What lines have in common."""

    @property
    def number(self) -> int: ...
    @property
    def item(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit(self) -> str: ...


class Priced(Protocol):
    """What lines with a price have in common."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price(self) -> Decimal | None: ...
    @property
    def vat_category(self) -> str | None: ...
    @property
    def vat_rate(self) -> Decimal | None: ...


def line_faults(lines: Sequence[Line]) -> Iterator[Fault]:
    """Pointers count from zero in the order given."""
    numbered = Counter(line.number for line in lines)
    for index, line in enumerate(lines):
        at = f"#/lines/{index}"
        if line.number < 1:
            yield Fault(f"{at}/number", "not-positive", gettext("Lines are numbered from one."))
        if numbered[line.number] > 1:
            yield Fault(f"{at}/number", "line-twice", gettext("Two lines have this number."))
        if not line.item.strip() or says_nothing(line.item):
            yield Fault(f"{at}/item", "required", gettext("Say what is meant."))
        if line.quantity <= 0:
            yield Fault(f"{at}/quantity", "not-positive", gettext("A quantity is greater than zero."))
        yield from _unit_faults(line.unit, at)


def _unit_faults(code: str, at: str) -> Iterator[Fault]:
    known = units().get(code)
    if known is None:
        yield Fault(
            f"{at}/unit", "unknown-unit", gettext("“%(unit)s” is not a known unit of measure.") % {"unit": code[:40]}
        )
    elif not known.is_current:
        yield Fault(
            f"{at}/unit", "unit-withdrawn", gettext("The unit “%(unit)s” is no longer in use.") % {"unit": code}
        )


class Catalogued(Protocol):
    """Lines that may name a product."""

    @property
    def product_id(self) -> UUID | None: ...


def product_faults(lines: Sequence[Catalogued]) -> Iterator[Fault]:
    """Products that are nowhere, found in one query."""
    named = {line.product_id for line in lines if line.product_id is not None}
    known = set(Product.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    for index, line in enumerate(lines):
        if line.product_id is not None and line.product_id not in known:
            yield Fault(f"#/lines/{index}/product", "unknown-product", gettext("There is no such product."))


def price_faults(lines: Sequence[Priced], currency: str) -> Iterator[Fault]:
    for index, line in enumerate(lines):
        if line.unit_price is None:
            detail = gettext("No price is in force; write one, with a reason.")
            yield Fault(f"#/lines/{index}/unit_price", "no-price", detail)
        elif line.unit_price < 0:
            yield Fault(f"#/lines/{index}/unit_price", "negative-price", gettext("A price is not negative."))
        elif not is_amount(line.quantity, line.unit_price, currency):
            yield Fault(f"#/lines/{index}/unit_price", "amount-too-large", gettext("The amount is too large."))
        if line.vat_category is not None and not fits(line.vat_category, line.vat_rate or Decimal(0)):
            problem = _tax_problem(line.vat_category, line.vat_rate)
            yield Fault(f"#/lines/{index}/vat_rate", "tax-does-not-fit", problem)


def _tax_problem(category: str, rate: Decimal | None) -> str:
    try:
        Tax(VatCategory(category), rate or Decimal(0))
    except InvalidTax as problem:
        return str(problem)
    except ValueError:
        return gettext("“%(category)s” is not a VAT category we know.") % {"category": category[:10]}
    return ""

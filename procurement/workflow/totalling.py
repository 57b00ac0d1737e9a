"""The totals of a document's lines as EN 16931 wants them.

Lines carry ``amount``, ``vat_category`` and ``vat_rate``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from b2b.errors import Fault, Invalid
from b2b.money import Money, line_amount
from b2b.number import InvalidNumber, is_small
from b2b.tax import InvalidTax, Tax, TaxLine, Totals, VatCategory, totals

if TYPE_CHECKING:
    from django.db.models import QuerySet


Summed = tuple[str, Decimal, Decimal]
"""A category of tax, its rate in percent, and the sum of the lines' amounts."""


def totals_of(lines: QuerySet[Any], currency: str) -> Totals:
    """Of the lines as the database has them. Raises ``Invalid``."""
    return totals_of_sums(sums_of(lines), currency)


def sums_of(lines: QuerySet[Any]) -> list[Summed]:
    """Of each category and rate of tax."""
    return list(lines.order_by().values_list("vat_category", "vat_rate").annotate(net=Sum("amount")))


def totals_of_rows(rows: Iterable[Any], currency: str) -> Totals:
    """Of lines not written yet. Raises ``Invalid``."""
    nets: dict[tuple[str, Decimal], Decimal] = defaultdict(Decimal)
    for row in rows:
        nets[row.vat_category, row.vat_rate] += row.amount
    return totals_of_sums(((category, rate, net) for (category, rate), net in nets.items()), currency)


def totals_of_sums(sums: Iterable[Summed], currency: str) -> Totals:
    """Tax is computed on the sum of each category and rate (BR-CO-17), so nothing is lost by summing first.

    Raises ``Invalid`` where categories cannot stand together, or a sum is beyond every column.
    """
    try:
        return totals([_taxed(*row, currency) for row in sums], currency=currency)
    except InvalidTax as problem:
        raise Invalid(faults=[Fault("#/lines", "tax-does-not-fit", str(problem))]) from None
    except InvalidNumber as problem:
        raise Invalid(faults=[Fault("#/lines", "total-too-large", str(problem))]) from None


def _taxed(category: str, rate: Decimal, net: Decimal, currency: str) -> TaxLine:
    return TaxLine(Money(net, currency), Tax(VatCategory(category), rate))


def is_amount(quantity: Decimal, unit_price: Decimal, currency: str) -> bool:
    """Whether quantity and price come to something an amount's column can hold."""
    if is_small(quantity) and is_small(unit_price):
        return True
    try:
        line_amount(quantity, unit_price, currency)
    except InvalidNumber:
        return False
    return True

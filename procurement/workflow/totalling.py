"""The totals of a document's lines as EN 16931 wants them, from one statement whatever their number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from b2b.money import Money
from b2b.tax import Tax, TaxLine, Totals, VatCategory, totals

if TYPE_CHECKING:
    from django.db.models import QuerySet


def totals_of(lines: QuerySet[Any], currency: str) -> Totals:
    """Lines carry ``amount``, ``vat_category`` and ``vat_rate``; summed by the latter two, exactly.

    Tax is computed on the sum of each category and rate (BR-CO-17), so nothing is lost by summing
    first. Raises ``InvalidTax`` where categories cannot stand together.
    """
    sums = lines.order_by().values_list("vat_category", "vat_rate").annotate(net=Sum("amount"))
    return totals(
        [TaxLine(Money(net, currency), Tax(VatCategory(category), rate)) for category, rate, net in sums],
        currency=currency,
    )

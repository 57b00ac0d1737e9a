"""Where EN 16931-1:2017 rounds, rule by rule; everything between those places is exact.

A line's net amount is rounded once (BT-131, BR-DEC-23). Totals are sums of what was already rounded and are
never rounded again (BR-CO-10, 13, 15). Tax is computed per category and rate on the taxable sum, not
line by line, and rounded there (BR-CO-17). EN 16931 allows two decimals; we use the currency's minor unit (ISO 4217),
so that a yen has none. A half goes away from zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from b2b.money import Money, total
from b2b.number import half_up


def sum_of_lines(lines: Iterable[Money], currency: str) -> Money:
    """BR-CO-10: the sum of line net amounts (BT-106) equals the sum of the rounded lines (BT-131)."""
    return total((line.rounded() for line in lines), currency)


def taxable_total(lines: Money, *, allowances: Money, charges: Money) -> Money:
    """BR-CO-13: without tax (BT-109) = lines (BT-106) - allowances (BT-107) + charges (BT-108)."""
    return lines - allowances + charges


def category_tax(taxable: Money, percent: Decimal) -> Money:
    """BR-CO-17: tax of one category (BT-117) = taxable amount (BT-116) x rate (BT-119) / 100, rounded."""
    exact_tax = Fraction(taxable.amount) * Fraction(percent) / 100
    return Money(half_up(exact_tax, taxable.unit.places), taxable.currency)


def tax_total(taxes: Iterable[Money], currency: str) -> Money:
    """BR-CO-14: total tax (BT-110) = sum of the tax of each category (BT-117)."""
    return total(taxes, currency)


def with_tax(taxable: Money, tax: Money) -> Money:
    """BR-CO-15: total with tax (BT-112) = total without (BT-109) + total tax (BT-110)."""
    return taxable + tax


def amount_due(with_tax: Money, *, paid: Money) -> Money:
    """BR-CO-16: due (BT-115) = total with tax (BT-112) - paid (BT-113). We never ask a rounding amount (BT-114)."""
    return with_tax - paid

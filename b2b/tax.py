"""Value added tax by line: category, rate, and the breakdown and totals of a document as EN 16931-1:2017 wants them.

Categories are the part of UNCL5305 that EN 16931 admits and we trade in. The Canary Islands' and Ceuta's own taxes
(L, M) are left out on purpose: they are not VAT.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b2b import rounding
from b2b.money import Money
from b2b.number import exact


class InvalidTax(ValueError):
    """A category and a rate, or two categories, that cannot stand together."""


class VatCategory(StrEnum):
    """UNCL5305 duty or tax or fee category codes."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]

    @property
    def needs_reason(self) -> bool:
        """BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10: the invoice must say why no tax is charged."""
        return self not in {VatCategory.STANDARD, VatCategory.ZERO}


_LABELS: dict[VatCategory, str | Promise] = {
    VatCategory.STANDARD: gettext_lazy("Standard rate"),
    VatCategory.ZERO: gettext_lazy("Zero rated"),
    VatCategory.EXEMPT: gettext_lazy("Exempt from tax"),
    VatCategory.REVERSE_CHARGE: gettext_lazy("Reverse charge"),
    VatCategory.INTRA_COMMUNITY: gettext_lazy("Intra-Community supply"),
    VatCategory.EXPORT: gettext_lazy("Export, tax not charged"),
    VatCategory.OUTSIDE_SCOPE: gettext_lazy("Outside the scope of tax"),
}


@dataclass(frozen=True, slots=True, order=True)
class Tax:
    """A category and its rate in percent (13 means 13 %), up to four places.

    Raises ``InvalidTax``: a standard rate is greater than zero (BR-S-05); every other category's is zero
    (BR-Z-05, BR-E-05, BR-AE-05, BR-IC-05, BR-G-05; BR-O-05 admits no rate, which we keep as zero).
    """

    category: VatCategory
    rate: Decimal

    def __post_init__(self) -> None:
        object.__setattr__(self, "category", _category(self.category))
        object.__setattr__(self, "rate", exact(self.rate, whole=3, places=4))
        if not 0 <= self.rate <= 100:  # noqa: PLR2004 -- a percentage
            raise InvalidTax(_("A tax rate lies between 0 and 100 percent."))
        if self.category == VatCategory.STANDARD and not self.rate:
            raise InvalidTax(_("The standard category needs a rate greater than zero."))
        if self.category != VatCategory.STANDARD and self.rate:
            raise InvalidTax(_("In category %(category)s the rate must be zero.") % {"category": self.category.value})


@lru_cache(maxsize=1024)
def fits(category: str, rate: Decimal) -> bool:
    """Whether there is such a ``Tax``; remembered, as the thousand lines of a document hardly differ in it."""
    try:
        Tax(VatCategory(category), rate)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class TaxLine:
    """One line's net amount (BT-131), or a document's charge, or, negative, its allowance, and the tax on it."""

    net: Money
    tax: Tax


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    """One row of the breakdown (BG-23): what is taxable under a tax (BT-116), and the tax itself (BT-117)."""

    category: VatCategory
    rate: Decimal
    taxable: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Totals:
    """The document totals (BG-22). ``lines`` is their sum before allowances and charges."""

    lines: Money
    allowances: Money
    charges: Money
    taxable: Money
    tax: Money
    with_tax: Money
    paid: Money
    due: Money
    breakdown: tuple[TaxSubtotal, ...]


def breakdown(lines: Iterable[TaxLine]) -> list[TaxSubtotal]:
    """One subtotal for each category and rate, in that order; tax is computed on the sum, then rounded (BR-CO-17).

    Raises ``InvalidTax`` when "outside the scope" meets another category (BR-O-11), ``MixedCurrencies`` for two
    currencies.
    """
    by_tax: dict[Tax, list[Money]] = {}
    for line in lines:
        by_tax.setdefault(line.tax, []).append(line.net)
    _refuse_outside_scope_beside_others(by_tax)
    return [_subtotal(tax, nets) for tax, nets in sorted(by_tax.items(), key=lambda item: item[0])]


def totals(
    lines: Iterable[TaxLine],
    *,
    currency: str,
    allowances: Iterable[TaxLine] = (),
    charges: Iterable[TaxLine] = (),
    paid: Money | None = None,
) -> Totals:
    """The document's totals by BR-CO-10 to BR-CO-17. Allowances are given positive and subtracted."""
    lines, allowances, charges = list(lines), list(allowances), list(charges)
    rows = breakdown([*lines, *charges, *(TaxLine(-line.net, line.tax) for line in allowances)])
    parts = {
        "lines": rounding.sum_of_lines((line.net for line in lines), currency),
        "allowances": rounding.sum_of_lines((line.net for line in allowances), currency),
        "charges": rounding.sum_of_lines((line.net for line in charges), currency),
    }
    taxable = rounding.taxable_total(**parts)
    tax = rounding.tax_total((row.tax for row in rows), currency)
    with_tax = rounding.with_tax(taxable, tax)
    paid = paid or Money.zero(currency)
    due = rounding.amount_due(with_tax, paid=paid)
    return Totals(**parts, paid=paid, taxable=taxable, tax=tax, with_tax=with_tax, due=due, breakdown=tuple(rows))


def _category(value: str) -> VatCategory:
    try:
        return VatCategory(value)
    except ValueError:
        raise InvalidTax(_("“%(category)s” is not a VAT category we know.") % {"category": value}) from None


def _subtotal(tax: Tax, nets: list[Money]) -> TaxSubtotal:
    taxable = rounding.sum_of_lines(nets, nets[0].currency)
    return TaxSubtotal(tax.category, tax.rate, taxable, rounding.category_tax(taxable, tax.rate))


def _refuse_outside_scope_beside_others(taxes: Iterable[Tax]) -> None:
    categories = {tax.category for tax in taxes}
    if VatCategory.OUTSIDE_SCOPE in categories and len(categories) > 1:
        raise InvalidTax(_("Lines outside the scope of tax cannot share a document with taxed lines."))

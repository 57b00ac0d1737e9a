from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from b2b.money import MixedCurrencies, Money, total
from b2b.number import InvalidNumber
from b2b.rounding import category_tax
from b2b.tax import InvalidTax, Tax, TaxLine, VatCategory, breakdown, totals

CHINESE_RATES = [Tax("S", Decimal(13)), Tax("S", Decimal(9)), Tax("S", Decimal(6)), Tax("Z", Decimal(0))]
nets = st.decimals(min_value=-(10**8), max_value=10**8, places=2).map(lambda amount: Money(amount, "CNY"))
tax_lines = st.lists(st.builds(TaxLine, nets, st.sampled_from(CHINESE_RATES)), max_size=20)


def line(net, category="S", rate="13"):
    return TaxLine(Money(Decimal(net), "CNY"), Tax(category, Decimal(rate)))


def cny(amount):
    return Money(Decimal(amount), "CNY")


@given(tax_lines)
def test_the_breakdown_loses_nothing_and_taxes_each_rate_on_its_sum(lines):
    rows = breakdown(lines)

    assert total((row.taxable for row in rows), "CNY") == total((each.net for each in lines), "CNY")
    assert len({(row.category, row.rate) for row in rows}) == len(rows)
    assert all(row.tax == category_tax(row.taxable, row.rate) for row in rows)


@given(tax_lines, st.randoms())
def test_the_order_of_lines_does_not_matter(lines, random):
    shuffled = random.sample(lines, len(lines))

    assert breakdown(shuffled) == breakdown(lines)


@given(tax_lines, tax_lines, tax_lines)
def test_the_totals_add_up_by_the_rules_of_en_16931(lines, allowances, charges):
    sums = totals(lines, currency="CNY", allowances=allowances, charges=charges, paid=cny(5))

    assert sums.taxable == sums.lines - sums.allowances + sums.charges
    assert sums.taxable == total((row.taxable for row in sums.breakdown), "CNY")
    assert sums.tax == total((row.tax for row in sums.breakdown), "CNY")
    assert sums.with_tax == sums.taxable + sums.tax
    assert sums.due == sums.with_tax - cny(5)


def test_tax_is_computed_on_the_sum_not_line_by_line():
    rows = breakdown([line("0.10"), line("0.10"), line("0.10"), line("1.00", rate="6")])

    assert [(row.category, row.rate, row.taxable, row.tax) for row in rows] == [
        (VatCategory.STANDARD, Decimal(6), cny("1.00"), cny("0.06")),
        (VatCategory.STANDARD, Decimal(13), cny("0.30"), cny("0.04")),
    ]


def test_a_rate_written_two_ways_is_one_rate():
    assert len(breakdown([line(1, rate="13"), line(1, rate="13.00")])) == 1


@pytest.mark.parametrize("category", ["Z", "E", "AE", "K", "G", "O"])
def test_only_the_standard_category_has_a_rate(category):
    assert Tax(category, Decimal(0)).rate == 0
    with pytest.raises(InvalidTax, match=f"In category {category} the rate must be zero"):
        Tax(category, Decimal(13))


def test_the_standard_category_needs_a_rate():
    with pytest.raises(InvalidTax, match="greater than zero"):
        Tax("S", Decimal(0))


@pytest.mark.parametrize(("category", "rate"), [("S", "101"), ("S", "-1"), ("X", "13"), ("", "13")])
def test_an_impossible_tax_is_refused(category, rate):
    with pytest.raises(InvalidTax):
        Tax(category, Decimal(rate))


@pytest.mark.parametrize("rate", ["NaN", "1E+1000000", "13.00001"])
def test_an_unreadable_rate_is_refused(rate):
    with pytest.raises(InvalidNumber):
        Tax("S", Decimal(rate))


def test_outside_scope_stands_alone():
    assert len(breakdown([line(1, "O", "0"), line(2, "O", "0")])) == 1
    with pytest.raises(InvalidTax, match="outside the scope"):
        breakdown([line(1, "O", "0"), line(1)])


def test_two_currencies_are_not_totalled():
    with pytest.raises(MixedCurrencies):
        breakdown([line(1), TaxLine(Money(Decimal(1), "USD"), Tax("S", Decimal(13)))])


def test_every_category_has_a_label_and_says_if_it_needs_a_reason():
    with translation.override("en"):
        assert str(VatCategory.REVERSE_CHARGE.label) == "Reverse charge"
    assert {category for category in VatCategory if not category.needs_reason} == {"S", "Z"}
    assert all(str(category.label) for category in VatCategory)


def test_a_document_without_lines_totals_nothing():
    sums = totals([], currency="CNY")

    assert sums.due == cny(0)
    assert sums.breakdown == ()

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from b2b.money import Money, total
from b2b.rounding import amount_due, category_tax, sum_of_lines, tax_total, taxable_total, with_tax

lines = st.lists(
    st.decimals(min_value=-(10**9), max_value=10**9, places=5).map(lambda amount: Money(amount, "EUR")), max_size=15
)
rates = st.decimals(min_value=0, max_value=100, places=2)


def eur(amount):
    return Money(Decimal(amount), "EUR")


@given(lines)
def test_a_header_is_the_sum_of_rounded_lines(moneys):
    assert sum_of_lines(moneys, "EUR") == total([money.rounded() for money in moneys], "EUR")
    assert sum_of_lines(moneys, "EUR").is_rounded()


def test_three_thirds_of_a_cent_make_nothing_when_each_line_rounds_to_nothing():
    assert sum_of_lines([eur("0.004")] * 3, "EUR") == eur(0)
    assert sum_of_lines([eur("0.005")] * 3, "EUR") == eur("0.03")


@given(lines, rates)
def test_tax_is_rounded_once_and_never_off_by_more_than_half_a_cent(moneys, rate):
    taxable = sum_of_lines(moneys, "EUR")

    tax = category_tax(taxable, rate)

    assert tax.is_rounded()
    assert abs(Fraction(tax.amount) - Fraction(taxable.amount) * Fraction(rate) / 100) <= Fraction(1, 200)


def test_the_worked_totals():
    taxable = taxable_total(eur("100.00"), allowances=eur("10.00"), charges=eur("5.50"))
    tax = category_tax(taxable, Decimal(19))

    assert taxable == eur("95.50")
    assert tax == eur("18.15")
    assert tax_total([tax], "EUR") == eur("18.15")
    assert with_tax(taxable, tax) == eur("113.65")
    assert amount_due(eur("113.65"), paid=eur("13.65")) == eur(100)


def test_yen_tax_has_no_decimals():
    assert category_tax(Money(Decimal(1005), "JPY"), Decimal(10)) == Money(Decimal(101), "JPY")

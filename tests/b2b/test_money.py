from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b2b.currency import UnknownCurrency
from b2b.money import MixedCurrencies, Money, Unsplittable, line_amount, line_amounts, total, unit_price
from b2b.number import InvalidNumber

CODES = ["CNY", "JPY", "KWD"]
amounts = st.decimals(min_value=-(10**11), max_value=10**11, places=6, allow_nan=False, allow_infinity=False)
yuan = amounts.map(lambda amount: Money(amount, "CNY"))
anything = st.builds(Money, amounts, st.sampled_from(CODES))
written = st.decimals(min_value=-(10**8), max_value=10**8, places=8) | st.sampled_from(
    [Decimal("-0"), Decimal("-0.000000"), Decimal("1E+3"), Decimal("9999999.999999"), Decimal(10000000)]
)
factors = st.decimals(min_value=-1000, max_value=1000, places=4)
weights = st.lists(st.decimals(min_value=0, max_value=1000, places=3), min_size=1, max_size=12).filter(any)


def cny(amount):
    return Money(Decimal(amount), "CNY")


@given(yuan, yuan, yuan)
def test_addition_is_associative_and_commutative(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a


@given(yuan, yuan)
def test_subtraction_undoes_addition_and_zero_is_neutral(a, b):
    assert a + b - b == a
    assert a + Money.zero("CNY") == a
    assert a + -a == Money.zero("CNY")


@given(yuan, yuan, factors)
def test_multiplication_distributes_over_addition(a, b, factor):
    assert (a + b) * factor == a * factor + b * factor
    assert factor * a == a * factor


@given(st.lists(yuan, max_size=20))
def test_a_total_is_the_exact_sum_in_any_order(moneys):
    expected = sum((Fraction(money.amount) for money in moneys), Fraction(0))

    assert Fraction(total(moneys, "CNY").amount) == expected
    assert total(reversed(moneys), "CNY") == total(moneys, "CNY")


@given(anything)
def test_rounding_to_the_minor_unit_is_idempotent(money):
    rounded = money.rounded()

    assert rounded.rounded() == rounded
    assert rounded.is_rounded()
    assert rounded.amount.as_tuple().exponent == -money.unit.places
    assert (-money).rounded() == -rounded


@given(anything.map(Money.rounded), weights)
def test_allocated_parts_are_rounded_and_sum_to_the_whole(money, shares):
    parts = money.allocate(shares)

    assert total(parts, money.currency) == money
    assert all(part.is_rounded() for part in parts)
    smallest = Fraction(1, 10**money.unit.places)
    for part, share in zip(parts, shares, strict=True):
        quota = Fraction(money.amount) * Fraction(share) / Fraction(sum(shares))
        assert abs(Fraction(part.amount) - quota) < smallest


@pytest.mark.parametrize(
    ("whole", "shares", "parts"),
    [
        ("100.00", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("-100.00", [1, 1, 1], ["-33.34", "-33.33", "-33.33"]),
        ("0.05", [Decimal("0.7"), Decimal("0.3")], ["0.04", "0.01"]),
        ("0.01", [0, 1], ["0.00", "0.01"]),
        ("0.00", [1, 2], ["0.00", "0.00"]),
    ],
)
def test_the_largest_remainder_gets_the_odd_cent(whole, shares, parts):
    assert cny(whole).allocate(shares) == tuple(cny(part) for part in parts)


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1], [-1]])
def test_weights_that_divide_nothing_are_refused(shares):
    with pytest.raises(Unsplittable):
        cny("1.00").allocate(shares)


def test_an_unrounded_amount_is_not_divided():
    with pytest.raises(Unsplittable):
        cny("1.001").allocate([1, 1])


@pytest.mark.parametrize("combine", ["__add__", "__sub__", "__lt__", "__le__", "__gt__", "__ge__"])
def test_two_currencies_never_meet(combine):
    with pytest.raises(MixedCurrencies, match="CNY and USD"):
        getattr(cny(1), combine)(Money(Decimal(1), "USD"))

    assert cny(1) != Money(Decimal(1), "USD")


def test_a_total_of_two_currencies_is_refused():
    with pytest.raises(MixedCurrencies):
        total([cny(1), Money(Decimal(1), "USD")], "CNY")


@pytest.mark.parametrize("operation", [lambda m: m * 1.5, lambda m: 1.5 * m, lambda m: m + 1, lambda m: m * m])
def test_money_meets_no_float_no_bare_number_and_no_money_squared(operation):
    with pytest.raises(TypeError):
        operation(cny(1))


@pytest.mark.parametrize("wrong", [1.5, True, None])
def test_an_amount_is_never_a_float(wrong):
    with pytest.raises(TypeError):
        Money(wrong, "CNY")


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+1000000", "1E-1000000", "1E+16"])
def test_an_extreme_amount_is_refused(amount):
    with pytest.raises(InvalidNumber):
        cny(amount)
    with pytest.raises(InvalidNumber):
        cny(1) * Decimal(amount) * 10**9


def test_a_sum_too_large_for_its_column_is_refused():
    largest = cny("9999999999999999")

    with pytest.raises(InvalidNumber):
        largest + cny(1)


def test_an_unknown_currency_is_refused():
    with pytest.raises(UnknownCurrency):
        Money(Decimal(1), "RMB")


def test_equal_amounts_are_equal_however_written():
    assert cny("1.0") == cny("1.00")
    assert hash(cny("1.0")) == hash(cny("1.00"))
    assert cny(1) < cny(2) <= cny(2)
    assert sorted([cny(3), cny("-1"), cny(2)]) == [cny("-1"), cny(2), cny(3)]
    assert not cny(0)
    assert abs(cny("-2")) == cny(2)


def test_machines_read_a_plain_form_and_people_their_own():
    money = cny("-1234567.5")

    assert str(money) == "-1234567.5 CNY"
    assert money.display("en") == "-CN¥1,234,567.50"
    assert money.display("zh-hans") == "-¥1,234,567.50"
    assert money.display("de") == "-1.234.567,50\xa0CN¥"
    assert Money(Decimal("1234.5"), "JPY").display("en") == "¥1,235"
    assert Money(Decimal(1), "AFN").display("en") == "AFN1.00"


@given(st.decimals(min_value=0, max_value=10**6, places=3), st.decimals(min_value=0, max_value=10**5, places=6))
def test_a_line_is_rounded_once(quantity, price):
    line = line_amount(quantity, price, "CNY")

    assert line.is_rounded()
    assert abs(Fraction(line.amount) - Fraction(quantity) * Fraction(price)) <= Fraction(1, 200)


@given(st.decimals(min_value=0, max_value=10**4, places=3), st.decimals(min_value=0, max_value=10**4, places=6))
def test_a_price_for_a_thousand_of_a_thousand_is_the_price(quantity, price):
    assert line_amount(quantity * 1000, price, "CNY", price_base_quantity=1000) == line_amount(quantity, price, "CNY")


def test_a_line_in_yen_has_no_sen():
    assert line_amount(Decimal(3), Decimal("33.5"), "JPY") == Money(Decimal(101), "JPY")
    assert line_amount(Decimal("0.5"), Decimal("0.01"), "CNY") == cny("0.01")


@pytest.mark.parametrize("base", [0, -1, Decimal("NaN")])
def test_a_price_is_for_some_positive_quantity(base):
    with pytest.raises(InvalidNumber):
        line_amount(Decimal(1), Decimal(1), "CNY", price_base_quantity=base)


def test_a_unit_price_has_six_places():
    assert str(unit_price("12.5")) == "12.500000"
    assert str(unit_price(0)) == "0.000000"
    with pytest.raises(InvalidNumber):
        unit_price("0.0000001")
    with pytest.raises(InvalidNumber):
        unit_price("100000000000000")
    with pytest.raises(TypeError):
        unit_price(0.1)


@given(st.lists(st.tuples(written, written)), st.sampled_from(CODES))
def test_many_lines_come_to_what_each_comes_to_by_itself(lines, currency):
    try:
        alone = [line_amount(*line, currency).amount for line in lines]
    except InvalidNumber:
        with pytest.raises(InvalidNumber):
            list(line_amounts(lines, currency))
        return

    assert [str(amount) for amount in line_amounts(lines, currency)] == [str(amount) for amount in alone]


def test_a_line_that_comes_to_more_than_any_column_holds_is_refused_among_many():
    with pytest.raises(InvalidNumber):
        list(line_amounts([(Decimal(1), Decimal(1)), (Decimal(10**12), Decimal(10**12))], "CNY"))

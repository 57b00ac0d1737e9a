from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b2b.number import InvalidNumber, decimal_of, exact, half_up

fitting = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**13), max_value=10**13, places=6)


@given(fitting)
def test_a_number_that_fits_keeps_its_value_and_loses_any_exponent(number):
    read = exact(number, whole=14, places=6)

    assert read == number
    assert "E" not in str(read)
    assert exact(read, whole=14, places=6) == read


@given(fitting)
def test_a_number_is_read_back_from_its_own_text(number):
    read = exact(number, whole=14, places=6)

    assert exact(str(read), whole=14, places=6) == read


@pytest.mark.parametrize(
    "bad",
    [
        "NaN", "Infinity", "-Infinity", "1e3", "1E+1000000", "", " ", "12a", "1,000", "1_000", "0x10", "--1", ".", "１２",
        "9" * 65, Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1E+1000000"), Decimal("1E-1000000"),
        Decimal("1E+999999999999999999"), 10**14, 10**4_000, "100000000000000", "0.0000001", Decimal("-1E+14"),
    ],
)  # fmt: skip
def test_what_is_not_a_number_or_does_not_fit_is_refused_in_a_sentence(bad):
    with pytest.raises(InvalidNumber) as refusal:
        exact(bad, whole=14, places=6)

    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize("wrong", [1.5, True, None, b"1", [1]])
def test_a_float_or_anything_else_is_a_type_error(wrong):
    with pytest.raises(TypeError):
        exact(wrong, whole=14, places=6)


@pytest.mark.parametrize(
    ("given_as", "written"),
    [
        ("-0", "0"), ("-0.00", "0.00"), (Decimal("0E+1000000"), "0"), (Decimal("1E+3"), "1000"), ("2.500", "2.500"),
        ("1.0000000000", "1.000000"), (" 7 ", "7"), ("+.5", "0.5"), (Decimal("1E-6"), "0.000001"),
    ],
)  # fmt: skip
def test_one_way_of_writing(given_as, written):
    assert str(exact(given_as, whole=14, places=6)) == written


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("0.005", 2, "0.01"), ("-0.005", 2, "-0.01"), ("0.0049", 2, "0.00"), ("2.5", 0, "3"), ("-2.5", 0, "-3"),
        ("1.0005", 3, "1.001"),
    ],
)  # fmt: skip
def test_a_half_goes_away_from_zero(value, places, rounded):
    assert str(half_up(Decimal(value), places)) == rounded
    assert half_up(Fraction(value), places) == Decimal(rounded)


@given(st.fractions(min_value=-(10**9), max_value=10**9), st.integers(0, 6))
def test_rounding_is_idempotent_odd_and_never_off_by_more_than_half(value, places):
    rounded = half_up(value, places)

    assert half_up(rounded, places) == rounded
    assert half_up(-value, places) == -rounded
    assert abs(Fraction(rounded) - value) * 2 * 10**places <= 1


def test_a_fraction_is_stated_to_so_many_digits():
    assert decimal_of(Fraction(2, 3), significant=4) == Decimal("0.6667")

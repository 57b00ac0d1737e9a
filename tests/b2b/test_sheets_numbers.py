from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from b2b.sheets.numbers import COMMA, POINT, decimal_mark, readings
from b2b.sheets.signs import meant_by


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$1,479,000.00", "1479000.00"),
        ("2,000.000", "2000.000"),
        ("1 000,50", "1000.50"),
        ("1\u202f000,50", "1000.50"),
        ("(12.50)", "-12.50"),
        ("($12.50)", "-12.50"),
        ("12.50-", "-12.50"),
        ("−5", "-5"),
        ("-$12.5", "-12.5"),
        ("$-12.5", "-12.5"),
        ("￥12.00", "12.00"),
        ("１２３．５", "123.5"),
        ("1.200,00 €", "1200.00"),
        ("1’234.50", "1234.50"),
        ("12,34,567.00", "1234567.00"),
        ("CNY1,234.50", "1234.50"),
        ("人民币 1,000.50", "1000.50"),
        ("12元", "12"),
        ("0.500", "0.500"),
        ("1.234.567", "1234567"),
        ("1000", "1000"),
        ("007", "7"),
        (".5", "0.5"),
    ],
)
def test_a_price_with_one_reading_is_read(text: str, value: str) -> None:
    assert readings(text, money=True).values() == (Decimal(value),)


@pytest.mark.parametrize("text", ["1.234", "1,234", "$1,234", "999.000", "(1,234)"])
def test_three_digits_behind_one_mark_have_two_readings(text: str) -> None:
    assert len(readings(text, money=True).values()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "-",
        "abc",
        "12 5",
        "9,093,272,70*",
        "1,23,4",
        "1e5",
        "1٣",
        "12 kr",
        "pcs 12",
        "12 pcs",
        "ßA 12",
        "--5",
        "$",
        "1,000 000",
        "1'000,000.0",
        "NaN",
        "Infinity",
        "0x10",
        "1" * 81,
    ],
)
def test_what_is_no_number_has_no_reading(text: str) -> None:
    assert readings(text, money=True).values() == ()


def test_a_currency_counts_only_where_money_is_read() -> None:
    assert readings("$5").values() == ()
    assert readings("$5", money=True).currency == "$"


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["43.000", "$3,131.01"], POINT),
        (["43.000", "3.131,01"], COMMA),
        (["43.000", "45.000"], None),
        (["1.5", "1,5"], None),
        ([], None),
    ],
)
def test_other_numbers_tell_the_decimal_mark_when_they_agree(texts: list[str], mark: str | None) -> None:
    assert decimal_mark(texts, money=True) == mark


@pytest.mark.parametrize(
    ("sign", "some"),
    [("€", {"EUR"}), ("￥", {"CNY", "JPY"}), ("usd", {"USD"}), ("RMB", {"CNY"}), ("pcs", set()), ("", set())],
)
def test_a_sign_means_the_currencies_that_use_it(sign: str, some: set[str]) -> None:
    assert meant_by(sign) == some


decimals = st.decimals(
    min_value=Decimal(-(10**12)), max_value=Decimal(10**12), places=2, allow_nan=False, allow_infinity=False
)


@given(decimals)
def test_a_grouped_number_with_two_decimals_is_read_back(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate({ord(","): ".", ord("."): ","})
    french = english.translate({ord(","): "\u202f", ord("."): ","})

    assert readings(english).values() == (value,)
    assert readings(german).values() == (value,)
    assert readings(french).values() == (value,)


@given(st.text(max_size=30))
def test_any_text_is_read_or_not_but_never_breaks(text: str) -> None:
    assert all(value.is_finite() for value in readings(text, money=True).values())

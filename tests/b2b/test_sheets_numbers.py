from __future__ import annotations

from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from b2b.sheets.cells import Unreadable
from b2b.sheets.numbers import COMMA, POINT, decimal_mark, readings, unmistakable
from b2b.sheets.parsers import unit_price
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
        ("1\u2009234,50", "1234.50"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("１，２００．５０", "1200.50"),
        ("1.234.567,89", "1234567.89"),
        ("1,2E+3", "1200"),
        ("1.5E-3", "0.0015"),
        ("12,-", "12"),
        ("1'200.--", "1200"),
        ("12.– €", "12"),
        ("1.200,-", "1200"),
        ("- 5", "-5"),
        ("-,50", "-0.50"),
        ("$12.50 USD", "12.50"),
        ("US$ 1,234.50", "1234.50"),
        ("¥12.00元", "12.00"),
        ("(USD 12.50)", "-12.50"),
        ("USD (12.50)", "-12.50"),
        ("1 234,50 zł", "1234.50"),
        ("12,50 руб.", "12.50"),
        ("Fr. 12.–", "12"),
        ("à 3,20", "3.20"),
        ("12.50 元/个", "12.50"),
        ("3.20/pc", "3.20"),
        ("4,10 € per kg", "4.10"),
        ("12.50 EUR / Stk.", "12.50"),
        ("12.50每公斤", "12.50"),
        ("1.5万", "15000"),
        ("1.5万元", "15000"),
        ("￥3亿", "300000000"),
        ("2.5万亿", "2500000000000"),
    ],
)
def test_a_price_with_one_reading_is_read(text: str, value: str) -> None:
    assert readings(text, money=True).values() == (Decimal(value),)


@pytest.mark.parametrize("text", ["1.234", "1,234", "$1,234", "999.000", "(1,234)", "1.234万", "€ 1,234 / kg"])
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
        "5¹",
        "5²",
        "①",
        "½",
        "3/4",
        "5-6",
        "ca. 5",
        "USD $5",
        "€5 USD",
        "1万5",
        "5.20/100 pcs",
        "12.50/whatever",
        "12E+3",
    ],
)
def test_what_is_no_number_has_no_reading(text: str) -> None:
    assert readings(text, money=True).values() == ()


def test_what_stands_beside_a_price_is_told() -> None:
    price = readings("US$ 12.50 / kg", money=True)
    both = readings("$12.50 CAD", money=True)

    assert (price.currency, set(price.currencies), price.per) == ("US$", {"USD"}, "KGM")
    assert both.currencies == {"CAD"}


def test_a_price_for_several_and_a_number_that_lost_its_digits_are_told() -> None:
    assert readings("5.20/100 pcs", money=True).is_for_several
    assert readings("1.23457E+12").is_rounded
    assert not readings("1.23456789012E+11").is_rounded
    assert not readings("1.2E+3").is_rounded


@pytest.mark.parametrize(("text", "mark"), [("12,-", COMMA), ("1'200.--", POINT), ("12", None), ("1.5E+3", None)])
def test_a_text_gives_its_decimal_mark_away_or_not(text: str, mark: str | None) -> None:
    assert readings(text).mark == mark


@pytest.mark.parametrize("value", ["1.234", "0.123", "1234", "1.5", "-12.345", "123.456", "1234567.123"])
def test_a_number_offered_instead_has_one_reading(value: str) -> None:
    assert readings(unmistakable(Decimal(value))).values() == (Decimal(value),)


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


LOCALES = [
    "en",
    "en_GB",
    "de",
    "de_CH",
    "de_AT",
    "fr",
    "fr_CH",
    "es",
    "it",
    "pt_BR",
    "nl",
    "pl",
    "cs",
    "ru",
    "sv",
    "zh_Hans",
    "ja",
]


@given(decimals, st.sampled_from(LOCALES))
def test_what_a_locale_writes_gives_the_number_back(value: Decimal, locale: str) -> None:
    assert readings(format_decimal(value, "#,##0.00", locale=locale)).values() == (value,)


@given(decimals)
def test_what_india_writes_gives_the_number_back(value: Decimal) -> None:
    assert readings(format_decimal(value, "#,##,##0.00", locale="en_IN")).values() == (value,)


@given(decimals, st.sampled_from(LOCALES), st.sampled_from(["EUR", "USD", "GBP", "CNY", "JPY", "PLN", "CZK"]))
def test_what_a_locale_writes_for_a_price_gives_the_price_back(value: Decimal, locale: str, code: str) -> None:
    text = format_currency(value, code, locale=locale, currency_digits=False)

    if "kr" not in text.casefold():
        read = readings(text, money=True)
        assert (read.values(), code in read.currencies) == ((value,), True)


@given(st.text(max_size=30))
def test_any_text_is_read_or_not_but_never_breaks(text: str) -> None:
    assert all(value.is_finite() for value in readings(text, money=True).values())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("١٢٫٥٠", "12.5"),
        ("١٬٢٣٤٫٥٦", "1234.56"),
        ("۱۲۳۴", "1234"),
        ("१२.५०", "12.5"),
        ("１２．５０", "12.5"),
        ("1１.5", "11.5"),
    ],
)
def test_the_digits_of_other_scripts_are_digits(text: str, value: str) -> None:
    assert readings(text).values() == (Decimal(value),)


@pytest.mark.parametrize("text", ["1E+28", "1.5E+30", "1E+99", "-9,99E+99"])
def test_a_number_too_large_for_anything_is_read_and_none_that_fits(text: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        unit_price()(text)
    assert refusal.value.code == "digits-lost"

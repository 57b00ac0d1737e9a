from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from b2b.sheets.cells import Broken, Cell, Unreadable
from b2b.sheets.parser import Around, Parser
from b2b.sheets.parsers import (
    amount,
    choice,
    country,
    currency,
    day,
    decimal,
    email,
    instant,
    percent,
    quantity,
    text,
    unit,
    unit_price,
    whole_number,
    yes_no,
)

BY_POINT = Around(decimal_mark=lambda: ".")
MIDNIGHT = datetime(2026, 3, 4)  # noqa: DTZ001 — a spreadsheet knows no zone
KINDS = choice({"standard": "Standard", "custom": "Made to order"}, aliases={"bespoke": "custom"})


@pytest.mark.parametrize(
    ("parser", "cell", "value"),
    [
        (text(), "  HX-M8  ", "HX-M8"),
        (text(), Decimal(12345), "12345"),
        (text(), "a\r\nb", "a\nb"),
        (whole_number(), "1 000", 1000),
        (whole_number(), Decimal("12.0"), 12),
        (decimal(places=2), "(12.50)", Decimal("-12.50")),
        (unit_price(), "￥12.00", Decimal("12.00")),
        (amount(), "1.200,00 €", Decimal("1200.00")),
        (quantity(), Decimal("0.5"), Decimal("0.5")),
        (percent(), "13%", Decimal(13)),
        (percent(), "13 ％", Decimal(13)),
        (percent(), Decimal(13), Decimal(13)),
        (percent(), "0.5%", Decimal("0.5")),
        (percent(), Decimal(0), Decimal(0)),
        (unit(), "SYD", "YDK"),
        (unit(), "kg", "KGM"),
        (unit(), "千克", "KGM"),
        (currency(), "cny", "CNY"),
        (currency(), "€", "EUR"),
        (currency(), "人民币", "CNY"),
        (currency(), "Euro", "EUR"),
        (country(), "DEU", "DE"),
        (country(), "中国", "CN"),
        (country(), "United Kingdom", "GB"),
        (day(), date(2026, 3, 4), date(2026, 3, 4)),
        (day(), MIDNIGHT, date(2026, 3, 4)),
        (day(), Decimal(46085), date(2026, 3, 4)),
        (day(order="month-day"), "03/04/2026", date(2026, 3, 4)),
        (instant(), "2026-03-04 17:00", datetime(2026, 3, 4, 17, tzinfo=UTC)),
        (instant(), "2026-03-04T17:00:00+08:00", datetime(2026, 3, 4, 9, tzinfo=UTC)),
        (KINDS, "made-to-order", "custom"),
        (KINDS, "STANDARD", "standard"),
        (KINDS, "Bespoke", "custom"),
        (yes_no(), "是", True),
        (yes_no(), "No", False),
        (yes_no(), True, True),
        (email(), "a@example.com", "a@example.com"),
        (text(), Decimal(4006381333931), "4006381333931"),
        (text(), "E+12 connector", "E+12 connector"),
        (unit_price(), "12.50 元/个", Decimal("12.50")),
        (unit_price(), "1.5万", Decimal("15000.0")),
        (percent(), "12,5 %", Decimal("12.5")),
        (unit(), "Stk.", "H87"),
        (unit(), "件 / pcs", "H87"),
        (unit(), "шт", "H87"),
        (unit(), "1", "C62"),
        (currency(), "zł", "PLN"),
        (country(), "Deutschland", "DE"),
        (country(), "Chine", "CN"),
        (day(), "4. März 2026", date(2026, 3, 4)),
        (instant(), "31.03.2026 17:00", datetime(2026, 3, 31, 17, tzinfo=UTC)),
        (instant(), "2026年3月31日 5:30 PM", datetime(2026, 3, 31, 17, 30, tzinfo=UTC)),
        (yes_no(), "Ja", True),
        (yes_no(), "oui", True),
        (yes_no(), "да", True),
        (yes_no(), "nie", False),
        (yes_no(), "нет", False),
    ],
)
def test_a_cell_is_read_as_its_column_asks(parser: Parser[Any], cell: Cell, value: object) -> None:
    read = parser(cell)

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("parser", "cell", "code"),
    [
        (text(3), "abcd", "too-long"),
        (text(), "a\x00b", "control-characters"),
        (text(), Decimal("1.23456789012346E+17"), "digits-lost"),
        (text(), date(2026, 3, 4), "wrong-kind"),
        (whole_number(), "1.5", "out-of-range"),
        (whole_number(), "ten", "not-a-number"),
        (whole_number(positive=True), Decimal(0), "out-of-range"),
        (whole_number(), True, "wrong-kind"),
        (decimal(places=2), "1.234,567", "out-of-range"),
        (decimal(maximum=10), Decimal(11), "out-of-range"),
        (quantity(), "-5", "out-of-range"),
        (quantity(), "5 kg", "not-a-number"),
        (quantity(), "1.234", "two-readings"),
        (unit_price(), "-1", "out-of-range"),
        (unit_price(), date(2026, 3, 4), "wrong-kind"),
        (unit_price(), Decimal("1E+15"), "out-of-range"),
        (percent(), Decimal("0.13"), "two-readings"),
        (percent(), "120%", "out-of-range"),
        (unit(), "furlong-ish", "unknown-unit"),
        (currency(), "$", "two-readings"),
        (currency(), "XXX", "unknown-currency"),
        (currency(), "!!", "unknown-currency"),
        (country(), "Atlantis", "unknown-country"),
        (day(), "03/04/2026", "two-readings"),
        (day(), "04/03/26", "two-readings"),
        (day(), "25/12/21", "two-readings"),
        (day(), "soon", "not-a-date"),
        (day(), MIDNIGHT.replace(hour=5), "not-a-date"),
        (day(), time(5), "wrong-kind"),
        (instant(), "2026-03-04", "not-an-instant"),
        (instant(), "2026-13-04 10:00", "not-an-instant"),
        (KINDS, "other", "unknown-choice"),
        (yes_no(), "maybe", "not-yes-or-no"),
        (email(), "a@b", "not-an-address"),
        (text(), "1.23457E+12", "digits-lost"),
        (unit_price(), "1.23457E+12", "digits-lost"),
        (unit_price(), "TBD", "no-number-yet"),
        (unit_price(), "auf Anfrage", "no-number-yet"),
        (unit_price(), "询价", "no-number-yet"),
        (quantity(), "—", "no-number-yet"),
        (unit_price(), "5.20/100 pcs", "price-for-several"),
        (unit(), "20", "unknown-unit"),
        (unit(), Decimal(20), "unknown-unit"),
        (instant(), "03/04/2026 17:00", "two-readings"),
        (instant(), "31.03.2026 25:00", "not-an-instant"),
        (instant(), "31.03.2026 13:00 pm", "not-an-instant"),
        (text(), Broken("#REF!"), "error-value"),
        (text(), Broken(""), "formula-without-value"),
    ],
)
def test_a_cell_that_cannot_be_read_says_which_rule(parser: Parser[Any], cell: Cell, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        parser(cell)

    assert refused.value.code == code
    assert refused.value.detail.endswith(".")


@pytest.mark.parametrize(
    ("parser", "cell", "suggestions"),
    [
        (quantity(), "1.234", ("1.2340", "1234")),
        (percent(), "0.13", ("0.13%", "13%")),
        (quantity(), "250 pcs", ("250",)),
        (quantity(), "250 whatevers", ()),
        (day(), "03/04/2026", ("2026-04-03", "2026-03-04")),
        (day(), "04/03/26", ("2026-03-04", "2026-04-03", "2004-03-26")),
        (day(), "soon", ()),
        (unit(), "Stueckk", ("piece",)),
        (unit(), "litrs", ("litre",)),
        (unit(), "xyzzy", ()),
        (currency(), "$", ("USD", "HKD", "AUD", "CAD")),
        (currency(), "EURR", ("EUR",)),
        (country(), "Germny", ("DE",)),
        (KINDS, "standart", ("Standard",)),
        (yes_no(), "maybe", ("yes", "no")),
    ],
)
def test_what_may_be_meant_is_suggested(parser: Parser[Any], cell: Cell, suggestions: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable) as refused:
        parser(cell)

    assert refused.value.suggestions == suggestions


@pytest.mark.parametrize("code", ["20", "10", "30", "97"])
def test_a_unit_whose_code_is_a_number_is_written_by_name_and_read_back(code: str) -> None:
    assert unit()(unit().write(code)) == code


def test_two_readings_are_both_named() -> None:
    with pytest.raises(Unreadable, match=r"1\.234 or 1234"):
        quantity()("1.234")
    with pytest.raises(Unreadable, match="2026-04-03 or 2026-03-04"):
        day()("03/04/2026")
    with pytest.raises(Unreadable, match=r"0\.13% or 13%"):
        percent()("0.13")


def test_the_rest_of_the_sheet_decides_between_two_readings() -> None:
    assert quantity()("1.234", BY_POINT) == Decimal("1.234")
    assert quantity()("1,234", BY_POINT) == Decimal(1234)


def test_a_reading_the_column_could_not_hold_is_none() -> None:
    assert whole_number()("1,234") == 1234
    assert decimal(places=2)("1.234") == Decimal(1234)
    with pytest.raises(Unreadable, match="may mean"):
        whole_number()("43.000")


@pytest.mark.parametrize(
    ("parser", "value"),
    [
        (unit_price(), Decimal("12345678901234.123456")),
        (unit_price(), Decimal("0.000001")),
        (percent(), Decimal("12.5")),
        (percent(), Decimal("0.5")),
        (whole_number(), 999_999_999),
        (day(), date(2026, 3, 4)),
        (instant(), datetime(2026, 3, 4, 9, 30, 15, tzinfo=UTC)),
        (KINDS, "custom"),
        (yes_no(), False),
        (unit(), "H87"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_written_is_read_back(parser: Parser[Any], value: object, language: str) -> None:
    with override(language):
        written = parser.write(value)
    if isinstance(parser, percent):
        written = f"{Decimal(str(written)) * 100:f}%"  # As reading a cell in percent format gives it.

    cell = Decimal(written) if isinstance(written, int) and not isinstance(written, bool) else written
    assert parser(cell) == value


def test_refusals_speak_the_readers_language() -> None:
    with override("zh-hans"), pytest.raises(Unreadable) as refused:
        quantity()("many")

    assert refused.value.detail == "这不是数字。请填写数量，例如 250（不含单位）。"

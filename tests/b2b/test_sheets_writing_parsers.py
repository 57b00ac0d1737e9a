"""What any parser reads, an export writes so that it is read again as the same value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b2b.sheets import parsers
from b2b.sheets.exporting import export
from b2b.sheets.parser import PricedIn
from b2b.sheets.reading import best_table, read
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.texts import CurrencyCode
from b2b.sheets.workbook import open as open_workbook
from b2b.texts import as_seen
from b2b.unit import current_units


def decimals(least: int, most: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=least, max_value=most, places=places, allow_nan=False)


class Everything(Sheet):
    """Every parser a declaration may use, and one column that is never blank."""

    title = "Everything"

    name = Column(("Name", "名称"), parsers.text(500))
    whole = Column(("Whole", "整数"), parsers.whole_number(), required=False)
    number = Column(("Number", "数"), parsers.decimal(6, 20), required=False)
    quantity = Column(("Quantity", "数量"), parsers.quantity(), required=False)
    price = Column(("Price", "单价"), parsers.unit_price(), required=False)
    amount = Column(("Amount", "金额"), parsers.amount(), required=False)
    rate = Column(("Rate", "比率"), parsers.percent(), required=False)
    unit = Column(("Unit", "单位"), parsers.unit(), required=False)
    priced_in = Column(("Priced in", "计价单位"), parsers.priced_unit(), required=False)
    currency = Column(("Currency", "币种"), parsers.currency(), required=False)
    country = Column(("Country", "国家"), parsers.country(), required=False)
    day = Column(("Day", "日期"), parsers.day(), required=False)
    instant = Column(("Instant", "时刻"), parsers.instant(), required=False)
    choice = Column(("Choice", "选项"), parsers.choice({"a": 'One, or "two"', "b": "=B", "c": "第三"}), required=False)
    listed = Column(("Listed", "上架"), parsers.yes_no(), required=False)
    email = Column(("E-mail", "邮箱"), parsers.email(), required=False)


EMPTY: dict[str, Any] = dict.fromkeys(Everything.columns)
words = (
    st.text(
        st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), min_size=1, max_size=80
    )
    .map(lambda drawn: as_seen(drawn).strip())
    .filter(bool)
)
beginnings = st.sampled_from(
    ["=", "+", "-", "@", "=1+1", "-5", "+49 30", "_x0041_", "0012", "1E5", "&<>", "12.50", "%s#"]
)
names = st.one_of(words, st.tuples(beginnings, words).map("".join), beginnings)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": names.filter(lambda name: not name.startswith("#")),
    "whole": st.integers(-999_999_999, 999_999_999),
    "number": decimals(-(10**13), 10**13, 6),
    "quantity": decimals(0, 10**12, 6).filter(bool),
    "price": decimals(0, 10**13, 6),
    "amount": decimals(-(10**13), 10**13, 4),
    "rate": decimals(0, 100, 6),
    "unit": st.sampled_from([unit.code for unit in current_units()]),
    "priced_in": st.builds(PricedIn, decimals(1, 10**6, 3), st.sampled_from(["H87", "KGM", "XCT"])),
    "currency": st.sampled_from(["CNY", "EUR", "USD", "JPY", "KWD"]),
    "country": st.sampled_from(["CN", "DE", "US", "NA"]),
    "day": st.dates(min_value=date(1955, 1, 1), max_value=date(2118, 12, 31)),
    "instant": st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "choice": st.sampled_from(["a", "b", "c"]),
    "listed": st.booleans(),
    "email": st.just("jo+a@example.com"),
}
rows = st.fixed_dictionaries({name: value if name == "name" else st.none() | value for name, value in VALUES.items()})


def read_again(drawn: list[dict[str, Any]], language: str) -> Any:
    data = export(Everything, drawn, language=language)
    return read(Everything, best_table(Everything, open_workbook(data, "a.xlsx")))


def test_the_values_cover_every_parser() -> None:
    assert VALUES.keys() == Everything.columns.keys()
    assert {type(column.parse) for column in Everything.columns.values()} >= {
        getattr(parsers, name) for name in parsers.__all__
    }
    assert CurrencyCode is parsers.currency


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=st.lists(rows, min_size=1, max_size=6))
def test_every_value_of_every_parser_comes_back(language: str, drawn: list[dict[str, Any]]) -> None:
    reading = read_again(drawn, language)

    assert reading.faults == []
    assert [dict(row) for row in reading.rows] == drawn


@pytest.mark.parametrize(
    "number", ["12345678901234.123456", "-0.000001", "0", "1E+3", "100.000000", "99999999999999.999999"]
)
def test_no_digit_of_a_number_is_lost(number: str) -> None:
    (row,) = read_again([EMPTY | {"name": "a", "number": Decimal(number)}], "en").rows

    assert row["number"] == Decimal(number)

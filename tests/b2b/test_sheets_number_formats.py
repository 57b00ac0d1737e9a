"""What only the format of a number tells: its currency, how many its price is for, the zeros before it."""

from __future__ import annotations

import pytest

from b2b.sheets.mapping import propose
from b2b.sheets.rows import ReadRow
from b2b.sheets.survey import Survey, survey
from suppliers.sheets.prices import PriceSheet
from tests.b2b.surveyed_tables import faults, read_all
from tests.b2b.workbooks import raw_xlsx, text_cell


def price_list(*prices: tuple[float, int], formats: list[str], currency: str = "") -> Survey:
    """Item and price, with the style of each; and the currency in a column of its own."""
    headings = ["Item number", "Price", *(["Currency"] if currency else [])]
    rows = ["".join(text_cell(f"{'ABC'[place]}1", text) for place, text in enumerate(headings))]
    for number, (price, style) in enumerate(prices, start=2):
        own = text_cell(f"C{number}", currency) if currency else ""
        rows.append(f'{text_cell(f"A{number}", f"A-{number}")}<c r="B{number}" s="{style}"><v>{price}</v></c>{own}')
    cells = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, start=1))
    return survey(raw_xlsx(cells, formats=[code.replace('"', "&quot;") for code in formats]), "prices.xlsx")


def read(found: Survey, currency: str = "") -> list[ReadRow]:
    (table,) = found.tables
    return read_all(PriceSheet, table, currency=currency)


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("[$$-409]#,##0.00", "USD"),
        ("[$USD] #,##0.00", "USD"),
        ('0.00" USD"', "USD"),
        ("#,##0.00\\ [$₽-419]", "RUB"),
        ('_-* #,##0.00\\ "Kč"_-', "CZK"),
    ],
)
def test_prices_shown_in_another_currency_than_the_rows_are_a_fault(code: str, currency: str) -> None:
    with price_list((12.5, 1), formats=[code], currency="EUR") as found:
        assert faults(read(found)) == [("B2", "currency-differs")]
    with price_list((12.5, 1), formats=[code], currency=currency) as found:
        assert faults(read(found)) == []


def test_the_currency_all_prices_are_shown_in_is_that_of_every_row() -> None:
    with price_list((12.5, 1), (13, 1), formats=['#,##0.00 "€"']) as found:
        assert propose(PriceSheet, found.tables[0]).layout.constants == {"currency": "EUR"}
        assert [row.values["currency"] for row in read(found)] == ["EUR", "EUR"]


def test_prices_shown_in_several_currencies_are_faults_until_each_row_says_its_own() -> None:
    formats = ["[$$-409]#,##0.00", '#,##0.00 "€"']
    with price_list((12.5, 1), (13, 2), formats=formats) as found:
        assert faults(read(found, currency="EUR")) == [("B2", "currency-mixed"), ("B3", "currency-mixed")]
    with price_list((12.5, 1), (13, 2), formats=formats, currency="EUR") as found:
        assert faults(read(found)) == []


@pytest.mark.parametrize("code", ['0.00"/100"', '0.00" per 1000"', '0.00" je 100 St."'])
def test_a_price_shown_as_one_for_several_is_a_fault(code: str) -> None:
    with price_list((12.5, 1), formats=[code], currency="EUR") as found:
        assert faults(read(found)) == [("B2", "price-for-several")]


@pytest.mark.parametrize("code", ["#,##0.00", "0.00", "[Red]0.00", '0.00" *"', "[$-407]0.00"])
def test_other_formats_say_nothing(code: str) -> None:
    with price_list((12.5, 1), formats=[code]) as found:
        assert found.tables[0].marks[1].signs == ()
        assert propose(PriceSheet, found.tables[0]).layout.constants == {}


def test_zeros_before_an_item_number_are_kept_where_its_cell_shows_them() -> None:
    cells = [('<c r="A2" s="1"><v>4711</v></c>', "004711"), ('<c r="A2" s="1"><v>1234567</v></c>', "1234567")]
    for cell, sku in cells:
        headings = text_cell("A1", "Item number") + text_cell("B1", "Price")
        data = raw_xlsx(
            f'<row r="1">{headings}</row><row r="2">{cell}<c r="B2" s="1"><v>7</v></c></row>', formats=["000000"]
        )
        with survey(data, "prices.xlsx") as found:
            (row,) = read(found)
            assert (row.values["sku"], row.values["unit_price"]) == (sku, 7)

"""What stands beside prices and makes them others: a unit of a hundred, a line of text, a comma that ended a cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from b2b.sheets.cells import Cell
from b2b.sheets.mapping import propose
from b2b.sheets.survey import survey
from suppliers.sheets.prices import PriceSheet
from tests.b2b.surveyed_tables import faults, read_all, reasons, surveyed

PRICE = Decimal("12.5")


@pytest.mark.parametrize("unit", ["100 pcs", "1000 Stk", "100St.", "Tsd.", "dozen", "千只"])
def test_a_price_for_a_unit_of_several_is_never_taken_for_the_price_of_one(unit: str) -> None:
    table = surveyed(("Item number", "Unit", "Price"), ("A-1", unit, PRICE), ("A-2", "pcs", PRICE))

    rows = read_all(PriceSheet, table)

    assert faults(rows) == [("C2", "price-for-several")]
    assert rows[0].faults[0].detail == (
        f"The row is in “{unit}”, so this price seems to be for several. Write the price of one, or how many it is "
        "for in a column “Price is for”."
    )
    assert rows[1].row is not None
    with translation.override("zh-hans"):
        assert "单个的价格" in read_all(PriceSheet, table)[0].faults[0].detail


def test_a_price_that_says_how_many_it_is_for_may_be_for_several() -> None:
    table = surveyed(("Item number", "Unit", "Price", "Price unit"), ("A-1", "100 pcs", PRICE, Decimal(100)))

    (row,) = read_all(PriceSheet, table)

    assert row.row is not None
    assert row.row["price_base_quantity"] == 100


@pytest.mark.parametrize(
    "line",
    [
        "Preise in EUR je 100 Stück",
        "All prices per 1000 pcs",
        "Prix les 100 pièces",
        "Цены за 100 шт",
        "所有价格每百件",
        "Preisliste 2026 - alle Preise inkl. 19% MwSt.",
        "Prices include VAT",
        "Ceny z VAT (brutto)",
        "以上价格含税",
    ],
)
@pytest.mark.parametrize("is_above", [True, False])
def test_a_line_that_makes_other_prices_of_all_is_asked_about(line: str, *, is_above: bool) -> None:
    rows: list[tuple[Cell, ...]] = [("Artikelnummer", "Preis"), ("A-1", PRICE), ("A-2", PRICE)]

    proposal = propose(PriceSheet, surveyed(*([(line,), *rows] if is_above else [*rows, (line,)])))

    (question,) = proposal.questions
    assert (question.code, question.about["column"]) == ("column-unsure", "unit_price")
    assert question.detail.endswith(f"Beside the table it says: “{line}”.")


@pytest.mark.parametrize(
    "line",
    [
        "Price list 2026",
        "All prices net, excl. VAT",
        "价格不含税",
        "Delivery within 10 days",
        "Preise per 01.02.2026",
        "Preisliste 10/2026",
    ],
)
def test_other_lines_are_not_asked_about(line: str) -> None:
    proposal = propose(PriceSheet, surveyed((line,), ("Item number", "Price"), ("A-1", PRICE)))

    assert proposal.questions == ()


@pytest.mark.parametrize(
    ("line", "currency"),
    [
        ("Price list, all prices in USD", "USD"),
        ("Währung: EUR", "EUR"),
        ("币种：人民币", "CNY"),
        ("Цены в руб", "RUB"),
        ("Ceny w zł", "PLN"),
    ],
)
def test_the_currency_a_line_above_the_table_names_is_that_of_its_prices(line: str, currency: str) -> None:
    table = surveyed((line,), ("Item number", "Price"), ("A-1", PRICE))

    (row,) = read_all(PriceSheet, table, currency="CHF")[-1:]

    assert propose(PriceSheet, table).layout.constants == {"currency": currency}
    assert row.row is not None
    assert row.row["currency"] == currency


@pytest.mark.parametrize("line", ["ALL PRICES NET", "Exchange rate: price in EUR, price in USD", "单位：个"])
def test_a_line_that_names_no_single_currency_decides_nothing(line: str) -> None:
    table = surveyed((line,), ("Item number", "Price"), ("A-1", PRICE))

    assert propose(PriceSheet, table).layout.constants == {}


def test_a_decimal_comma_that_ended_a_cell_is_never_a_whole_number() -> None:
    data = b"Item number,Name,Price\r\nA-1,Bolt,1,50\r\nA-2,Nut,2\r\n"

    with survey(data, "prices.csv") as found:
        rows = read_all(PriceSheet, found.tables[0])

    assert faults(rows) == [("C2", "number-in-two-cells")]
    assert "1,50" in rows[0].faults[0].detail
    assert rows[1].row is not None


def test_a_subtotal_of_a_group_is_no_item_though_it_has_a_price() -> None:
    table = surveyed(
        ("Item number", "Name", "Price"),
        ("A-1", "Bolt", PRICE),
        ("Subtotal fasteners", None, PRICE),
        ("Zwischensumme Pos. 1-3", None, PRICE),
        ("小计", None, PRICE),
    )

    assert reasons(read_all(PriceSheet, table)) == {3: "total", 4: "total", 5: "total"}

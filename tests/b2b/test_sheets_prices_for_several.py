"""What stands beside prices and makes them others: a unit of a hundred, a line of text, a comma that ended a cell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from b2b.sheets.cells import Cell
from b2b.sheets.mapping import propose
from b2b.sheets.offers import USUAL_UNITS
from b2b.sheets.parser import PricedIn
from b2b.sheets.parsers import quantity, text, unit_price
from b2b.sheets.priced import PricedUnit
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.survey import survey
from b2b.unit import current_units
from suppliers.sheets.prices import PriceSheet
from tests.b2b.surveyed_tables import faults, read_all, reasons, surveyed

PRICE = Decimal("12.5")


class Unitless(Sheet):
    """Prices where nothing says a row's unit."""

    number = Column(("Item number", "货号"), text(60))
    price = Column(("Price", "单价"), unit_price())
    base = Column(("Price is for", "计价数量"), quantity(), ("Per",), required=False)


@pytest.mark.parametrize("unit", ["100 pcs", "1000 Stk", "100St.", "Tsd.", "dozen", "千只"])
def test_a_price_for_a_unit_of_several_is_never_taken_for_the_price_of_one(unit: str) -> None:
    table = surveyed(("Item number", "Unit", "Price"), ("A-1", unit, PRICE), ("A-2", "pcs", PRICE))

    rows = read_all(Unitless, table)

    assert faults(rows) == [("C2", "price-for-several")]
    assert rows[0].faults[0].detail == (
        f"The row is in “{unit}”, so this price seems to be for several. Write the price of one, or how many it is "
        "for in a column “Price is for”."
    )
    assert rows[1].row is not None
    with translation.override("zh-hans"):
        assert "单个的价格" in read_all(Unitless, table)[0].faults[0].detail


@pytest.mark.parametrize(
    ("unit", "count", "code"),
    [
        ("pcs", 1, "H87"),
        ("100 pcs", 100, "H87"),
        ("1000 Stk", 1000, "H87"),
        ("100St.", 100, "H87"),
        ("je 50 kg", 50, "KGM"),
        ("每100件", 100, "H87"),
        ("Tsd.", 1, "MIL"),
        ("dozen", 1, "DZN"),
        ("carton", 1, "XCT"),
        ("1.5 kg", Decimal("1.5"), "KGM"),
    ],
)
def test_a_column_of_units_says_what_a_price_is_for(unit: str, count: Decimal | int, code: str) -> None:
    table = surveyed(("Item number", "Unit", "Price"), ("A-1", unit, PRICE))

    (row,) = read_all(PriceSheet, table)

    assert row.row is not None
    assert (row.row["unit_price"], row.row["unit"]) == (PRICE, PricedIn(Decimal(count), code))


@pytest.mark.parametrize(
    ("price", "count", "code"),
    [
        ("12.50/100 pcs", 100, "H87"),
        ("€ 12,50 je 100 Stück", 100, "H87"),
        ("12.50 per 1000", 1000, ""),
        ("12.50/ctn", 1, "XCT"),
        ("￥12.50/千克", 1, "KGM"),
    ],
)
def test_what_stands_behind_a_price_says_what_it_is_for(price: str, count: int, code: str) -> None:
    (row,) = read_all(PriceSheet, surveyed(("Item number", "Price"), ("A-1", price)))

    assert row.row is not None
    assert (row.row["unit_price"], row.row["unit"]) == (PRICE, PricedIn(Decimal(count), code))


def test_a_price_and_its_column_of_units_may_each_say_half_of_it() -> None:
    table = surveyed(("Item number", "Unit", "Price"), ("A-1", "Stk", "12.50/100"), ("A-2", "kg", "12.50/100 pcs"))

    rows = read_all(PriceSheet, table)

    assert rows[0].row is not None
    assert rows[0].row["unit"] == PricedIn(Decimal(100), "H87")
    assert faults(rows) == [("C3", "unit-differs")]


def test_two_numbers_a_price_is_for_are_one_too_many() -> None:
    table = surveyed(("Item number", "Unit", "Price", "Per"), ("A-1", "100 pcs", PRICE, Decimal(1000)))

    assert faults(read_all(PriceSheet, table)) == [("D2", "price-for-several")]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_unit_is_written_so_that_it_is_read_again(language: str) -> None:
    parse = PricedUnit()

    with translation.override(language):
        said = [PricedIn(Decimal(1), unit.code) for unit in current_units()]
        said += [PricedIn(Decimal(100), code) for code in USUAL_UNITS.split()]
        assert [parse(parse.write(one)) for one in said] == said


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


def test_thousands_whose_comma_ended_a_cell_are_never_the_number_before_it() -> None:
    data = b"Item number,Name,Price\r\nA-1,Bolt,1,234.50\r\nA-2,Nut,2\r\n"

    with survey(data, "prices.csv") as found:
        rows = read_all(PriceSheet, found.tables[0])

    assert faults(rows) == [("C2", "number-in-two-cells")]


def test_a_name_whose_comma_ended_a_cell_moves_no_number_into_another_column() -> None:
    data = b"Item number,Name,Price,From quantity\r\nA-1,Bolt, 8,12.50,3\r\nA-2,Nut,2,1\r\nA-3,Nut,2.40,1\r\n"

    with survey(data, "prices.csv") as found:
        rows = read_all(PriceSheet, found.tables[0])

    assert faults(rows) == [("D2", "too-many-cells")]


def test_a_remark_in_a_column_without_a_heading_is_no_cell_too_many() -> None:
    new = [(f"A-{number}", "2.40", "new") for number in range(4)]
    rows = [("Item number", "Price"), *new, ("A-9", "2.40")]
    in_numbers = [("Item number", "Price"), ("A-1", PRICE, "new"), ("A-2", PRICE), ("A-3", PRICE)]

    assert faults(read_all(PriceSheet, surveyed(*rows))) == []
    assert faults(read_all(PriceSheet, surveyed(*in_numbers))) == []

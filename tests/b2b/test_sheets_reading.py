from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override

from b2b.sheets.cells import Broken, Cell
from b2b.sheets.faults import Faulty, SheetEmpty
from b2b.sheets.parsers import quantity, text, unit_price
from b2b.sheets.reading import Reading, best_table, read
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.table import Table
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")


def table(*rows: Sequence[Cell], formulas: frozenset[tuple[int, int]] = frozenset()) -> Table:
    return Table("Sheet1", rows, formulas=formulas)


def faults(reading: Reading) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in reading.faults]


def test_rows_are_typed_and_know_their_place_in_the_file() -> None:
    reading = read(Parts, table(HEADINGS, BOLT))

    (row,) = reading.rows
    assert row.number == 2
    assert (row["sku"], row["unit"], row["price"], row["currency"], row["vat"]) == (
        "HX-8",
        "KGM",
        Decimal("1.5"),
        "CNY",
        None,
    )
    assert reading.faults == []
    assert reading.sound() == [row]


@pytest.mark.parametrize(
    "headings",
    [
        ("料号", "名称", "单位", "单价", "币种"),
        ("PART NUMBER *", " name ", "Unit.", "Unit-Price", "currency"),
        ("Part number\n料号 *", "Name\n名称 *", "Unit\n单位", "Unit price\n单价", "Currency\n币种"),
        ("SKU", "Name", "Unit", "Price (CNY)", "Currency"),
        ("Ｐａｒｔ ｎｕｍｂｅｒ", "Name", "Unit", "Unit price（元）", "Currency"),
    ],
)
def test_headings_are_found_in_either_language_however_they_are_written(headings: tuple[str, ...]) -> None:
    reading = read(Parts, table(headings, BOLT))

    assert (len(reading.rows), reading.faults, reading.unknown_columns) == (1, [], [])


def test_the_table_is_found_below_titles_and_blank_rows() -> None:
    reading = read(Parts, table(("Price list 2026",), (), (None, "Unit"), (), HEADINGS, (), BOLT))

    assert reading.header is not None
    assert (reading.header.row, [row.number for row in reading.rows]) == (5, [7])


def test_columns_may_stand_in_any_order_and_beside_others() -> None:
    reading = read(Parts, table(("Colour", *reversed(HEADINGS)), ("red", *reversed(BOLT))))

    assert reading.rows[0]["sku"] == "HX-8"
    assert reading.unknown_columns == ["Colour"]


def test_a_table_without_headings_is_one_fault_that_names_the_columns() -> None:
    reading = read(Parts, table(BOLT))

    assert faults(reading) == [("Sheet1", "no-header")]
    assert "“Part number”, “Name”" in reading.faults[0].detail
    assert reading.rows == []


def test_a_missing_column_is_named_and_no_row_counts_as_sound() -> None:
    reading = read(Parts, table(HEADINGS[:4], BOLT[:4]))

    (fault,) = reading.faults
    assert (fault.pointer, fault.code, fault.heading) == ("Sheet1!1:1", "missing-column", "Currency")
    assert reading.rows == []


def test_two_columns_of_one_heading_are_both_pointed_at() -> None:
    reading = read(Parts, table((*HEADINGS, "Unit price"), (*BOLT, Decimal(2))))

    assert faults(reading) == [("Sheet1!D1", "heading-twice"), ("Sheet1!F1", "heading-twice")]
    assert reading.rows == []


def test_a_heading_beats_an_alias() -> None:
    reading = read(Parts, table((*HEADINGS, "Price"), (*BOLT, Decimal(2))))

    assert reading.rows[0]["price"] == Decimal("1.5")
    assert reading.unknown_columns == ["Price"]


def test_every_fault_of_a_file_is_told_at_its_cell() -> None:
    reading = read(
        Parts,
        table(HEADINGS, BOLT, (None, "x" * 81, "furlong-ish", "free", "$"), ("A", "b", "kg", Broken("#REF!"), "CNY")),
    )

    assert faults(reading) == [
        ("Sheet1!A3", "required"),
        ("Sheet1!B3", "too-long"),
        ("Sheet1!C3", "unknown-unit"),
        ("Sheet1!D3", "not-a-number"),
        ("Sheet1!E3", "two-readings"),
        ("Sheet1!D4", "error-value"),
    ]
    assert [row.number for row in reading.rows] == [2]
    price = reading.faults[3]
    assert (price.sheet, price.cell, price.row, price.column, price.heading, price.value) == (
        "Sheet1",
        "D3",
        3,
        4,
        "Unit price",
        "free",
    )
    assert price.detail == "This is not a number. Write a price such as 12.50."
    with pytest.raises(Faulty) as refused:
        reading.sound()
    assert (refused.value.status, refused.value.code, len(refused.value.faults)) == (422, "sheet-faults", 6)


def test_faults_speak_the_readers_language() -> None:
    with override("zh-hans"):
        reading = read(Parts, table(HEADINGS, ("A", "b", "kg", None, "CNY")))

    (fault,) = reading.faults
    assert (fault.heading, fault.detail) == ("单价", "此单元格不能为空。请填写价格，例如 12.50。")


def test_headings_without_rows_are_empty_not_a_success() -> None:
    reading = read(Parts, table(HEADINGS, (None, "  ")))

    with pytest.raises(SheetEmpty):
        reading.sound()


def test_a_key_that_stands_twice_is_a_fault_of_every_row_that_has_it() -> None:
    again = ("HX-8", "Other", "kg", "oops", "CNY")

    reading = read(Parts, table(HEADINGS, BOLT, again, BOLT, ("HX-9", *BOLT[1:])))

    assert faults(reading) == [
        ("Sheet1!A2", "duplicate-key"),
        ("Sheet1!A3", "duplicate-key"),
        ("Sheet1!D3", "not-a-number"),
        ("Sheet1!A4", "duplicate-key"),
    ]
    assert reading.faults[0].detail == "Row 3 has the same key. Keep one of the two."
    assert [row.number for row in reading.rows] == [5]


def test_a_rule_between_columns_points_at_its_cell() -> None:
    headings = (*HEADINGS, "Valid from", "Valid until")

    reading = read(Parts, table(headings, (*BOLT, date(2026, 2, 1), date(2026, 1, 1))))

    assert faults(reading) == [("Sheet1!G2", "ends-before-it-begins")]
    assert reading.rows == []


def test_a_fault_found_later_stands_at_the_same_cell() -> None:
    reading = read(Parts, table(HEADINGS, BOLT))

    fault = reading.fault(reading.rows[0], "price", "too-dear", "The price rose by half.")

    assert (fault.pointer, fault.value, fault.heading) == ("Sheet1!D2", "1.5", "Unit price")
    with pytest.raises(Faulty):
        reading.sound()


def test_repeated_headings_and_our_own_example_are_no_rows() -> None:
    example: tuple[Cell, ...] = ("HX-1", "Hexagon bolt 六角螺栓", "H87", Decimal("12.5"), "CNY")

    reading = read(Parts, table(HEADINGS, example, BOLT, HEADINGS, ("HX-9", *BOLT[1:])))

    assert reading.left_out == {2: "example", 4: "repeated-headings"}
    assert [row.number for row in reading.rows] == [3, 5]
    assert reading.faults == []


def test_every_conversion_is_told() -> None:
    formula = frozenset({(2, 2)})

    reading = read(Parts, table(HEADINGS, ("HX-8", "Bolt", "KGS", "￥1,200.50", "RMB"), formulas=formula))

    told = [(conversion.cell, conversion.shown, conversion.taken) for conversion in reading.conversions]
    assert told == [
        ("B2", "Bolt", "Bolt (stored result of the formula)"),
        ("C2", "KGS", "KGM"),
        ("D2", "￥1,200.50", "1200.50"),
        ("E2", "RMB", "CNY"),
    ]


def test_what_already_says_what_it_means_is_no_conversion() -> None:
    reading = read(Parts, table((*HEADINGS, "MOQ", "Listed"), ("HX-8", "Bolt", "KGM", "1.50", "CNY", "7", "yes")))

    assert reading.conversions == []


class Lines(Sheet):
    item = Column(("Item", "品名"), text())
    quantity = Column(("Quantity", "数量"), quantity())
    price = Column(("Price", "价格"), unit_price(), required=False)


def test_the_column_then_the_sheet_tells_the_decimal_mark() -> None:
    by_column = read(Lines, table(("Item", "Quantity"), ("a", "1.234"), ("b", "2,5")))
    by_sheet = read(Lines, table(("Item", "Quantity", "Price"), ("a", "43.000", "$3,131.01")))
    by_nothing = read(Lines, table(("Item", "Quantity"), ("a", "43.000"), ("b", "45.000")))
    in_conflict = read(Lines, table(("Item", "Quantity"), ("a", "1.234"), ("b", "2,5"), ("c", "2.5")))

    assert by_column.rows[0]["quantity"] == Decimal(1234)
    assert by_sheet.rows[0]["quantity"] == Decimal(43)
    assert faults(by_nothing) == [("Sheet1!B2", "two-readings"), ("Sheet1!B3", "two-readings")]
    assert faults(in_conflict) == [("Sheet1!B2", "two-readings")]


def test_a_price_in_another_currency_than_its_row_is_a_fault() -> None:
    reading = read(
        Parts,
        table(HEADINGS, ("A", "a", "kg", "$5", "EUR"), ("B", "b", "kg", "￥5", "CNY"), ("C", "c", "kg", "5", "EUR")),
    )

    assert faults(reading) == [("Sheet1!D2", "currency-differs")]
    assert [row["sku"] for row in reading.rows] == ["B", "C"]


def test_a_sheet_without_a_currency_column_is_in_the_currency_it_is_read_for() -> None:
    lines = table(("Item", "Quantity", "Price"), ("a", "1", "€5"))

    assert faults(read(Lines, lines, currency="USD")) == [("Sheet1!C2", "currency-differs")]
    assert faults(read(Lines, lines, currency="EUR")) == []


def test_the_table_that_looks_most_like_the_sheet_is_taken() -> None:
    notes = Table("Notes", (("Unit", "see below"),))
    hidden = Table("Old", (HEADINGS, BOLT), hidden=True)
    parts = Table("Parts", (HEADINGS, BOLT))

    assert best_table(Parts, [notes, hidden, parts]).name == "Parts"
    assert best_table(Parts, [notes, hidden]).name == "Old"
    with pytest.raises(SheetEmpty):
        best_table(Parts, [])

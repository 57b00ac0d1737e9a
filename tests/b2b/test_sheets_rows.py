from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from b2b.sheets.cells import Cell
from b2b.sheets.mapping import propose
from b2b.sheets.rows import RowReader
from b2b.sheets.table import SourceRow
from tests.b2b.surveyed_tables import LINES, Lines, faults, read_all, reasons, surveyed, told
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")
NUT: tuple[Cell, ...] = ("NU-8", "Nut", "kg", Decimal("0.5"), "CNY")


# --- Rows that are no data ----------------------------------------------------------------------
@pytest.mark.parametrize(
    "label",
    [
        "Total",
        "TOTAL:",
        "Grand total",
        "Subtotal",
        "Sum",
        "Total (EUR)",
        "小计",
        "合计：",
        "总计",
        "Gesamt",
        "Zwischensumme",
        "Sous-total",
        "Total général",
        "Suma",
        "Razem",
        "Итого",
        "Всего:",
        "Totale",
        "Celkem",
        "Total for lot 1",
        "合計",
    ],
)
def test_a_sum_is_no_line_in_any_language(label: str) -> None:
    rows = read_all(
        Lines, surveyed(LINES, ("1", "Bolt", Decimal(2), "kg", None), (None, label, Decimal(2), None, None))
    )

    assert (reasons(rows), faults(rows)) == ({3: "total"}, [])


def test_a_sum_that_fills_every_cell_is_still_none() -> None:
    rows = read_all(Parts, surveyed(HEADINGS, BOLT, ("Total", "Total", "kg", Decimal("1.5"), "CNY")))

    assert reasons(rows) == {3: "total"}


def test_a_label_beside_the_columns_that_are_read_says_it_too() -> None:
    rows = read_all(
        Parts, surveyed((None, *HEADINGS), (None, *BOLT), ("Total", None, None, None, Decimal("1.5"), None))
    )

    assert reasons(rows) == {3: "total"}


@pytest.mark.parametrize(
    "item", ["Total station TS-06", "Sum pump", "Totalisator", "Summer tyres", "Gesamtanlage Nord"]
)
def test_a_thing_whose_name_begins_like_a_sum_is_a_line(item: str) -> None:
    (row,) = read_all(Lines, surveyed(LINES, ("1", item, Decimal(2), "pcs", None)))

    assert row.row is not None
    assert row.row["item"] == item


def test_a_sum_with_a_part_number_is_a_line() -> None:
    (row,) = read_all(Parts, surveyed(HEADINGS, ("T-1", "Total", "kg", Decimal(1), "CNY")))

    assert row.row is not None


def test_a_title_between_the_rows_is_the_section_of_those_below() -> None:
    table = surveyed(
        LINES,
        ("1", "Survey", Decimal(1), "ls", None),
        ("Earthworks",),
        ("2", "Digging", Decimal(2), "m3", None),
        (None, "II. Concrete works"),
        ("3", "Walls", Decimal(3), "m3", None),
    )

    rows = read_all(Lines, table)

    assert reasons(rows) == {3: "section", 5: "section"}
    assert [row.row["section"] for row in rows if row.row] == [None, "Earthworks", "II. Concrete works"]
    assert told(rows)[:2] == [("D2", "ls", "LS"), ("A3", "Earthworks", "“Earthworks” for the rows below")]


def test_a_section_of_its_own_is_not_overwritten_by_the_title() -> None:
    rows = read_all(
        Lines, surveyed((*LINES, "Section"), ("Earthworks",), ("2", "Digging", Decimal(2), "m3", None, "Other"))
    )

    assert [row.row["section"] for row in rows if row.row] == ["Other"]


def test_a_part_number_with_the_rest_forgotten_is_a_fault_not_a_section() -> None:
    rows = read_all(Parts, surveyed(HEADINGS, BOLT, ("HX-9",)))

    assert reasons(rows) == {}
    assert faults(rows) == [("B3", "required"), ("C3", "required"), ("D3", "required"), ("E3", "required")]


def test_a_code_merged_over_the_table_is_a_title() -> None:
    rows = read_all(Parts, surveyed(HEADINGS, ("DIN933",), BOLT, merged=((2, 1, 2, 5),)))

    assert reasons(rows) == {2: "section"}


def test_notes_beside_the_table_are_left_out_and_named_but_two_cells_are_a_fault() -> None:
    table = surveyed(
        (*HEADINGS, "Internal"),
        BOLT,
        (None, None, None, None, None, "Prices without freight"),
        (None, None, None, "x", None, "y"),
    )

    rows = read_all(Parts, table)

    assert reasons(rows) == {3: "note"}
    assert {fault.row for row in rows for fault in row.faults} == {4}


def test_headings_once_more_are_left_out_however_they_are_written() -> None:
    rows = read_all(
        Parts,
        surveyed(
            HEADINGS,
            BOLT,
            HEADINGS,
            [str(one).upper() for one in HEADINGS],
            ("料号", "名称", "单位", "单价", "币种"),
            NUT,
        ),
    )

    assert reasons(rows) == {3: "repeated-headings", 4: "repeated-headings", 5: "repeated-headings"}
    assert [row.number for row in rows if row.row] == [2, 6]


def test_formulas_dragged_below_the_last_row_are_no_rows() -> None:
    table = surveyed((*HEADINGS, "Sum"), (*BOLT, Decimal(3)), (None, None, None, None, None, Decimal(0)))
    dragged = SourceRow(3, table.head[2].cells, formulas=(6,))
    typed = SourceRow(3, (None, None, None, Decimal(0), None, Decimal(0)), formulas=(6,))

    assert reasons(read_all(Parts, table, rows=[dragged])) == {3: "blank-key"}
    assert len(read_all(Parts, table, rows=[typed])[0].faults) == 4


def test_titles_above_the_headings_are_named_too() -> None:
    table = surveyed(("Price list",), HEADINGS, BOLT)
    reader = RowReader(Parts, propose(Parts, table).layout, table)

    assert [reader.read(row).left_out for row in table.head] == ["title", "repeated-headings", ""]


# --- Hidden rows --------------------------------------------------------------------------------
@pytest.mark.parametrize(("answer", "left_out"), [(None, "hidden"), (False, "hidden"), (True, "")])
def test_a_hidden_row_is_read_only_where_somebody_said_so(answer: bool | None, left_out: str) -> None:
    table = surveyed(HEADINGS, BOLT, hidden_rows=(2,))
    layout = replace(propose(Parts, table).layout, include_hidden_rows=answer)

    assert [row.left_out for row in read_all(Parts, table, layout)] == [left_out]


# --- Cells merged downwards ---------------------------------------------------------------------
def test_a_cell_merged_downwards_says_the_same_of_every_row() -> None:
    table = surveyed(
        (*LINES, "Section"),
        ("1", "Bolt", Decimal(1), "kg", "€1.50", "Steel"),
        ("2", "Nut", Decimal(2), "kg", None, None),
        ("3", "Washer", Decimal(3), "kg", None, None),
        ("4", "Pin", Decimal(4), "kg", None, None),
        merged=((2, 5, 4, 5), (2, 6, 3, 6)),
    )

    rows = read_all(Lines, table)

    assert [(row.row["price"], row.row["section"]) for row in rows if row.row] == [
        (Decimal("1.50"), "Steel"),
        (Decimal("1.50"), "Steel"),
        (Decimal("1.50"), None),
        (None, None),
    ]
    assert [one for one in told(rows) if "merged" in one[2]] == [
        ("E3", "€1.50", "1.50 (merged with the cell above)"),
        ("F3", "Steel", "Steel (merged with the cell above)"),
        ("E4", "€1.50", "1.50 (merged with the cell above)"),
    ]


def test_a_quantity_merged_over_rows_may_be_shared_and_is_a_fault() -> None:
    table = surveyed(LINES, ("1", "Red", Decimal(300), "pcs"), ("2", "Blue", None, "pcs"), merged=((2, 3, 3, 3),))

    rows = read_all(Lines, table)

    assert faults(rows) == [("C3", "merged-number")]
    assert [row.number for row in rows if row.row] == [2]


def test_a_reader_that_goes_on_further_down_is_told_of_the_rows_above() -> None:
    table = surveyed(
        (*LINES, "Section"),
        ("Earthworks",),
        ("1", "Digging", Decimal(1), "m3", Decimal(5)),
        ("2", "Filling", Decimal(2), "m3", None),
        merged=((3, 5, 4, 5),),
    )
    reader = RowReader(Lines, propose(Lines, table).layout, table)
    for row in table.head[1:3]:
        reader.pass_over(row)

    read = reader.read(table.head[3])

    assert read.row is not None
    assert (read.row["section"], read.row["price"]) == ("Earthworks", Decimal(5))


def test_headings_once_more_in_another_language_are_no_row_of_data() -> None:
    table = surveyed(
        ("品名", "数量", "单位", "价格"), ("Item", "Quantity", "Unit", "Price"),
        ("Bolt", "5", "pcs", "1.50"), ("Item", "Quantity", "Unit", "Price"),
    )  # fmt: skip

    assert reasons(read_all(Lines, table)) == {2: "repeated-headings", 4: "repeated-headings"}


def test_a_line_drawn_of_dashes_is_no_row_of_data() -> None:
    table = surveyed(("Item", "Quantity", "Unit"), ("-----", "--------", "----"), ("Bolt", "5", "pcs"))

    assert reasons(read_all(Lines, table)) == {2: "note"}

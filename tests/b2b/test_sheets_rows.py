from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b2b.sheets.cells import Broken, Cell
from b2b.sheets.layout import Layout
from b2b.sheets.mapping import propose
from b2b.sheets.parsers import choice, day, quantity, text, unit, unit_price
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.survey import ColumnMarks
from b2b.sheets.table import SourceRow
from tests.b2b.surveyed_tables import read_all, surveyed
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")
NUT: tuple[Cell, ...] = ("NU-8", "Nut", "kg", Decimal("0.5"), "CNY")


class Lines(Sheet):
    """Rows under section titles, as a bill of quantities has them."""

    number = Column(("Line", "行号"), text(20), required=False)
    item = Column(("Item", "品名"), text(200))
    section = Column(("Section", "分部"), text(100), required=False, takes_section=True)
    quantity = Column(("Quantity", "数量"), quantity())
    unit = Column(("Unit", "单位"), unit())
    price = Column(("Price", "价格"), unit_price(), required=False)
    needed = Column(("Required by", "需求日期"), day(), required=False)
    kind = Column(("Kind", "类别"), choice({"new": "New", "used": "Used"}), required=False)


LINES = ("Line", "Item", "Quantity", "Unit", "Price")


def reasons(rows: Sequence[ReadRow]) -> dict[int, str]:
    return {row.number: row.left_out for row in rows if row.left_out}


def faults(rows: Sequence[ReadRow]) -> list[tuple[str, str]]:
    return [(fault.cell, fault.code) for row in rows for fault in row.faults]


def told(rows: Sequence[ReadRow]) -> list[tuple[str, str, str]]:
    return [(one.cell, one.shown, one.taken) for row in rows for one in row.conversions]


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


# --- What the column and the heading say --------------------------------------------------------
def marked(place: int, **counts: int) -> tuple[ColumnMarks, ...]:
    return tuple(ColumnMarks(**counts) if one == place else ColumnMarks() for one in range(1, 8))


def one_row(*cells: Cell, marks: tuple[ColumnMarks, ...], headings: Sequence[str] = LINES) -> ReadRow:
    table = replace(surveyed(headings, cells), marks=marks)
    return read_all(Lines, table)[0]


@pytest.mark.parametrize(
    ("counts", "value"),
    [({"comma": 3}, Decimal(1234)), ({"point": 1}, Decimal("1.234")), ({"point": 1, "comma": 1}, None)],
)
def test_the_marks_of_the_whole_column_decide_between_two_numbers(
    counts: dict[str, int], value: Decimal | None
) -> None:
    row = one_row("1", "Bolt", "1.234", "kg", None, marks=marked(3, **counts))

    assert (row.values["quantity"], [fault.code for fault in row.faults]) == (value, [] if value else ["two-readings"])


def test_the_other_columns_of_numbers_decide_where_the_own_is_silent() -> None:
    assert one_row("1", "Bolt", "1.234", "kg", None, marks=marked(5, comma=1)).values["quantity"] == Decimal(1234)
    assert one_row("1", "Bolt", "1.234", "kg", None, marks=marked(2, comma=1)).values["quantity"] is None


@pytest.mark.parametrize(
    ("counts", "value"),
    [
        ({"day_first": 2}, date(2026, 4, 3)),
        ({"month_first": 1}, date(2026, 3, 4)),
        ({}, None),
        ({"day_first": 1, "month_first": 1}, None),
    ],
)
def test_the_dates_of_the_column_that_leave_no_doubt_decide_the_others(
    counts: dict[str, int], value: date | None
) -> None:
    headings = ("Item", "Quantity", "Unit", "Required by")

    row = one_row("Bolt", Decimal(1), "H87", "03/04/2026", marks=marked(4, **counts), headings=headings)

    assert row.values["needed"] == value
    if value:
        assert told([row]) == [("D2", "03/04/2026", value.isoformat())]
    else:
        assert row.faults[0].suggestions == ("2026-04-03", "2026-03-04")


def test_a_price_must_be_in_the_currency_of_its_heading_too() -> None:
    headings = ("Part number", "Name", "Unit", "Price (USD)", "Currency")

    rows = read_all(Parts, surveyed(headings, BOLT, ("A", "a", "kg", Decimal(2), "USD"), ("B", "b", "kg", "¥2", "CNY")))

    assert faults(rows) == [("D2", "currency-differs")]


def test_a_price_for_another_unit_than_the_rows_is_a_fault() -> None:
    rows = read_all(
        Lines, surveyed(LINES, ("1", "a", Decimal(1), "kg", "2.50/kg"), ("2", "b", Decimal(1), "kg", "2.50/pc"))
    )

    assert faults(rows) == [("E3", "unit-differs")]
    assert ("E2", "2.50/kg", "2.50") in told(rows)


def test_a_constant_of_the_layout_stands_in_every_row() -> None:
    table = surveyed(HEADINGS[:4], BOLT[:4], ("A", "a", "kg", "$5"))
    layout = propose(Parts, table).layout.confirmed(constants={"currency": "euro"})

    rows = read_all(Parts, table, layout)

    assert [row.row["currency"] for row in rows if row.row] == ["EUR"]
    assert faults(rows) == [("D3", "currency-differs")]


# --- Cells --------------------------------------------------------------------------------------
@pytest.mark.parametrize("nothing", ["-", "–", "—", "n/a", "N/A", "/", "不适用"])
def test_a_dash_in_an_optional_cell_is_blank_and_said(nothing: str) -> None:
    (row,) = read_all(Lines, surveyed(LINES, (nothing, "Bolt", Decimal(2), "H87", nothing)))

    assert row.row is not None
    assert (row.row["number"], row.row["price"]) == (None, None)
    assert told([row]) == [("A2", nothing, "blank"), ("E2", nothing, "blank")]


@pytest.mark.parametrize("nothing", ["-", "n/a", "TBD", "询价", "auf Anfrage"])
def test_a_required_cell_that_says_nothing_is_a_fault(nothing: str) -> None:
    (row,) = read_all(Lines, surveyed(LINES, ("1", "Bolt", nothing, "kg", None)))

    assert faults([row]) == [("C2", "no-number-yet")]
    assert "leave the cell empty" in row.faults[0].detail


def test_a_row_mended_by_hand_is_read_as_data_whatever_it_looks_like() -> None:
    table = surveyed(LINES, ("1", "Bolt", Decimal(2), "kgg", None))
    reader = RowReader(Lines, propose(Lines, table).layout, table)

    (fault,) = reader.read(table.head[1]).faults
    mended = reader.read_cells(2, ("1", "Total", "2", fault.suggestion, None))

    assert (fault.code, fault.suggestion) == ("unknown-unit", "kilogram")
    assert mended.row is not None
    assert (mended.row["item"], mended.row["unit"]) == ("Total", "KGM")


def test_a_fault_names_sheet_row_column_value_and_what_to_write() -> None:
    (row,) = read_all(Lines, surveyed(LINES, ("1", "Bolt", "250 pcs", "pcs", None), name="BoQ"))

    (fault,) = row.faults
    assert (fault.pointer, fault.heading, fault.value) == ("BoQ!C2", "Quantity", "250 pcs")
    assert fault.detail == "This is not a number. Write a quantity such as 250, without its unit."
    assert fault.suggestions == ("250",)


def test_rows_of_a_table_without_headings_are_read_from_the_first() -> None:
    table = surveyed(BOLT, NUT)
    columns = {"sku": 1, "name": 2, "unit": 3, "price": 4, "currency": 5}

    rows = read_all(Parts, table, Layout("Sheet1", (), columns))

    assert [row.row["sku"] for row in rows if row.row] == ["HX-8", "NU-8"]


def test_without_any_column_no_row_is_taken_for_the_example() -> None:
    (row,) = read_all(Parts, surveyed(BOLT), Layout("Sheet1", (), {}))

    assert row.left_out == ""


def test_the_same_text_far_apart_is_read_the_same() -> None:
    """Texts are remembered; what is remembered must not change with what is read in between."""
    cells = [(str(number), f"Item {number}", Decimal(number), "kg", None) for number in range(1, 5_200)]
    table = surveyed(LINES, *cells)
    reader = RowReader(Lines, propose(Lines, table).layout, table)
    sources = [SourceRow(number, row) for number, row in enumerate(cells, start=2)]

    first = [reader.read(source).row for source in sources]
    again = [reader.read(source).row for source in sources]

    assert first == again
    assert [row["item"] for row in again if row] == [row[1] for row in cells]


WORDS = st.sampled_from(
    [
        "Part number",
        "Price",
        "Unit price (EUR)",
        "Total",
        "小计",
        "kg",
        "1.234",
        "1,5",
        "-",
        "TBD",
        "03/04/2026",
        "€ 5",
        "5/100 pcs",
        "#REF!",
        "=1+1",
        "  ",
        "HX-8",
        "Section A",
        "1.2E+15",
        "单价",
        "١٢",
        "\u202e12",
        "a\nb",
        "yes",
        "CNY",
        "12 %",
    ]
)
CELLS = st.one_of(
    st.none(),
    WORDS,
    st.text(max_size=12),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.sampled_from([Broken("#N/A"), Broken("")]),
)


@given(
    st.lists(st.lists(CELLS, max_size=8), max_size=12),
    st.lists(st.tuples(*[st.integers(1, 9)] * 4), max_size=4),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_table_holds_every_row_is_read_faulty_or_left_out(
    rows: list[list[Cell]], areas: list[tuple[int, int, int, int]], with_headings: bool
) -> None:
    merged = tuple((min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in areas)
    table = surveyed(*([HEADINGS] if with_headings else []), *rows, merged=merged)
    proposal = propose(Parts, table)
    reader = RowReader(Parts, proposal.layout, table)

    read = [reader.read(row) for row in table.head]

    assert Layout.from_json(proposal.layout.to_json()) == proposal.layout
    for row in read:
        assert (row.row is not None) + bool(row.faults) + bool(row.left_out) == 1
        assert all(fault.detail and isinstance(fault.suggestions, tuple) for fault in row.faults)

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from b2b.sheets.cells import Broken, Cell
from b2b.sheets.layout import Layout
from b2b.sheets.mapping import propose
from b2b.sheets.rows import ReadRow, RowReader
from b2b.sheets.sheet import Row, Wrong
from b2b.sheets.survey import ColumnMarks
from b2b.sheets.table import SourceRow
from tests.b2b.surveyed_tables import LINES, Lines, faults, read_all, surveyed, told
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")
NUT: tuple[Cell, ...] = ("NU-8", "Nut", "kg", Decimal("0.5"), "CNY")


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


def test_a_constant_the_column_cannot_hold_is_a_fault_of_every_row() -> None:
    table = surveyed(HEADINGS[:4], BOLT[:4], NUT[:4])
    layout = propose(Parts, table).layout.confirmed(constants={"currency": "EURR"})

    rows = read_all(Parts, table, layout)

    assert faults(rows) == [("2:2", "unknown-currency"), ("3:3", "unknown-currency")]
    assert rows[0].faults[0].suggestions == ("EUR",)


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
    assert row.faults[0].detail == (
        f"“{nothing}” is no number. Write a quantity such as 250, without its unit; "
        "where there is none yet, leave the row out."
    )


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


def test_a_rule_of_the_sheet_may_refuse_a_row_of_which_no_column_is_read() -> None:
    class Ruled(Lines):
        @classmethod
        def check(cls, row: Row) -> Iterable[Wrong]:
            yield Wrong("item", "nothing-given", f"Row {row.number} gives nothing.")

    (row,) = read_all(Ruled, surveyed(("Bolt",)), Layout("Sheet1", (), {}))

    assert ([fault.code for fault in row.faults], row.left_out) == ([], "note")


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

"""What each format gives, cell by cell."""

from __future__ import annotations

import struct
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from b2b.sheets.cells import Broken
from b2b.sheets.faults import SheetUnreadable
from b2b.sheets.reading import read
from b2b.sheets.workbook import open as open_workbook
from tests.b2b.workbooks import (
    HEADINGS,
    Parts,
    error,
    formula,
    label,
    number,
    ods,
    raw_xlsx,
    saved,
    text_cell,
    xls,
    xlsx,
)

CHINESE = "料号,名称\nHX-1,六角螺栓镀锌\n"


def test_a_cell_keeps_its_kind() -> None:
    moment = datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001 — a spreadsheet knows no zone
    cells = ["text", 12, 1.5, True, date(2026, 3, 4), moment, time(5, 6), None, "=text"]
    workbook = Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    worksheet.append(cells)
    worksheet["I1"].data_type = "s"

    (table,) = open_workbook(saved(workbook), "a.xlsx")

    assert table.rows == [
        ("text", Decimal(12), Decimal("1.5"), True, date(2026, 3, 4), moment, time(5, 6), None, "=text")
    ]


@pytest.mark.parametrize(
    ("stored", "kept"),
    [
        ("0.30000000000000004", "0.3"),
        ("1E-7", "1E-7"),
        ("123456789012345", "123456789012345"),
        ("19.989999999999998", "19.99"),
    ],
)
def test_a_number_is_what_the_cell_shows_to_fifteen_digits(stored: str, kept: str) -> None:
    (table,) = open_workbook(raw_xlsx(f'<row r="1"><c r="A1"><v>{stored}</v></c></row>'), "a.xlsx")

    assert table.rows == [(Decimal(kept),)]


def test_cells_stand_where_they_stand_in_the_file() -> None:
    cells = f'<row r="3">{text_cell("C3", "x")}</row><row r="5">{text_cell("B5", "y")}</row>'

    (table,) = open_workbook(raw_xlsx(cells), "a.xlsx")

    assert table.rows == [(), (), (None, None, "x"), (), (None, "y")]


def test_errors_and_formulas_without_a_value_are_seen_and_stored_results_named() -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>1+1</f></c><c r="C1" t="e"><f>x</f><v>#REF!</v></c>'
        '<c r="D1" t="str"><f>""</f><v></v></c></row><row r="4"><c r="A4"><f>TODAY()</f><v/></c></row>'
    )

    (table,) = open_workbook(raw_xlsx(cells), "a.xlsx")

    assert table.rows == [(Decimal(2), Broken(""), Broken("#REF!")), (), (), (Broken(""),)]
    assert table.formulas == {(1, 1), (1, 4)}


def test_a_percentage_is_read_as_it_is_shown() -> None:
    cells = (
        '<row r="1"><c r="A1" s="1"><v>0.125</v></c><c r="B1" s="2"><v>0.125</v></c><c r="C1"><v>0.125</v></c></row>'
    )

    (table,) = open_workbook(raw_xlsx(cells, formats=("0.0%", "0.0&quot; %&quot;")), "a.xlsx")

    assert table.rows == [("12.5%", Decimal("0.125"), Decimal("0.125"))]


def test_cells_without_addresses_are_counted() -> None:
    cells = '<row><c><v>1</v></c><c t="e"><v>#N/A</v></c></row><row><c/><c><f>1</f></c></row>'

    (table,) = open_workbook(raw_xlsx(cells), "a.xlsx")

    assert table.rows == [(Decimal(1), Broken("#N/A")), (None, Broken(""))]


def test_days_of_the_1904_system_are_the_same_days() -> None:
    workbook = Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    worksheet = workbook.active
    assert worksheet is not None
    worksheet.append([date(2026, 3, 4)])

    (table,) = open_workbook(saved(workbook), "a.xlsx")

    assert table.rows == [(date(2026, 3, 4),)]
    assert table.from_1904


def test_hidden_sheets_are_marked_and_empty_ones_left_out() -> None:
    workbook = Workbook()
    workbook.create_sheet("Old").append(["x"])
    workbook["Old"].sheet_state = "hidden"
    workbook.create_sheet("New").append(["y"])

    assert [(table.name, table.hidden) for table in open_workbook(saved(workbook), "a.xlsx")] == [
        ("Old", True),
        ("New", False),
    ]


def test_an_old_workbook_gives_the_same_as_a_new_one() -> None:
    cells = (
        label(0, 0, "料号")
        + number(0, 1, 0.1 + 0.2)
        + number(1, 0, 0.13, style=1)
        + error(1, 1, 0x17)
        + formula(2, 0, b"\x02\x00\x07\x00\x00\x00\xff\xff")
        + formula(2, 1, struct.pack("<d", 4.5))
    )

    (table,) = open_workbook(xls(cells, formats=(0, 9)), "a.XLS")

    assert table.rows == [("料号", Decimal("0.3")), ("13%", Broken("#REF!")), (Broken("#DIV/0!"), Decimal("4.5"))]
    assert table.formulas == {(3, 2)}


def test_an_opendocument_sheet_gives_the_same() -> None:
    rows = (
        '<table:table-row><table:table-cell office:value-type="string"><text:p>料号</text:p></table:table-cell>'
        '<table:table-cell office:value-type="float" office:value="1.5"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-03-04"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell office:value-type="percentage" office:value="0.13"/>'
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value=""'
        ' calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/></table:table-row>'
    )

    (table,) = open_workbook(ods(rows), "a.ods")

    assert table.rows == [
        ("料号", Decimal("1.5"), date(2026, 3, 4)),
        (),
        (),
        (None, None, "13%", Broken("#DIV/0!"), Decimal(2)),
    ]
    assert table.formulas == {(4, 5)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_a_text_table_is_read_in_its_encoding(encoding: str) -> None:
    (table,) = open_workbook(CHINESE.encode(encoding), "parts.csv")

    assert (table.name, table.rows) == ("parts", [("料号", "名称"), ("HX-1", "六角螺栓镀锌")])


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("a,b\n1,2\n", ("a", "b")),
        ("a;b\n1,5;2,5\n1,5;2,5\n", ("a", "b")),
        ("a\tb\n1,5\t2\n", ("a", "b")),
        ("a|b\n1|2\n", ("a", "b")),
        ("only\none\n", ("only",)),
        ('"a,x";b\n"1,2";2\n', ("a,x", "b")),
        ("title\n\na;b;c\n1;2;3\n", ("title",)),
    ],
)
def test_the_delimiter_is_the_one_that_makes_a_table(text: str, row: tuple[str, ...]) -> None:
    assert open_workbook(text.encode(), "a.csv")[0].rows[0] == row


def test_quoted_cells_keep_line_breaks_and_old_line_ends_count() -> None:
    assert open_workbook(b'a,"b\nc"\r\nd,e\r\n', "a.csv")[0].rows == [("a", "b\nc"), ("d", "e")]
    assert open_workbook(b"a,b\rc,d\r", "a.csv")[0].rows == [("a", "b"), ("c", "d")]


def test_an_unclosed_quotation_mark_is_refused() -> None:
    with pytest.raises(SheetUnreadable, match="never closed"):
        open_workbook(b'a,b\n"' + b"x,y\n" * 50_000, "a.csv")


def test_formula_text_in_a_text_table_stays_text() -> None:
    (table,) = open_workbook(b"Part,Value\nx,=1+1\n", "a.csv")

    assert table.rows[1] == ("x", "=1+1")


def test_an_error_written_as_text_is_still_an_error() -> None:
    (table,) = open_workbook(b"Part,Value\nx,#REF!\n", "a.csv")

    assert table.rows[1] == ("x", Broken("#REF!"))


def test_a_formula_without_a_value_is_a_fault_at_its_cell() -> None:
    rows = [HEADINGS, ("HX-8", "Bolt", "kg", "=1+1", "CNY")]

    reading = read(Parts, open_workbook(xlsx(rows), "a.xlsx")[0])

    (fault,) = reading.faults
    assert (fault.pointer, fault.code) == ("Sheet1!D2", "formula-without-value")

"""What is hidden, merged, linked or only looks like a number, in each format of workbook."""

from __future__ import annotations

import struct
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from openpyxl import Workbook

from b2b.sheets.cells import Broken
from b2b.sheets.faults import SheetRefused
from b2b.sheets.survey import SourceRow, Survey, survey
from tests.b2b.workbooks import label, number, ods, raw_xlsx, record, saved, text_cell, xls, zipped


def rows(found: Survey) -> list[SourceRow]:
    return list(found.rows(found.tables[0]))


def test_hidden_rows_columns_and_merged_areas_of_an_xlsx_are_named() -> None:
    workbook = Workbook()
    worksheet = workbook.active
    assert worksheet is not None
    for line in range(1, 6):
        worksheet.append([line, "x", "y", "z"])
    worksheet.row_dimensions[2].hidden = worksheet.row_dimensions[5].hidden = True
    worksheet.column_dimensions["B"].hidden = True
    worksheet.merge_cells("A1:B1")
    worksheet.merge_cells("C2:C5")

    with survey(saved(workbook), "a.xlsx") as found:
        (table,) = found.tables
        assert [row.number for row in found.rows(table) if row.hidden] == [2, 5]
        assert (table.hidden_rows, table.hidden_columns) == (2, (2,))
        assert table.merged == ((2, 3, 5, 3), (1, 1, 1, 2))


def test_hidden_rows_columns_and_merged_areas_of_an_ods_are_named() -> None:
    content = (
        "<table:table-column/>"
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
        '<table:table-row table:visibility="filter"><table:table-cell table:number-rows-spanned="2"'
        ' table:number-columns-spanned="1" office:value-type="string"><text:p>a</text:p></table:table-cell>'
        "</table:table-row><table:table-row><table:covered-table-cell/>"
        '<table:table-cell office:value-type="float" office:value="2"/></table:table-row>'
    )

    with survey(ods(content), "a.ods") as found:
        (table,) = found.tables
        assert rows(found) == [SourceRow(1, ("a",), hidden=True), SourceRow(2, (None, Decimal(2)))]
        assert (table.hidden_rows, table.hidden_columns, table.merged) == (1, (2, 3), ((1, 1, 2, 1),))


def test_an_ods_gives_texts_times_and_repetitions_as_they_are_shown() -> None:
    content = (
        '<table:table-row table:number-rows-repeated="2">'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation>'
        '<text:p>two<text:s text:c="2"/>spaces<text:tab/></text:p><text:p>two lines</text:p></table:table-cell>'
        '<table:table-cell office:value-type="time" office:time-value="PT05H06M07S"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT36H00M00S"/>'
        '<table:table-cell office:value-type="date" office:date-value="2026-03-04T05:06:07"/>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
        '<table:table-cell table:number-columns-repeated="3" office:value-type="float" office:value="0.30000000000000004"/>'
        '<table:table-cell table:formula="of:=1"/>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    )
    cells = (
        "two  spaces\t\ntwo lines",
        time(5, 6, 7),
        "36:00:00",
        datetime(2026, 3, 4, 5, 6, 7),  # noqa: DTZ001 — a spreadsheet knows no zone
        True,
        *[Decimal("0.3")] * 3,
        Broken(""),
    )

    with survey(ods(content), "a.ods") as found:
        assert rows(found) == [SourceRow(1, cells), SourceRow(2, cells)]


def test_an_ods_row_of_values_that_is_repeated_without_end_is_refused() -> None:
    content = (
        '<table:table-row table:number-rows-repeated="1000000">'
        '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    )

    with pytest.raises(SheetRefused, match="beyond the last row"):
        survey(ods(content), "a.ods")


def test_an_ods_with_a_password_or_a_document_type_is_refused() -> None:
    manifest = '<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'

    with pytest.raises(SheetRefused, match="password"):
        survey(ods("", {"META-INF/manifest.xml": manifest}), "a.ods")
    with pytest.raises(SheetRefused, match="document type"):
        survey(ods("", {"content.xml": bomb}), "a.ods")


def test_what_an_ods_links_to_is_not_read_as_its_own() -> None:
    link = '<table:table-source xmlns:xlink="x" xlink:href="file:///etc/passwd"/>'
    row = '<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'

    with survey(ods(link + row), "a.ods") as found:
        assert [note.code for note in found.notes] == ["links-not-followed"]
        assert rows(found) == [SourceRow(1, (Decimal(1),))]


def test_hidden_rows_columns_sheets_and_merged_areas_of_an_old_workbook_are_named() -> None:
    hidden_row = record(0x0208, struct.pack("<HHHHHHI", 1, 0, 2, 255, 0, 0, 0x20))
    shown_row = record(0x0208, struct.pack("<HHHHHHI", 2, 0, 2, 255, 0, 0, 0x00))
    hidden_columns = record(0x007D, struct.pack("<HHHHHH", 3, 5, 2000, 0, 0x0001, 0))
    merged = record(0x00E5, struct.pack("<HHHHHHHHH", 2, 0, 1, 0, 1, 1, 2, 0, 0))
    cells = hidden_columns + hidden_row + shown_row + label(0, 0, "a") + label(1, 0, "b") + number(2, 1, 7) + merged

    with survey(xls(cells), "a.xls") as found:
        (table,) = found.tables
        assert rows(found) == [
            SourceRow(1, ("a",)),
            SourceRow(2, ("b",), hidden=True),
            SourceRow(3, (None, Decimal(7))),
        ]
        assert (table.hidden_rows, table.hidden_columns) == (1, (4, 5, 6))
        assert table.merged == ((1, 1, 2, 2), (2, 1, 3, 1))


STYLES = (
    "yyyy-mm-dd",
    "yyyy-mm-dd hh:mm",
    "hh:mm",
    "[h]:mm",
    "0.0%",
    "[Red]0.00",
    "0 &quot;days&quot;",
    "General",
)


@pytest.mark.parametrize(
    ("style", "serial", "cell"),
    [
        (1, "46085", date(2026, 3, 4)),
        (1, "46085.5", datetime(2026, 3, 4, 12)),  # noqa: DTZ001
        (1, "0", Decimal(0)),
        (1, "59", date(1900, 2, 28)),
        (1, "60", Decimal(60)),
        (1, "61", date(1900, 3, 1)),
        (1, "-5", Decimal(-5)),
        (1, "9999999", Decimal(9999999)),
        (2, "46085", datetime(2026, 3, 4)),  # noqa: DTZ001
        (2, "46085.212581018519", datetime(2026, 3, 4, 5, 6, 7)),  # noqa: DTZ001
        (3, "0.25", time(6)),
        (4, "1.5", "36:00:00"),
        (4, "-0.5", "-12:00:00"),
        (5, "0.125", "12.5%"),
        (6, "12.5", Decimal("12.5")),
        (7, "3", Decimal(3)),
        (8, "3", Decimal(3)),
        (99, "3", Decimal(3)),
    ],
)
def test_a_number_is_what_its_style_makes_of_it(style: int, serial: str, cell: object) -> None:
    twice = f'<row r="1"><c r="A1" s="{style}"><v>{serial}</v></c></row><row r="2"><c r="A2" s="{style}"><v>{serial}</v></c></row>'

    with survey(raw_xlsx(twice, formats=STYLES), "a.xlsx") as found:
        assert [row.cells for row in rows(found)] == [(cell,), (cell,)]


def test_days_of_the_1904_system_are_counted_from_there() -> None:
    cells = '<row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1" s="1"><v>44623</v></c></row>'

    with survey(raw_xlsx(cells, formats=STYLES, workbook_extra='<workbookPr date1904="1"/>'), "a.xlsx") as found:
        assert found.tables[0].from_1904
        assert rows(found)[0].cells == (date(1904, 1, 1), date(2026, 3, 4))


def test_outer_spaces_count_only_where_the_file_says_so() -> None:
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t> a </t></is></c>'
        '<c r="B1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>line_x000D_\nend _x005F_x000D_</t></is></c></row>'
    )

    with survey(raw_xlsx(cells), "a.xlsx") as found:
        assert rows(found)[0].cells == ("a", " a ", "line\r\nend _x000D_")


SHARED = (
    '<sst xmlns="m"><si><t>plain &amp; simple</t></si><si><t xml:space="preserve"> kept </t></si>'
    '<si><r><rPr><b/></rPr><t>bold </t></r><r><t xml:space="preserve">and not</t></r></si>'
    '<si><t>螺栓</t><rPh sb="0" eb="2"><t>ねじ</t></rPh><phoneticPr fontId="1"/></si><si/><si><t/></si><si><t>last</t></si>'
    "<!-- a comment --><si><t><![CDATA[<raw>]]></t></si></sst>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_shared_strings_are_read_whatever_they_are_made_of(encoding: str) -> None:
    cells = "".join(f'<row r="{place + 1}"><c r="A{place + 1}" t="s"><v>{place}</v></c></row>' for place in range(8))
    relations = (
        '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        '<Relationship Id="r3" Type="x/sharedStrings" Target="strings.xml"/></Relationships>'
    )
    shared = SHARED.replace('<?xml version="1.0" encoding="UTF-16"?>', "").encode(encoding)
    data = raw_xlsx(cells, more={"xl/strings.xml": shared, "xl/_rels/workbook.xml.rels": relations})

    with survey(data, "a.xlsx") as found:
        assert [(row.number, row.cells[0]) for row in rows(found)] == [
            (1, "plain & simple"),
            (2, " kept "),
            (3, "boldand not"),
            (4, "螺栓"),
            (7, "last"),
            (8, "<raw>"),
        ]


def test_rows_out_of_order_are_put_in_order_and_a_row_that_stands_twice_is_refused() -> None:
    lines = [f'<row r="{place}">{text_cell(f"A{place}", str(place))}</row>' for place in (7, 2, 5)]

    with survey(raw_xlsx("".join(lines)), "a.xlsx") as found:
        assert [(row.number, row.cells) for row in rows(found)] == [(2, ("2",)), (5, ("5",)), (7, ("7",))]
        assert [row.number for row in found.tables[0].head] == [2, 5, 7]
    with pytest.raises(SheetRefused, match="same row or cell twice"):
        survey(raw_xlsx("".join([*lines, lines[0]])), "a.xlsx")


def test_a_sheet_whose_part_is_missing_is_not_passed_over_in_silence() -> None:
    whole = raw_xlsx("")
    assert whole
    parts = {
        "xl/workbook.xml": '<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="gone.xml"/></Relationships>',
    }

    with pytest.raises(SheetRefused, match="damaged"):
        survey(zipped(parts), "a.xlsx")


def test_every_sheet_of_a_workbook_of_seventy_is_read() -> None:
    workbook = Workbook()
    for place in range(70):
        workbook.create_sheet(f"S{place}").append([place])

    with survey(saved(workbook), "a.xlsx") as found:
        assert [(table.name, table.head[0].cells) for table in found.tables] == [
            (f"S{place}", (Decimal(place),)) for place in range(70)
        ]


def test_a_workbook_of_too_many_sheets_is_refused() -> None:
    rows_ = '<table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    tables = "".join(f'</table:table><table:table table:name="{place}">{rows_}' for place in range(500))

    with pytest.raises(SheetRefused, match="more than 500 sheets"):
        survey(ods(rows_ + tables), "a.ods")

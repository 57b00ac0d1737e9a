"""Programs call many things an .xls: web pages, XML of 2003, plain text. They are read as what they are."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from b2b.sheets.cells import Broken
from b2b.sheets.faults import SheetFormat, SheetRefused
from b2b.sheets.notes import sentence
from b2b.sheets.survey import SourceRow, survey

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta http-equiv=Content-Type content="text/html; charset={charset}"><style>td {{ color: red }}</style>
<script>var x = "<td>no</td>"</script></head><body><p>Preisliste</p>
<table><tr><th colspan=2>Größe &amp; Preis</th><th rowspan="2">Stück</th></tr>
<tr><td>M8</td><td x:num="1234.5">1.234,50</td></tr>
<tr style='display:none'><td>hidden<td>not closed<br>two lines<td>&nbsp;</tr>
<tr><td><table><tr><td>inner</td></tr></table></td></tr>
</table><table><tr><td>second</td></tr></table></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("windows-1252", "cp1252"), ("unknown", "cp1252"), ("utf-16", "utf-16")],
)
def test_a_web_page_named_xls_is_read_and_said_to_be_one(charset: str, encoding: str) -> None:
    with survey(PAGE.format(charset=charset).encode(encoding), "prices.xls") as found:
        first, second = found.tables
        assert list(found.rows(first)) == [
            SourceRow(1, ("Größe & Preis", None, "Stück")),
            SourceRow(2, ("M8", Decimal("1234.5"))),
            SourceRow(3, ("hidden", "not closed\ntwo lines"), hidden=True),
            SourceRow(4, ("inner",)),
        ]
        assert first.merged == ((1, 3, 2, 3), (1, 1, 1, 2))
        assert (first.name, second.name, second.head[0].cells) == ("prices", "prices 2", ("second",))
        assert found.notes[0].code == "web-page"
        assert sentence(found.notes[0]) == "The file is named .xls, but is a web page. Its tables were read."


def test_a_cell_that_reaches_down_pushes_the_cells_of_the_rows_below_aside() -> None:
    page = "<table><tr><td rowspan=3>a<td>b<tr><td>c<tr><td>d<td>e<tr><td>f</table>"

    with survey(page.encode(), "a.xls") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [
            ("a", "b"),
            (None, "c"),
            (None, "d", "e"),
            ("f",),
        ]


def test_rows_that_end_in_so_many_words_are_counted_once_by_a_cell_that_reaches_down() -> None:
    page = "<table><tr><td rowspan='2'>A-1</td><td>1.5</td></tr><tr><td>2.5</td></tr><tr><td>A-2</td><td>3</td></tr></table>"

    with survey(page.encode(), "a.xls") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [("A-1", "1.5"), (None, "2.5"), ("A-2", "3")]


def test_cells_outside_a_row_make_a_row_of_their_own() -> None:
    with survey(b"<table><td>a<td>b<tr><td>c</tr><td>d</table>", "a.xls") as found:
        assert [(row.number, row.cells) for row in found.rows(found.tables[0])] == [
            (1, ("a", "b")),
            (2, ("c",)),
            (3, ("d",)),
        ]


@pytest.mark.parametrize("page", ["<html><body>Please log in</body></html>", "<html>", "<table></table>"])
def test_a_page_without_a_table_is_refused(page: str) -> None:
    with pytest.raises(SheetRefused, match="any value"):
        survey(page.encode(), "a.xls")


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>
<Worksheet ss:Name="Preise"><Table><Column ss:Hidden="1" ss:Span="1"/><Column/>
<Row><Cell ss:MergeAcross="1"><Data ss:Type="String">Größe &amp; Preis</Data></Cell>
<Cell><Data ss:Type="Number">0.30000000000000004</Data></Cell></Row>
<Row ss:Index="4" ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="p"><Data ss:Type="Number">0.125</Data></Cell>
<Cell><Data ss:Type="DateTime">2026-03-04T00:00:00.000</Data></Cell><Cell ss:Formula="=A1"><Data ss:Type="Number">7</Data></Cell>
<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#REF!</Data></Cell><Cell ss:Formula="=A1"/></Row>
</Table></Worksheet>
<Worksheet ss:Name="Alt"><Table><Row><Cell><Data ss:Type="String">x</Data></Cell></Row></Table>
<WorksheetOptions xmlns="x"><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_in_xml_named_xls_is_read_and_said_to_be_one(encoding: str) -> None:
    with survey(XML.encode(encoding), "prices.xls") as found:
        first, second = found.tables
        midnight = datetime(2026, 3, 4)  # noqa: DTZ001 — a spreadsheet knows no zone
        cells = (None, "12.5%", midnight, Decimal(7), True, Broken("#REF!"), Broken(""))
        assert list(found.rows(first)) == [
            SourceRow(1, ("Größe & Preis", None, Decimal("0.3"))),
            SourceRow(4, cells, hidden=True, formulas=(4,)),
        ]
        assert (first.name, first.hidden, first.hidden_columns) == ("Preise", False, (1, 2))
        assert first.merged == ((1, 1, 1, 2),)
        assert (second.name, second.hidden) == ("Alt", True)
        assert [note.code for note in found.notes] == ["xml-workbook"]


def test_a_workbook_in_xml_with_a_document_type_or_cut_in_half_is_refused() -> None:
    bomb = XML.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook', 1)

    with pytest.raises(SheetRefused, match="document type"):
        survey(bomb.encode(), "a.xls")
    with pytest.raises(SheetRefused, match="damaged"):
        survey(XML[:-40].encode(), "a.xls")


@pytest.mark.parametrize(
    ("found", "put", "said"),
    [
        ('ss:Index="4"', 'ss:Index="0"', "beyond the last row"),
        ('ss:Index="4"', 'ss:Index="1"', "same row or cell twice"),
        ('ss:Index="2"', 'ss:Index="16385"', "beyond the last row"),
        ('<Cell><Data ss:Type="DateTime">', '<Cell ss:Index="2"><Data ss:Type="DateTime">', "same row or cell twice"),
        (">0.125<", ">x<", "damaged"),
    ],
)
def test_a_workbook_in_xml_that_no_program_writes_is_refused(found: str, put: str, said: str) -> None:
    assert found in XML

    with pytest.raises(SheetRefused, match=said):
        survey(XML.replace(found, put, 1).encode(), "a.xls")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_plain_text_named_xls_is_read_and_said_to_be_one(encoding: str) -> None:
    with survey("Größe\tPreis für Außen\nM8\t1,20\n".encode(encoding), "prices.xls") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [("Größe", "Preis für Außen"), ("M8", "1,20")]
        assert found.notes[0].code == "plain-text"


def test_a_day_in_text_is_no_day_of_the_file() -> None:
    with survey(b"<table><tr><td>2026-03-04</td></tr></table>", "a.xls") as found:
        assert found.tables[0].head[0].cells == ("2026-03-04",) != (date(2026, 3, 4),)


# --- Tables within tables, pages within mails ------------------------------------------------------
DATA = "<table><tr><td>Item<td>Price<tr><td>A-1<td>12.50</table>"


@pytest.mark.parametrize(
    "html",
    [
        f"<table><tr><td>Logo</td><td>{DATA}</td></tr></table>",
        f"<table><tr><td><table><tr><td>Menu</table><tr><td><table><tr><td>{DATA}</table></table>",
        f"<table><tr><td>Logo<td>{DATA}",
    ],
)
def test_a_table_that_is_placed_within_another_is_a_table(html: str) -> None:
    with survey(html.encode(), "prices.xls") as found:
        rows = [[row.cells for row in found.rows(table)] for table in found.tables]
        assert [("Item", "Price"), ("A-1", "12.50")] in rows
        assert found.tables[0].name == "prices"


def test_pages_packed_as_a_mail_are_read() -> None:
    mail = (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=X\r\n\r\n--X\r\n"
        "Content-Type: text/html\r\n\r\n<html><frameset></frameset></html>\r\n--X\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        '<table><tr><td>Item<td>Gr=C3=B6=\r\n=C3=9Fe<tr><td x:num=3D"4711">004=\r\n711<td>12=2E50</table>\r\n--X--\r\n'
    )
    with survey(mail.encode(), "prices.xls") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [("Item", "Größe"), ("004711", "12.50")]
        assert [note.code for note in found.notes] == ["web-page"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('sdval="1.875" sdnum="1033;0;0.00">1.88', Decimal("1.875")),
        ('sdval="46082" sdnum="1033;0;DD.MM.YYYY">01.03.2026', "01.03.2026"),
        ('sdval="0.05">5.0%', "5%"),
        ('x:num="1">TRUE', "TRUE"),
    ],
)
def test_a_cell_of_a_page_is_its_number_where_that_is_what_it_shows(cell: str, value: object) -> None:
    with survey(f"<table><tr><td>x<tr><td {cell}</table>".encode(), "prices.xls") as found:
        assert [row.cells for row in found.rows(found.tables[0])][1] == (value,)


# --- What is no table at all ------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["list.csv", "list.txt", "list.xls"])
@pytest.mark.parametrize(
    "data",
    [b'ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K"Item"\r\nE\r\n', b'TABLE\r\n0,1\r\n"EXCEL"\r\nVECTORS\r\n0,2\r\n""\r\n'],
)
def test_exchange_formats_are_named(data: bytes, name: str) -> None:
    with pytest.raises(SheetFormat) as refusal:
        survey(data, name)
    assert "SYLK" in refusal.value.detail


def test_a_list_whose_headings_begin_as_sylk_does_is_a_list() -> None:
    with survey(b"ID;PRICE\nA;12\n", "list.csv") as found:
        assert found.tables[0].head[0].cells == ("ID", "PRICE")


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b'{"error": "not found"}',
        b'[{"sku": "A"}]',
        b"<?xml version='1.0'?><a/>",
    ],
)
def test_what_a_server_answered_in_place_of_the_list_is_no_list(data: bytes) -> None:
    with pytest.raises(SheetFormat) as refusal:
        survey(data, "list.csv")
    assert "content is of another kind" in refusal.value.detail

"""What only the format of a number tells: its currency, how many its price is for, the zeros before it."""

from __future__ import annotations

import struct
from decimal import Decimal

import pytest

from b2b.sheets.faults import SheetUnreadable
from b2b.sheets.files import biff
from b2b.sheets.mapping import propose
from b2b.sheets.rows import ReadRow
from b2b.sheets.survey import Survey, survey
from suppliers.sheets.prices import PriceSheet
from tests.b2b.surveyed_tables import faults, read_all
from tests.b2b.workbooks import label, ods, raw_xlsx, record, small_number, text_cell, xls
from tests.b2b.workbooks import number as number_cell


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


# --- Old .xls -----------------------------------------------------------------------------------
def old_price_list(*cells: bytes, formats: list[int | str]) -> Survey:
    """Item and price below their headings; styles count from 1."""
    return survey(
        xls(label(0, 0, "Item number") + label(0, 1, "Price") + b"".join(cells), formats=[0, *formats]), "p.xls"
    )


def test_an_old_workbook_keeps_the_zeros_and_letters_its_cells_show() -> None:
    cells = [
        number_cell(1, 0, 4711, 1),
        number_cell(2, 0, 815, 2),
        small_number(3, 0, 815 << 2 | 2, 3),
        number_cell(4, 0, 4711, 4),
    ]
    with old_price_list(*cells, formats=["000000", '"ART-"0000', "00-000", "#,##0"]) as found:
        assert [row.cells[0] for row in found.tables[0].head[1:]] == ["004711", "ART-0815", "00-815", 4711]


def test_an_old_workbook_tells_the_currency_of_its_prices() -> None:
    price = label(1, 0, "A-1") + number_cell(1, 1, 12.5, 1)
    with old_price_list(price, formats=["#,##0.00 [$€-407]"]) as found:
        assert propose(PriceSheet, found.tables[0]).layout.constants == {"currency": "EUR"}
        assert faults(read(found)) == []
    with old_price_list(price, formats=['0.00" USD"']) as found:
        assert propose(PriceSheet, found.tables[0]).layout.constants == {"currency": "USD"}


def test_an_old_workbook_of_excel_5_tells_its_currency_in_its_own_letters() -> None:
    code = "#,##0.00 €".encode("cp1252")
    body = struct.pack("<HB", 164, len(code)) + code
    stream = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0)) + record(0x0042, struct.pack("<H", 1252))
    stream += record(0x041E, body) + record(0x00E0, struct.pack("<HH", 0, 164) + bytes(12)) + record(0x000A)
    (look,) = biff.looks(stream)
    assert look.sign == "€"


@pytest.mark.parametrize(
    ("packed", "value"), [(1250 << 2 | 3, "12.5"), (0x40290000, "12.5"), ((-5 << 2 | 2) % 2**32, "-5")]
)
def test_an_old_workbook_packs_numbers_in_four_bytes(packed: int, value: str) -> None:
    with old_price_list(small_number(1, 0, packed, 1), formats=['0.00" USD"']) as found:
        assert found.tables[0].head[1].cells == (Decimal(value),)


# --- The same in other formats ------------------------------------------------------------------
ODS_HEADINGS = "".join(
    f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    for text in ("Item number", "Price")
)


def ods_price_list(item: str, price: str) -> Survey:
    row = "".join(
        f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{shown}</text:p></table:table-cell>'
        for value, shown in (item.split("|"), price.split("|"))
    )
    rows = f"<table:table-row>{ODS_HEADINGS}</table:table-row><table:table-row>{row}</table:table-row>"
    return survey(ods(rows), "p.ods")


@pytest.mark.parametrize(
    ("item", "sku"),
    [("4711|004711", "004711"), ("815|ART-0815", "ART-0815"), ("4711|4711", "4711"), ("4711|4,711", "4711")],
)
def test_an_open_document_keeps_the_zeros_and_letters_its_cells_show(item: str, sku: str) -> None:
    with ods_price_list(item, "12.5|12.50") as found:
        (row,) = read(found)
        assert (row.values["sku"], row.values["unit_price"]) == (sku, Decimal("12.5"))


def test_an_open_document_tells_the_currency_of_its_prices() -> None:
    with ods_price_list("1|1", "1250|1.250,00 €") as found:
        assert propose(PriceSheet, found.tables[0]).layout.constants == {"currency": "EUR"}
        assert [row.values["unit_price"] for row in read(found)] == [1250]
    with ods_price_list("1|1", "12.5|$12.50") as found:
        assert faults(read(found, currency="EUR")) == [("B2", "currency-differs")]


def test_a_page_keeps_the_zeros_its_cells_show() -> None:
    page = b"<table><tr><td>Item number<td>Price<tr><td x:num='4711'>004711<td x:num='12.5'>12,50 &euro;</table>"
    with survey(page, "p.xls") as found:
        (row,) = read(found)
        assert (row.values["sku"], row.values["unit_price"]) == ("004711", Decimal("12.5"))
        assert propose(PriceSheet, found.tables[0]).layout.constants == {"currency": "EUR"}


def test_a_workbook_in_xml_keeps_the_zeros_its_cells_show() -> None:
    styles = '<Style ss:ID="s1"><NumberFormat ss:Format="000000"/></Style><Style ss:ID="s2"><NumberFormat ss:Format="0.00\\ [$€-407]"/></Style>'
    headings = "".join(f'<Cell><Data ss:Type="String">{text}</Data></Cell>' for text in ("Item number", "Price"))
    cells = "".join(
        f'<Cell ss:StyleID="s{style}"><Data ss:Type="Number">{value}</Data></Cell>'
        for style, value in ((1, 4711), (2, 7))
    )
    book = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        f'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles>{styles}</Styles><Worksheet ss:Name="A"><Table>'
        f"<Row>{headings}</Row><Row>{cells}</Row></Table></Worksheet></Workbook>"
    )
    with survey(book.encode(), "p.xls") as found:
        (row,) = read(found)
        assert (row.values["sku"], row.values["unit_price"]) == ("004711", 7)
        assert propose(PriceSheet, found.tables[0]).layout.constants == {"currency": "EUR"}


# --- Shown in thousands -------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["#,##0,", '0.0,"k"', "0.00,"])
def test_a_price_shown_in_thousands_is_a_fault_as_nobody_knows_which_is_meant(code: str) -> None:
    with price_list((12500, 1), formats=[code], currency="EUR") as found:
        assert faults(read(found)) == [("B2", "number-scaled")]
    with old_price_list(label(1, 0, "A-1") + number_cell(1, 1, 12500, 1), formats=[code]) as found:
        assert faults(read(found)) == [("B2", "number-scaled")]


def test_an_open_document_that_shows_thousands_is_asked_about_too() -> None:
    with ods_price_list("1|1", "12500|12.5") as found:
        assert faults(read(found, currency="EUR")) == [("B2", "number-scaled")]
    with ods_price_list("1|1", "1500|1,5 k") as found:
        assert faults(read(found, currency="EUR")) == [("B2", "number-scaled")]
    for price in ("12.345678|12.35", "1234.5|1.234,50 Std", "1234.5|1.234,50 per 2 m"):
        with ods_price_list("1|1", price) as found:
            assert faults(read(found, currency="EUR")) == []


@pytest.mark.parametrize(
    ("code", "shown"), [('"A"0000', "A0815"), ("0000/00", "0008/15"), ('0" pcs"', ""), ('"ab "0', "")]
)
def test_letters_before_a_whole_number_belong_to_it_and_words_do_not(code: str, shown: str) -> None:
    headings = text_cell("A1", "Item number") + text_cell("B1", "Price")
    rows = f'<row r="1">{headings}</row><row r="2"><c r="A2" s="1"><v>815</v></c><c r="B2"><v>7</v></c></row>'
    with survey(raw_xlsx(rows, formats=[code.replace('"', "&quot;")]), "p.xlsx") as found:
        assert [row.values["sku"] for row in read(found)] == [shown or "815"]


# --- Old workbooks whose records are odd or broken ----------------------------------------------
def test_a_price_whose_format_has_a_number_of_east_asian_dates_is_a_price() -> None:
    """Some programs number their own formats from 50 on."""
    code = "#,##0.00 [$€-407]"
    own = record(0x041E, struct.pack("<HHB", 51, len(code), 1) + code.encode("utf-16-le"))
    cells = label(0, 0, "Item number") + label(0, 1, "Price") + label(1, 0, "A-1") + number_cell(1, 1, 12.5, 1)
    with survey(xls(cells, formats=[0, 51], workbook=own), "p.xls") as found:
        assert [row.values["unit_price"] for row in read(found)] == [Decimal("12.5")]


CHART = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0020, 0, 0, 0, 0)) + record(0x000A)
PRICE = label(1, 0, "A-1") + number_cell(1, 1, 0.5, 1)


def test_a_chart_on_a_sheet_does_not_end_it() -> None:
    with old_price_list(label(1, 0, "A-1"), CHART, number_cell(1, 1, 0.5, 1), formats=["0%"]) as found:
        assert found.tables[0].head[1].cells == ("A-1", "50%")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(struct.pack("<HH", 0x0203, 0x7FFF), id="a record longer than records are"),
        pytest.param(record(0x000A, b"x" * 9), id="an end that is none"),
        pytest.param(record(0x000A) + PRICE, id="rows behind the end"),
        pytest.param(bytes(400), id="nothing but zeros, as in a half download"),
    ],
)
def test_a_broken_record_is_refused_as_rows_behind_it_would_be_missing(broken: bytes) -> None:
    with pytest.raises(SheetUnreadable):
        old_price_list(PRICE, broken, number_cell(2, 1, 7), formats=["0%"])

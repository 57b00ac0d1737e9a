"""Templates, exports and annotated copies, each opened again."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from b2b.sheets.annotating import annotate_reading
from b2b.sheets.exporting import export, metadata_of
from b2b.sheets.parsers import choice, text
from b2b.sheets.reading import best_table, read
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.template import template
from b2b.sheets.workbook import open as open_workbook
from b2b.texts import as_seen
from tests.b2b.workbooks import HEADINGS, Parts, label, saved, xls, xlsx

FULL: dict[str, Any] = {
    "sku": "0010",
    "name": "Bolt\n六角螺栓",
    "unit": "H87",
    "price": Decimal("12345678901234.123456"),
    "currency": "CNY",
    "vat": Decimal("12.5"),
    "since": date(2026, 1, 31),
    "until": date(2026, 12, 31),
    "kind": "custom",
    "minimum": 100,
    "listed": False,
    "origin": "DE",
}
BARE = dict.fromkeys(FULL) | {"sku": "=1+1", "name": "-x", "unit": "KGM", "price": Decimal(0), "currency": "JPY"}
FAULTY = [HEADINGS, ("A", "a", "furlong-ish", 1.5, "CNY"), ("B", "b", "kg", None, "CNY"), ("C", "c", "kg", 2, "CNY")]


def reading_of(data: bytes, name: str = "a.xlsx") -> Any:
    return read(Parts, best_table(Parts, open_workbook(data, name)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_template_shows_both_languages_and_is_read_as_empty(language: str) -> None:
    reading = reading_of(template(Parts, language))

    assert (reading.table, reading.rows, reading.faults, reading.left_out) == ("Parts", [], [], {2: "example"})
    worksheet = load_workbook(BytesIO(template(Parts, language))).worksheets[0]
    assert worksheet["A1"].value == "Part number\n料号 *"
    assert worksheet["F1"].value == "VAT rate\n税率"
    assert worksheet.freeze_panes == "A2"
    assert worksheet.column_dimensions["B"].width == 40
    assert worksheet["A1"].comment.text.startswith("Your number")
    assert worksheet["A2"].font.italic
    assert worksheet["A2"].comment is not None


def test_a_template_offers_the_choices_and_explains_every_column() -> None:
    workbook = load_workbook(BytesIO(template(Parts, "en")))

    rules = {str(rule.sqref): rule.formula1 for rule in workbook.worksheets[0].data_validations.dataValidation}
    page = [cell.value for row in workbook["Instructions 说明"].iter_rows() for cell in row if cell.value]
    assert rules["I2:I10000"] == '"Standard,Made to order"'
    assert rules["K2:K10000"] == '"yes,no"'
    assert rules["C2:C10000"].startswith('"piece,set,pair,kilogram,')
    assert rules["E2:E10000"].startswith("'_hanse_choices'!$E$1:$E$")
    assert rules.keys() == {"C2:C10000", "E2:E10000", "I2:I10000", "K2:K10000"}
    assert {"Part number", "料号", "Unit price", "单价", "必填", "One row for each part."} <= set(page)


def test_a_template_can_hold_rows_in_place_of_the_example() -> None:
    reading = reading_of(template(Parts, "en", [FULL]))

    assert [dict(row) for row in reading.rows] == [FULL]


class Narrow(Sheet):
    title = "Narrow"
    heading = Column(("Supplier's item number", "供应商货号"), text(9), width=8)
    chosen = Column(("VAT", "税"), choice({"E": "Exempt from tax", "S": "Standard rate"}), width=8)


def test_columns_are_wide_enough_for_their_heading_and_their_choices() -> None:
    worksheet = load_workbook(BytesIO(template(Narrow, "en"))).worksheets[0]

    assert worksheet.column_dimensions["A"].width == len("Supplier's item number") + 4
    assert worksheet.column_dimensions["B"].width == len("Exempt from tax")


class Long(Sheet):
    title = "Long: list/of [choices]"
    pick = Column(("Pick", "选择"), choice({str(n): f"Choice, number {n}" for n in range(60)}), example="7")


def test_choices_too_long_for_a_rule_stand_on_a_hidden_sheet_that_is_no_table() -> None:
    data = template(Long, "en")

    workbook = load_workbook(BytesIO(data))
    (rule,) = workbook.worksheets[0].data_validations.dataValidation
    assert rule.formula1 == "'_hanse_choices'!$A$1:$A$60"
    assert workbook["_hanse_choices"].sheet_state == "veryHidden"
    assert [table.name for table in open_workbook(data, "a.xlsx")] == ["Long  list of  choices", "Instructions 说明"]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_an_export_is_read_back_as_the_same_rows(language: str) -> None:
    reading = reading_of(export(Parts, [FULL, BARE], language=language))

    assert [dict(row) for row in reading.rows] == [FULL, BARE]
    assert (reading.faults, reading.conversions) == ([], [])


@pytest.mark.parametrize("words", ["=1+1", "+49 30", "-5", "@here", "\t=1", "\r=1", '=HYPERLINK("http://a.example")'])
def test_no_text_becomes_a_formula(words: str) -> None:
    data = export(Parts, [BARE | {"name": words}])

    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert load_workbook(BytesIO(data)).worksheets[0]["B2"].value.strip() == words.strip()


words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff"), min_size=1, max_size=60
).filter(lambda drawn: as_seen(drawn).strip() == drawn and not drawn.startswith("#"))
rows = st.fixed_dictionaries(
    {
        "sku": words.map(lambda drawn: drawn[:20].strip()).filter(bool),
        "name": words,
        "unit": st.sampled_from(["H87", "KGM", "MTK", "LTR"]),
        "price": st.decimals(min_value=0, max_value=10**12, places=6, allow_nan=False),
        "currency": st.sampled_from(["CNY", "EUR", "USD"]),
        "vat": st.none() | st.decimals(min_value=0, max_value=100, places=2, allow_nan=False),
        "since": st.none() | st.dates(min_value=date(1955, 1, 1), max_value=date(2100, 1, 1)),
        "until": st.none(),
        "kind": st.none() | st.sampled_from(["standard", "custom"]),
        "minimum": st.none() | st.integers(min_value=1, max_value=999_999_999),
        "listed": st.none() | st.booleans(),
        "origin": st.none() | st.sampled_from(["CN", "DE", "US"]),
    }
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows, min_size=1, max_size=8, unique_by=lambda row: row["sku"]))
def test_exporting_and_importing_again_changes_nothing(drawn: list[dict[str, Any]]) -> None:
    reading = reading_of(export(Parts, drawn))

    assert [dict(row) for row in reading.rows] == drawn
    assert reading.faults == []


def test_only_unlocked_columns_may_be_changed() -> None:
    worksheet = load_workbook(BytesIO(export(Parts, [FULL], unlocked=("price", "minimum")))).worksheets[0]

    assert worksheet.protection.sheet
    assert {cell.column_letter for cell in worksheet[2] if not cell.protection.locked} == {"D", "J"}
    assert all(cell.protection.locked for cell in worksheet[1])


def test_metadata_comes_back_and_is_no_table() -> None:
    token = {"rfq": "0190-77", "supplier": "上海五金", "long": "x" * 70_000}
    data = export(Parts, [FULL], metadata=token)

    assert metadata_of(data, "a.xlsx") == token
    assert [table.name for table in open_workbook(data, "a.xlsx")] == ["Parts"]


def test_a_file_without_metadata_has_none() -> None:
    forged = Workbook()
    forged.create_sheet("_hanse").append(["|[1, 2"])

    assert metadata_of(xlsx([["x"]]), "a.xlsx") is None
    assert metadata_of(b"a,b\n", "a.csv") is None
    assert metadata_of(saved(forged), "a.xlsx") is None


def test_the_users_own_workbook_comes_back_with_its_faults_marked() -> None:
    workbook = load_workbook(BytesIO(xlsx(FAULTY)))
    workbook["Sheet1"]["A2"].font = Font(bold=True)
    workbook.create_sheet("Notes").append(["keep me"])
    data = saved(workbook)

    copy = load_workbook(BytesIO(annotate_reading(data, "a.xlsx", reading_of(data))))

    worksheet = copy["Sheet1"]
    assert copy["Notes"]["A1"].value == "keep me"
    assert worksheet["A2"].font.bold
    assert worksheet["C2"].fill.start_color.rgb == "FFFFC7CE"
    assert worksheet["C2"].comment.text.startswith("This unit is not known.")
    assert worksheet["D3"].comment.text.startswith("This cell may not be empty.")
    assert worksheet["A4"].comment is None
    assert worksheet["F1"].value == "To mend 待修改"
    assert worksheet["F2"].value.startswith("This unit is not known.")
    assert worksheet["F4"].value is None


def test_a_mended_copy_is_read_and_annotated_anew() -> None:
    data = xlsx(FAULTY)
    workbook = load_workbook(BytesIO(annotate_reading(data, "a.xlsx", reading_of(data))))
    workbook["Sheet1"]["C2"].value = "kg"
    mended = saved(workbook)

    reading = reading_of(mended)
    again = load_workbook(BytesIO(annotate_reading(mended, "a.xlsx", reading)))["Sheet1"]

    assert [fault.pointer for fault in reading.faults] == ["Sheet1!D3"]
    assert reading.unknown_columns == []
    assert again["C2"].comment is None
    assert again["C2"].fill.fill_type is None
    assert (again["F2"].value, again["G1"].value) == (None, None)
    assert again["D3"].comment is not None


def test_faults_of_the_headings_and_of_merged_cells_are_marked_too() -> None:
    workbook = load_workbook(BytesIO(xlsx([HEADINGS[:4], ("A", "a", "furlong-ish", 1)])))
    workbook["Sheet1"].merge_cells("C2:C3")
    data = saved(workbook)

    worksheet = load_workbook(BytesIO(annotate_reading(data, "a.xlsx", reading_of(data))))["Sheet1"]

    assert worksheet["E1"].value.startswith("To mend 待修改\nCurrency: The column “Currency” is missing.")
    assert worksheet["C2"].comment is not None


@pytest.mark.parametrize("name", ["a.csv", "a.xls"])
def test_another_format_comes_back_as_a_new_workbook(name: str) -> None:
    cells = b"".join(
        label(row, place, str(cell or "")) for row, line in enumerate(FAULTY) for place, cell in enumerate(line)
    )
    lines = "\n".join(",".join(str(cell or "") for cell in line) for line in FAULTY)
    data = xls(cells) if name == "a.xls" else lines.encode()

    worksheet = load_workbook(BytesIO(annotate_reading(data, name, reading_of(data, name)))).worksheets[0]

    assert worksheet["A2"].value == "A"
    assert worksheet["C2"].comment.text.startswith("This unit is not known.")
    assert worksheet["D3"].fill.start_color.rgb == "FFFFC7CE"
    assert worksheet["F1"].value == "To mend 待修改"


def test_dangerous_text_of_another_format_stays_text_in_the_copy() -> None:
    data = b'Part number,Name,Unit,Unit price,Currency\nA,"=HYPERLINK(""http://a.example"")",foo,1.5,CNY\n'

    copy = annotate_reading(data, "a.csv", reading_of(data, "a.csv"))

    with zipfile.ZipFile(BytesIO(copy)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


class Free(Sheet):
    title = "自由"
    note = Column(("Note", "备注"), text(4000))


def test_a_title_in_chinese_names_the_sheet() -> None:
    (table,) = open_workbook(export(Free, [{"note": "x\ny"}]), "a.xlsx")

    assert (table.name, table.rows[1]) == ("自由", ("x\ny",))

"""The user's own file back, with its faults in it."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from python_calamine import CalamineWorkbook

from b2b.sheets.annotating import annotate, annotate_reading, annotated_name
from b2b.sheets.exporting import export
from b2b.sheets.parsers import text
from b2b.sheets.reading import best_table, read
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.survey import survey
from b2b.sheets.workbook import open as open_workbook
from tests.b2b.workbooks import HEADINGS, Parts, saved, xlsx, zipped

ROWS = [HEADINGS, ("A", "a", "kg", 1.5, "CNY"), ("B", "b", "furlong-ish", 2, "CNY"), ("C", "c", "kg", 3, "CNY")]
FAULTS = [(3, 3, "Unit not known."), (3, 0, "Row of nobody."), (0, 0, "Nothing at all.")]
REASONS = "To mend 待修改"


def marked(data: bytes, name: str, faults: Any = FAULTS, table: str = "Sheet1") -> bytes:
    return annotate(data, name, table=table, heading_row=1, faults=faults)


def reading_of(data: bytes, name: str = "a.xlsx") -> Any:
    return read(Parts, best_table(Parts, open_workbook(data, name)))


def csv_of(rows: list[Any]) -> bytes:
    return "\n".join(",".join(str(cell) for cell in row) for row in rows).encode()


@pytest.fixture
def in_place_is_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for a file too large to be changed in place."""
    from b2b.sandbox import Refused  # noqa: PLC0415

    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise Refused("too-large-to-mark")

    monkeypatch.setattr("b2b.sheets.annotating._in_place", refuse)


@pytest.mark.parametrize("name", ["a.xlsx", "Sheet1.csv"])
def test_each_remark_stands_at_its_cell_and_all_of_a_row_behind_it(name: str) -> None:
    data = xlsx(ROWS) if name == "a.xlsx" else csv_of(ROWS)

    worksheet = load_workbook(BytesIO(marked(data, name)))["Sheet1"]

    assert worksheet["C3"].comment.text == "Unit not known."
    assert worksheet["C3"].fill.start_color.rgb == "FFFFC7CE"
    assert [worksheet.cell(row, 6).value for row in range(1, 5)] == [
        f"{REASONS}\nNothing at all.",
        None,
        "Row of nobody.\nUnit not known.",
        None,
    ]
    assert worksheet["C2"].comment is None


@pytest.mark.parametrize("name", ["a.xlsx", "Sheet1.csv"])
def test_the_copy_reads_as_if_the_reasons_were_not_there(name: str) -> None:
    data = xlsx(ROWS) if name == "a.xlsx" else csv_of(ROWS)

    first, again = reading_of(data, name), reading_of(marked(data, name))

    assert again.rows == first.rows
    assert [(fault.pointer, fault.code) for fault in again.faults] == [(f.pointer, f.code) for f in first.faults]
    assert again.unknown_columns == []


def test_a_new_copy_of_an_annotated_one_holds_only_what_is_wrong_now(in_place_is_impossible: None) -> None:
    once = marked(csv_of(ROWS), "Sheet1.csv")

    worksheet = load_workbook(BytesIO(marked(once, "a.xlsx", [(4, 4, "Too dear.")])))["Sheet1"]

    assert worksheet.max_column == 6
    assert [worksheet.cell(row, 6).value for row in range(1, 5)] == [REASONS, None, None, "Too dear."]
    assert worksheet["C3"].comment is None
    assert worksheet["C3"].fill.fill_type is None


RESULTS = {
    "1+1": ("", "2"),
    '"a&amp;b"': (' t="str"', "a&amp;b"),
    "1/0": (' t="e"', "#DIV/0!"),
    "TRUE()": (' t="b"', "1"),
}


def with_formulas() -> bytes:
    """Results of every kind stored beside their formulas, as a spreadsheet program leaves them."""
    data = xlsx([["Net", "Text", "Wrong", "True"], ["=1+1", '="a&b"', "=1/0", "=TRUE()"], [5, 6, 7, 8]])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = re.sub(r"<v ?/>", "<v></v>", parts["xl/worksheets/sheet1.xml"].decode())
    for formula, (kind, result) in RESULTS.items():
        bare = f"><f>{formula}</f><v></v>"
        assert bare in sheet
        sheet = sheet.replace(bare, f"{kind}><f>{formula}</f><v>{result}</v>")
    return zipped(parts | {"xl/worksheets/sheet1.xml": sheet})


def test_formulas_stay_and_keep_their_results() -> None:
    data = with_formulas()
    copy = marked(data, "a.xlsx", [(3, 1, "Why five?")])

    formulas, values = load_workbook(BytesIO(copy)), load_workbook(BytesIO(copy), data_only=True)

    assert [cell.value for cell in formulas["Sheet1"][2][:4]] == ["=1+1", '="a&b"', "=1/0", "=TRUE()"]
    assert [cell.value for cell in values["Sheet1"][2][:4]] == [2, "a&b", "#DIV/0!", True]
    with survey(data, "a.xlsx") as before, survey(copy, "a.xlsx") as after:
        assert list(after.rows(after.tables[0]))[1] == list(before.rows(before.tables[0]))[1]


def test_a_new_workbook_keeps_the_results_of_formulas_and_every_table(in_place_is_impossible: None) -> None:
    workbook = load_workbook(BytesIO(with_formulas()), data_only=True)
    workbook.create_sheet("Other").append(["keep", 1.25])
    workbook.create_sheet("Away").append(["hidden"])
    workbook["Away"].sheet_state = "hidden"
    workbook["Sheet1"].column_dimensions["B"].hidden = True
    workbook["Sheet1"].row_dimensions[3].hidden = True

    copy = load_workbook(BytesIO(marked(saved(workbook), "a.xlsx", [(3, 1, "Why five?")])))

    assert copy.sheetnames == ["Sheet1", "Other", "Away"]
    assert [cell.value for cell in copy["Sheet1"][2]][:4] == [2, "a&b", "#DIV/0!", True]
    assert [cell.value for cell in copy["Other"][1]] == ["keep", 1.25]
    assert copy["Away"].sheet_state == "hidden"
    assert copy["Sheet1"].column_dimensions["B"].hidden
    assert [copy["Sheet1"].row_dimensions[row].hidden for row in (2, 3)] == [False, True]


def test_a_comment_of_the_user_comes_back_when_the_fault_is_gone() -> None:
    workbook = load_workbook(BytesIO(xlsx(ROWS)))
    workbook["Sheet1"]["C3"].comment = Comment("Ask Jo", "Kim")

    once = marked(saved(workbook), "a.xlsx")
    then = load_workbook(BytesIO(marked(once, "a.xlsx", [])))["Sheet1"]

    assert load_workbook(BytesIO(once))["Sheet1"]["C3"].comment.text == "Unit not known.\n———\nAsk Jo"
    assert then["C3"].comment.text == "Ask Jo"
    assert [then.cell(row, 6).value for row in range(1, 5)] == [REASONS, None, None, None]
    assert then["F3"].fill.fill_type is None


def test_faults_stand_where_the_rows_are_though_rows_are_blank_or_far_down() -> None:
    workbook = Workbook()
    sheet: Any = workbook.active
    sheet.title = "Sheet1"
    sheet["B5"], sheet["C5"], sheet["B9"] = "Name", "Price", "x"

    def copy(name: str, data: bytes) -> Any:
        copied = annotate(data, name, table="Sheet1", heading_row=5, faults=[(7, 3, "Blank."), (9, 3, "No price.")])
        return load_workbook(BytesIO(copied))["Sheet1"]

    lines = b"\n\n\n\n,Name,Price\n\n\n\n,x,\n"
    for worksheet in (copy("a.xlsx", saved(workbook)), copy("Sheet1.csv", lines)):
        found = {cell.coordinate: cell.value for row in worksheet.iter_rows() for cell in row if cell.value}
        assert found == {
            "B5": "Name",
            "C5": "Price",
            "D5": REASONS,
            "D7": "Blank.",
            "B9": "x",
            "D9": "No price.",
        }
        assert (worksheet["C7"].comment.text, worksheet["C9"].comment.text) == ("Blank.", "No price.")


def test_control_characters_and_formulas_in_remarks_do_no_harm() -> None:
    remark = "=1+1 \x0b <b> & “quoted”"

    for name, data in (("a.xlsx", xlsx(ROWS)), ("Sheet1.csv", csv_of(ROWS))):
        copy = marked(data, name, [(2, 2, remark)])
        with zipfile.ZipFile(BytesIO(copy)) as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
        assert str(load_workbook(BytesIO(copy))["Sheet1"]["F2"].value).startswith("=1+1 ")


@pytest.mark.parametrize("notes", [["a\x0bb", "=1+1", "a", "plain"], ["a\x0bb", "literally _x0041_", "a", "plain"]])
def test_what_xml_cannot_carry_is_still_there_in_the_copy(notes: list[str]) -> None:
    data = export(Free, [{"note": note} for note in notes])

    copy = annotate(data, "a.xlsx", table="Free", heading_row=1, faults=[(5, 1, "Too plain.")])

    found = CalamineWorkbook.from_filelike(BytesIO(copy)).get_sheet_by_name("Free").to_python()
    assert [row[0] for row in found[1:]] == notes
    with zipfile.ZipFile(BytesIO(copy)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


class Free(Sheet):
    title = "Free"
    note = Column(("Note", "备注"), text(100))


def test_a_formula_without_a_result_stays_wrong_in_a_new_workbook(in_place_is_impossible: None) -> None:
    data = xlsx([HEADINGS, ("A", "=B9", "kg", 1, "CNY")])

    before = reading_of(data)
    after = reading_of(annotate_reading(data, "a.xlsx", before))

    assert [fault.code for fault in before.faults] == ["formula-without-value"]
    assert [fault.code for fault in after.faults] == ["error-value"]


def test_a_workbook_with_macros_comes_back_without_them_and_says_so() -> None:
    with zipfile.ZipFile(BytesIO(xlsx(ROWS))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    types = parts["[Content_Types].xml"].replace(plain, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    data = zipped(parts | {"[Content_Types].xml": types, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})

    copy = marked(data, "a.xlsm")

    with zipfile.ZipFile(BytesIO(copy)) as archive:
        assert "xl/vbaProject.bin" not in archive.namelist()
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")
    worksheet = load_workbook(BytesIO(copy))["Sheet1"]
    assert worksheet["F1"].comment.text == "This copy holds no macros. 此副本不含宏。"
    assert worksheet["C3"].comment.text == "Unit not known."


def test_the_copy_is_an_xlsx_whatever_was_sent() -> None:
    names = ["a.csv", "C:\\mine\\b.xlsm", "dir/价格.xls", ".csv"]

    assert [annotated_name(name) for name in names] == ["a.xlsx", "b.xlsx", "价格.xlsx", ".csv.xlsx"]
    assert marked(csv_of(ROWS), "Sheet1.csv").startswith(b"PK\x03\x04")

"""What the writer does at the edges of the format, and that it holds no more than a piece of a workbook."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from b2b.sheets.exporting import export, export_to
from b2b.sheets.offers import offered
from b2b.sheets.parsers import decimal, percent, text, whole_number
from b2b.sheets.reading import best_table, read
from b2b.sheets.sheet import Column, Sheet
from b2b.sheets.template import template
from b2b.sheets.workbook import open as open_workbook
from b2b.sheets.xlsx import Book, Shape, TextTooLong, fragment
from b2b.sheets.xlsx import worksheet as worksheets
from tests.b2b.workbooks import Parts


class Free(Sheet):
    title = "Free"
    note = Column(("Note", "备注"), text(100_000))


def notes(data: bytes) -> list[str]:
    return [row["note"] for row in read(Free, best_table(Free, open_workbook(data, "a.xlsx"))).rows]


def test_rows_beyond_a_sheet_go_on_on_the_next_under_the_same_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worksheets, "MOST_ROWS", 3)

    data = export(Free, [{"note": f"n{number}"} for number in range(5)])

    workbook = load_workbook(BytesIO(data))
    heading = "Note\n备注 *"
    assert {sheet.title: [row[0].value for row in sheet.rows] for sheet in workbook} == {
        "Free": [heading, "n0", "n1"],
        "Free (2)": [heading, "n2", "n3"],
        "Free (3)": [heading, "n4"],
    }
    assert [sheet.auto_filter.ref for sheet in workbook] == ["A1:A3", "A1:A3", "A1:A2"]
    assert all(sheet.freeze_panes == "A2" for sheet in workbook)


def test_a_text_no_cell_can_hold_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    target = tmp_path / "a.xlsx"

    with pytest.raises(TextTooLong, match=r"“xxxx.*32768 characters.*32767"):
        export_to(target, Free, [{"note": "short"}, {"note": "x" * 32_768}])

    assert list(tmp_path.iterdir()) == []
    assert notes(export(Free, [{"note": "x" * 32_767}])) == ["x" * 32_767]


def test_letters_beyond_the_basic_plane_count_twice_as_excel_counts_them() -> None:
    with pytest.raises(TextTooLong, match="has 32768 characters"):
        export(Free, [{"note": "🔩" * 16_384}])


@pytest.mark.parametrize(
    ("written", "read_back"),
    [
        ("a\x0bb\x00c", "a\x0bb\x00c"),
        ("literally _x0041_ and _x000D_", "literally _x0041_ and _x000D_"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("<&>\"' 螺栓 🔩", "<&>\"' 螺栓 🔩"),
        ("#%s {0} \\", "#%s {0} \\"),
    ],
)
def test_no_character_is_lost_or_changed(written: str, read_back: str) -> None:
    data = export(Free, [{"note": written}])

    (rows,) = [CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()]
    assert rows[1] == [read_back]


@pytest.mark.parametrize(
    "odd",
    ["=1+1", "+1", "-1", "@a", " a", "a ", "a|", "|=a", "a & b", "<a", "a>", "_x0041_", "a\nb", "a\tb", "x" * 32_767],
)
def test_a_text_that_needs_care_gets_it_among_plain_ones(odd: str) -> None:
    plain = [f"Hexagon bolt 螺栓 M8×{number}" for number in range(120)]
    texts = [*plain[:70], odd, *plain[70:]]

    data = export(Free, [{"note": text} for text in texts])

    read_back = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read_back[1:]] == texts
    sheet = load_workbook(BytesIO(data)).worksheets[0]
    assert [row[0].data_type for row in sheet.iter_rows(min_row=2)] == ["s"] * 121
    assert [row[0].quotePrefix for row in sheet.iter_rows(min_row=2)] == [text[0] in "=+-@" for text in texts]


def test_spaces_at_the_ends_stay() -> None:
    target = BytesIO()
    with Book(target) as book:
        book.sheet("A", Shape()).row([fragment("  a b  "), fragment("\n")])

    assert [cell.value for cell in load_workbook(target).worksheets[0][1]] == ["  a b  ", "\n"]


class Numbers(Sheet):
    title = "Numbers"
    quantity = Column(("Quantity", "数量"), decimal(6, 20), required=False)
    rate = Column(("Rate", "比率"), percent(), required=False)
    count = Column(("Count", "个数"), whole_number(), required=False)


def test_a_whole_number_is_not_shown_with_a_bare_decimal_point() -> None:
    rows = [
        {"quantity": Decimal("100.000000"), "rate": Decimal(13), "count": 7},
        {"quantity": Decimal("0.5"), "rate": Decimal("12.5"), "count": 0},
    ]

    sheet = load_workbook(BytesIO(export(Numbers, rows))).worksheets[0]

    assert [cell.number_format for cell in sheet[2]] == ["#,##0", "0%", "#,##0"]
    assert [cell.number_format for cell in sheet[3]] == ["#,##0.######", "0.######%", "#,##0"]
    assert [cell.value for cell in sheet[2]] == [100, 0.13, 7]


def test_the_same_rows_make_the_same_file() -> None:
    rows = [{"note": f"n{number}"} for number in range(100)]

    assert export(Free, rows) == export(Free, rows)


class Pipe(RawIOBase):
    """Takes bytes and can neither tell where it is nor go back."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)


def test_bytes_leave_while_rows_still_come() -> None:
    pipe = Pipe()
    seen: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(20_000):
            if number % 5_000 == 0:
                seen.append(sum(map(len, pipe.pieces)))
            yield {"note": f"note {number * 7919 % 20_011}"}

    assert export_to(pipe, Free, rows()) == 20_000  # type: ignore[arg-type]

    assert seen == sorted(set(seen))
    assert seen[0] < 100
    assert notes(b"".join(pipe.pieces))[-1] == "note 5027"


def test_a_column_whose_values_are_no_keys_is_written_all_the_same() -> None:
    from suppliers.sheets.attributes import AttributeValues  # noqa: PLC0415 — the only such parser

    class Described(Sheet):
        title = "Described"
        name = Column(("Name", "名称"), text(20))
        attributes = Column(("Attributes", "属性"), AttributeValues(), required=False)

    rows: list[dict[str, Any]] = [
        {"name": "a", "attributes": None},
        {"name": "b", "attributes": {"thread": "M8"}},
        {"name": "c", "attributes": {"thread": "M8"}},
    ]

    reading = read(Described, best_table(Described, open_workbook(export(Described, rows), "a.xlsx")))

    assert [dict(row) for row in reading.rows] == rows


@pytest.mark.parametrize(("language", "written"), [("en", ["piece", "kilogram"]), ("zh-hans", ["件", "千克"])])
def test_units_are_written_as_the_drop_down_offers_them(language: str, written: list[str]) -> None:
    with override(language):
        unit = Parts.columns["unit"]

        assert [unit.parse.write(code) for code in ("H87", "KGM")] == written
        assert set(written) <= set(offered(unit))


def test_drop_downs_offer_what_there_is_at_the_moment() -> None:
    data = template(Parts, "en", choices={"origin": ["CN", "DE, EU"], "kind": []})

    workbook = load_workbook(BytesIO(data))
    rules = {str(rule.sqref): rule.formula1 for rule in workbook.worksheets[0].data_validations.dataValidation}
    assert rules.keys() == {"C2:C10000", "E2:E10000", "K2:K10000", "L2:L10000"}
    assert rules["L2:L10000"] == "'_hanse_choices'!$L$1:$L$2"
    assert [workbook["_hanse_choices"].cell(row, 12).value for row in (1, 2)] == ["CN", "DE, EU"]
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None


def test_every_unit_a_template_offers_is_read_as_that_unit() -> None:
    for language in ("en", "zh-hans"):
        rules = load_workbook(BytesIO(template(Parts, language))).worksheets[0].data_validations.dataValidation
        options = next(rule.formula1 for rule in rules if str(rule.sqref).startswith("C2")).strip('"').split(",")
        codes = [Parts.columns["unit"].parse(name) for name in options]
        assert codes[:4] == ["H87", "SET", "PR", "KGM"]
        assert len(set(codes)) == len(codes)


def test_sheets_of_one_name_are_told_apart() -> None:
    target = BytesIO()
    with Book(target) as book:
        for name in ("a/b", "A B", "", "x" * 40, "x" * 31, "'quoted' & <marked>"):
            book.sheet(name, Shape(frozen_rows=1, filtered=True)).row([fragment("1")])

    names = load_workbook(target).sheetnames
    assert names == ["a b", "A B (2)", "Sheet", "x" * 31, "x" * 27 + " (2)", "quoted  & <marked>"]

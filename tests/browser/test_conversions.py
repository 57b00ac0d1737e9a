"""What was read otherwise than written is listed, and the rows of each kind are a key away."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.catalogue import HEADINGS, bearings

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = (
    (*HEADINGS[:5], "Lead time in days"),
    ("6204", "Ball bearing 6204", "bearings", "pcs", "1.200,5", 7),
    ("6205", "Ball bearing 6205", "bearings", "pcs", "3.450,5", 7),
    ("6206", "Ball bearing 6206", "bearings", "H87", "12", "n/a"),
    ("6207", "Ball bearing 6207", "bearings", "fathomms", "12", 7),
    ("6208", "Ball bearing 6208", "bearings", "H87", "12", 7),
    ("6208", "Ball bearing 6208", "bearings", "H87", "12", 9),
)


def bring(page: Page, folder: Path, button: str, drop: str) -> None:
    file = folder / "catalogue.tsv"
    file.write_text("\n".join("\t".join(map(str, row)) for row in ROWS))
    page.get_by_role("button", name=button).click()
    page.get_by_label(drop).set_input_files(file)


def test_conversions_are_listed_by_kind_and_their_rows_shown(opened, worker, tmp_path: Path, findings):
    page = opened("/catalogue", bearings(), "sales")
    bring(page, tmp_path, "Bring a table", "Drop a file here, or choose one")
    page.get_by_role("button", name="Conversions 3").click()

    kinds = page.get_by_role("grid", name="Conversions")
    expect(kinds.get_by_role("gridcell", name="pcs")).to_be_visible()
    told = [row.inner_text().split("\n") for row in kinds.get_by_role("row").all()[1:]]
    assert sorted(told) == [
        ["Lead time in days", "Read as empty", "n/a", "blank", "1", "Show the rows"],
        ["Minimum order", "Number", "1.200,5", "1200.5", "2", "Show the rows"],
        ["Unit", "Known word", "pcs", "piece", "2", "Show the rows"],
    ]
    assert findings() == []

    page.get_by_label("Kind", exact=True).click()
    page.get_by_title("Number", exact=True).click()
    expect(kinds).to_have_attribute("aria-rowcount", "2")
    kinds.focus()
    page.keyboard.press("Enter")
    rows = page.get_by_role("grid", name="Rows of the table")
    expect(rows).to_have_attribute("aria-rowcount", "3")
    expect(page.get_by_text("Minimum order: “1.200,5” read as 1200.5").first).to_be_visible()
    expect(rows.get_by_role("row").nth(2)).to_contain_text("6205")
    assert findings() == []
    page.get_by_role("button", name="Show the other rows too").click()
    expect(rows).to_have_attribute("aria-rowcount", "7")


@pytest.mark.parametrize("language", ["zh-CN"])
def test_a_colleague_reads_conversions_and_faults_in_chinese(opened, worker, tmp_path: Path, findings):
    supplier = bearings()
    page = opened("/catalogue", supplier, "sales")
    bring(page, tmp_path, "上传表格", "将文件拖到此处，或点击选择")
    page.get_by_role("button", name="转换 3").click()

    kinds = page.get_by_role("grid", name="转换")
    expect(kinds.get_by_role("row").filter(has_text="最小起订量")).to_contain_text("数字")
    expect(kinds.get_by_role("row").filter(has_text="n/a")).to_contain_text("视为空白")
    assert findings() == []


def test_a_refusal_says_what_is_wrong_and_keeps_its_place_in_the_request_for_who_asks(opened, worker, tmp_path: Path):
    page = opened("/catalogue", bearings(), "sales")
    bring(page, tmp_path, "Bring a table", "Drop a file here, or choose one")
    page.get_by_role("button", name="Apply").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Apply").click()

    refusal = dialog.get_by_role("alert")
    expect(refusal.get_by_role("listitem").first).to_have_text(
        "3 rows have faults. Mend them and send the file again, or apply only the rows without faults."
    )
    expect(refusal.get_by_text("#/only_valid")).to_be_hidden()
    refusal.get_by_text("Where in the request").click()
    expect(refusal.get_by_text("#/only_valid")).to_be_visible()


def test_what_shared_the_mended_rows_key_is_shown_anew_at_once(opened, worker, tmp_path: Path):
    page = opened("/catalogue", bearings(), "sales")
    bring(page, tmp_path, "Bring a table", "Drop a file here, or choose one")
    page.get_by_role("button", name="Faulty 3").click()
    grid = page.get_by_role("grid", name="Rows of the table")
    twin = grid.get_by_role("row").nth(2)
    expect(twin).to_contain_text("Faulty")

    grid.get_by_role("gridcell", name="6208", exact=True).nth(1).dblclick()
    editor = page.get_by_role("textbox", name="Item number, row 7")
    editor.fill("6209")
    editor.press("Enter")

    expect(grid.get_by_role("row").nth(3)).to_contain_text("New")
    expect(twin).to_contain_text("New")
    page.wait_for_load_state("networkidle")
    expect(grid).to_have_attribute("aria-rowcount", "4")
    page.get_by_role("button", name="Refresh the list").click()
    expect(grid).to_have_attribute("aria-rowcount", "2")

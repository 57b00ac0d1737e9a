"""Bringing a table without a file, without a mouse, and in Chinese; and a review of any length."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from b2b.uploads.models import Upload
from tests.browser.catalogue import HEADINGS, ROWS, bearings, workbook

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 100_000
_ROWS = """
    INSERT INTO uploads_uploadrow (upload_id, number, key, outcome, cells, remark, bumps)
    SELECT %s, number, 'SKU-' || number, 'unchanged',
           jsonb_build_array('SKU-' || number, 'Bearing ' || number, 'bearings', 'H87', 10, 7), '', 0
    FROM generate_series(101, 100 + %s) AS number
"""


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        text,
    )


def test_a_range_copied_in_a_spreadsheet_is_shown_before_it_is_sent(opened, worker):
    page = opened("/catalogue", bearings(), "sales")
    page.get_by_role("button", name="Bring a table").click()
    expect(page.get_by_text("Drop a file here, or choose one")).to_be_visible()
    headings = [*HEADINGS[:5], "Lead time in days"]
    paste(page, "\n".join("\t".join(map(str, row)) for row in [headings, *ROWS[:2]]))
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Pasted: 3 rows, 6 columns")).to_be_visible()
    expect(dialog.get_by_role("cell", name="Ball bearing 6205, sealed")).to_be_visible()
    assert not Upload.objects.exists()
    dialog.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name=re.compile(r"^Changed\s+1$"))).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN"])
def test_a_reader_of_chinese_meets_no_english(opened, worker, tmp_path: Path, findings):
    page = opened("/catalogue", bearings(), "sales")
    expect(page.get_by_role("heading", name="产品目录")).to_be_visible()
    page.get_by_role("button", name="上传表格").click()
    page.get_by_label("将文件拖到此处，或点击选择").set_input_files(workbook(tmp_path, ROWS, "目录.xlsx"))
    page.get_by_role("button", name="是", exact=True).click()
    assert findings() == []
    page.get_by_role("button", name="确认列").click()
    expect(page.get_by_role("button", name=re.compile(r"^有错误\s+2$"))).to_be_visible()
    page.get_by_role("gridcell", name="twelve").click()
    expect(page.get_by_role("complementary")).to_contain_text("最小起订量")
    shown = page.locator("main").inner_text()
    said = ["Catalogue of bearings", "Ball bearing 6205", "Person", *(str(cell) for row in ROWS for cell in row[:5])]
    data = "|".join(re.escape(text) for text in sorted(said, key=len, reverse=True))
    assert re.findall(r"[A-Za-z]{4,}", re.sub(f"{data}|xlsx", "", shown)) == []
    assert findings() == []


def test_a_review_is_worked_through_by_keyboard_alone(opened, worker, tmp_path: Path):
    sound = [(*HEADINGS[:5], "Lead time in days")]
    page = opened("/uploads", bearings(), "sales")
    file = tmp_path / "catalogue.tsv"
    file.write_text("\n".join("\t".join(map(str, row)) for row in [*sound, *ROWS[:3]]))
    page.get_by_role("button", name="Bring a table").focus()
    page.keyboard.press("Enter")
    page.get_by_label("What is in the table").focus()
    page.keyboard.type("Catal")
    page.keyboard.press("Enter")
    page.get_by_label("Drop a file here, or choose one").set_input_files(file)
    grid = page.get_by_role("grid", name="Rows of the table")
    expect(grid).to_be_visible()

    grid.focus()
    page.keyboard.press("Control+Home")
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowLeft"):
        page.keyboard.press(key)
    expect(page.get_by_role("complementary")).to_contain_text("Row 4")
    page.keyboard.press("F2")
    page.keyboard.type("13")
    page.keyboard.press("Escape")
    expect(page.get_by_role("gridcell", name="twelve")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name=re.compile(r"^Changed\s+2$"))).to_be_visible()
    expect(grid).to_be_focused()

    page.get_by_role("button", name="Apply").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Apply").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 new · 2 changed")).to_be_visible()


def test_a_hundred_thousand_rows_scroll_to_their_end(opened, worker):
    page = opened("/catalogue", bearings(), "sales")
    page.get_by_role("button", name="Bring a table").click()
    expect(page.get_by_text("Drop a file here, or choose one")).to_be_visible()
    headings = [*HEADINGS[:5], "Lead time in days"]
    paste(page, "\n".join("\t".join(map(str, row)) for row in [headings, *ROWS[:2]]))
    page.get_by_role("dialog").get_by_role("button", name="Send").click()
    expect(page.get_by_role("grid")).to_be_visible()
    upload = Upload.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [upload.pk, MANY])
    Upload.objects.filter(pk=upload.pk).update(counts={"changed": 1, "unchanged": MANY + 1})
    page.reload()

    grid = page.get_by_role("grid", name="Rows of the table")
    expect(grid).to_have_attribute("aria-rowcount", str(MANY + 3))
    grid.focus()
    page.keyboard.press("Control+End")
    last = page.get_by_role("row").filter(has=page.get_by_role("gridcell", name=f"SKU-{MANY + 100}", exact=True))
    expect(last).to_be_visible()
    assert page.get_by_role("row").count() < 80
    page.keyboard.press("Control+Home")
    expect(page.get_by_role("gridcell", name="6204", exact=True)).to_be_visible()
    page.get_by_role("searchbox").fill("Bearing 54321")
    page.keyboard.press("Enter")
    expect(page.get_by_role("gridcell", name="SKU-54321", exact=True)).to_be_visible()
    expect(grid).to_have_attribute("aria-rowcount", "2")

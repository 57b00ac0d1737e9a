"""A seller's afternoon with a catalogue, as it is seen on the screen."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from suppliers.models import Product
from tests.browser.catalogue import OLD, ROWS, bearings, workbook

pytestmark = pytest.mark.django_db(transaction=True)


def bring(page: Page, file: Path) -> None:
    page.get_by_role("button", name="Bring a table").click()
    page.get_by_label("Drop a file here, or choose one").set_input_files(file)


def chip(page: Page, name: str, rows: int):
    return page.get_by_role("button", name=re.compile(rf"^{name}\s+{rows}$"))


def confirm_lead_time(page: Page) -> None:
    question = page.get_by_role("listitem").filter(
        has_text="Is “Delivery (d)” (column F) the column “Lead time in days”?"
    )
    question.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Confirm the columns").click()


def test_a_catalogue_is_reviewed_mended_applied_and_undone(opened, worker, tmp_path: Path):
    supplier = bearings()
    page = opened("/catalogue", supplier, "sales")
    bring(page, workbook(tmp_path, ROWS))
    confirm_lead_time(page)

    for name, rows in (("Faulty", 2), ("New", 1), ("Changed", 1), ("Unchanged", 1), ("Left out", 1), ("Missing", 1)):
        expect(chip(page, name, rows)).to_be_visible()
    chip(page, "Changed", 1).click()
    changed = page.get_by_role("row").filter(has_text="6205")
    expect(changed.get_by_role("gridcell").nth(3)).to_have_text("Ball bearing 6205 → Ball bearing 6205, sealed")

    chip(page, "Missing", 1).click()
    expect(page.get_by_role("grid", name="Missing").get_by_role("row").nth(1)).to_contain_text("6299")

    chip(page, "Faulty", 2).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="The file with its faults marked").click()
    download.value.save_as(tmp_path / "annotated.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "annotated.xlsx").worksheets[0]
    assert [cell.coordinate for row in marked.iter_rows() for cell in row if cell.comment] == ["E5", "D7"]

    page.get_by_role("gridcell", name="twelve").dblclick()
    editor = page.get_by_role("textbox", name="Minimum order, row 5")
    editor.fill("12")
    editor.press("Enter")
    expect(page.get_by_role("row").filter(has_text="6206").get_by_role("gridcell").nth(1)).to_contain_text("Changed")
    expect(chip(page, "Faulty", 1)).to_be_visible()

    page.get_by_role("button", name="Apply").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog.get_by_role("alert")).to_contain_text("1 rows have faults")
    assert not Product.objects.filter(sku="6207").exists()
    dialog.get_by_role("checkbox", name="Leave out the rows with faults: 1").check()
    dialog.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 new · 2 changed · 1 faulty, left out")).to_be_visible()

    page.get_by_role("link", name="See the result").click()
    expect(page.get_by_role("row").filter(has_text="6207")).to_contain_text("Ball bearing 6207")
    page.get_by_role("link", name="6205").click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("Ball bearing 6205, sealed")
    drawer.get_by_role("tab", name="Changes").click()
    expect(drawer).to_contain_text("catalogue.xlsx")
    drawer.get_by_role("link", name="catalogue.xlsx").click()

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone", exact=True)).to_be_visible()
    assert list(supplier.products.order_by("sku").values_list("sku", "name")) == [
        ("6204", "Ball bearing 6204"), ("6205", "Ball bearing 6205"), ("6206", "Ball bearing 6206"), ("6299", "Old bearing"),
    ]  # fmt: skip


def test_the_next_file_with_the_same_headings_is_not_asked_about_and_says_it_is_in_force_already(
    opened, worker, tmp_path
):
    page = opened("/uploads", bearings(), "sales")
    sound = workbook(tmp_path, [*ROWS[:2], OLD], "first.xlsx")
    for place in range(2):
        page.get_by_role("link", name="Uploads", exact=True).first.click()
        page.get_by_role("button", name="Bring a table").click()
        page.get_by_label("What is in the table").click()
        page.get_by_title("Catalogue", exact=True).click()
        page.get_by_label("Drop a file here, or choose one").set_input_files(sound)
        if place == 0:
            confirm_lead_time(page)
            page.get_by_role("button", name="Apply").click()
            page.get_by_role("dialog").get_by_role("button", name="Apply").click()
            expect(page.get_by_role("button", name="Undo")).to_be_visible()
    expect(chip(page, "Unchanged", 3)).to_be_visible()
    expect(page.get_by_text("The same file is in force already:")).to_be_visible()
    expect(page.get_by_text("The table changes nothing")).to_be_visible()
    expect(page.get_by_role("button", name="Apply")).to_be_disabled()
    page.get_by_role("button", name="Columns …").click()
    expect(page.get_by_text("Remembered", exact=True).first).to_be_visible()


def test_a_mended_file_goes_on_with_the_same_review(opened, worker, tmp_path: Path):
    page = opened("/catalogue", bearings(), "sales")
    bring(page, workbook(tmp_path, ROWS))
    confirm_lead_time(page)
    expect(chip(page, "Faulty", 2)).to_be_visible()
    address = page.url
    mended = [*ROWS[:2], (*ROWS[2][:4], 12, 7), ROWS[3], (*ROWS[4][:3], "H87", 10, 5)]
    page.get_by_role("button", name="Send a mended file").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Drop a file here, or choose one").set_input_files(workbook(tmp_path, mended, "mended.xlsx"))
    expect(page.get_by_role("heading", name="mended.xlsx")).to_be_visible()
    expect(chip(page, "New", 2)).to_be_visible()
    assert page.url == address
    expect(page.get_by_role("button", name=re.compile("^Faulty"))).to_have_count(0)


def test_a_refused_file_says_why_and_another_may_take_its_place(opened, worker, tmp_path: Path):
    page = opened("/catalogue", bearings(), "sales")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 half a download")
    bring(page, broken)
    expect(page.get_by_role("alert")).to_contain_text("The spreadsheet cannot be read.")
    expect(page.get_by_role("button", name="Send a mended file")).to_be_enabled()


def test_who_may_not_keep_the_catalogue_is_not_offered_to(opened):
    supplier = bearings()
    page = opened("/catalogue", supplier, "finance")
    expect(page.get_by_role("heading", name="Catalogue")).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("button", name="Bring a table")).to_have_count(0)

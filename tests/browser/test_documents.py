"""Tables that go into a document: from its own page, and from the page of all uploads."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from procurement.models import RequestForQuotation
from tests.factories.procurement import Trade, rfq_of, trade

pytestmark = pytest.mark.django_db(transaction=True)

LINES = "Line\tItem\tQuantity\tUnit\n1\tHex bolt M8x40\t2000\tC62\n2\tHex nut M8\t2500\tC62\n"


@pytest.fixture
def side(transactional_db: None) -> Trade:
    return trade()


@pytest.fixture
def rfq(side: Trade) -> RequestForQuotation:
    return rfq_of(side, title="Fasteners for 2027")


def drop(page: Page, folder: Path, label: str) -> None:
    file = folder / "lines.tsv"
    file.write_text(LINES)
    page.get_by_label(label).set_input_files(file)


def test_lines_are_brought_from_the_rfqs_own_page_and_shown_there(opened, worker, rfq, tmp_path: Path, findings):
    page = opened(f"/rfqs/{rfq.pk}", rfq.buyer, "buyer")
    expect(page.get_by_role("button", name="Export")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Empty template").click()
    assert download.value.suggested_filename == "rfq_lines-template.xlsx"
    page.get_by_role("button", name="Bring a table").click()
    drop(page, tmp_path, "Drop a file here, or choose one")

    expect(page.get_by_role("link", name=f"{rfq.number} · Fasteners for 2027")).to_be_visible()
    assert findings() == []
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()
    page.get_by_role("link", name=f"See the result in {rfq.number} · Fasteners for 2027").click()

    expect(page.get_by_role("heading", name=f"{rfq.number} · Fasteners for 2027")).to_be_visible()
    expect(page.get_by_text("Hex nut M8")).to_be_visible()
    assert findings() == []


def test_from_the_uploads_page_one_finds_the_document_by_its_title(opened, worker, side, rfq, tmp_path: Path, findings):
    rfq_of(side, title="Bearings")
    page = opened("/uploads", rfq.buyer, "buyer")
    page.get_by_role("button", name="Bring a table").click()
    page.get_by_label("What is in the table").click()
    page.get_by_title("RFQ lines", exact=True).click()
    expect(page.get_by_text("Say first which document the rows go into.")).to_be_visible()

    picker = page.get_by_label("Goes into")
    picker.focus()
    page.keyboard.type("fasten")
    expect(page.get_by_title("Fasteners for 2027")).to_be_visible()
    page.keyboard.press("Enter")
    assert findings() == []
    drop(page, tmp_path, "Drop a file here, or choose one")
    expect(page.get_by_role("link", name=f"{rfq.number} · Fasteners for 2027")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN"])
def test_the_document_is_chosen_in_chinese_too(opened, rfq, findings):
    page = opened("/uploads", rfq.buyer, "buyer")
    page.get_by_role("button", name="上传表格").click()
    page.get_by_label("表格内容").click()
    page.get_by_title("询价单行", exact=True).click()
    page.get_by_label("写入单据").click()
    expect(page.get_by_title("Fasteners for 2027")).to_be_visible()
    assert findings() == []


def test_who_may_not_change_an_rfq_is_offered_no_table_for_it(opened, rfq):
    page = opened(f"/rfqs/{rfq.pk}", rfq.buyer, "finance")

    expect(page.get_by_role("heading", name="Fasteners for 2027")).to_be_visible()
    expect(page.get_by_role("tab", name="Lines")).to_be_visible()
    expect(page.get_by_role("button", name="Bring a table")).to_have_count(0)
    expect(page.get_by_role("button", name="Export")).to_have_count(0)


@pytest.mark.parametrize("language", ["zh-CN"])
def test_an_rfq_says_its_terms_and_units_in_words(opened, rfq, findings):
    RequestForQuotation.objects.filter(pk=rfq.pk).update(payment_terms="net_30")
    rfq.lines.update(unit="KGM")
    page = opened(f"/rfqs/{rfq.pk}", rfq.buyer, "buyer")

    expect(page.get_by_text("净 30 天")).to_be_visible()
    expect(page.get_by_text("千克").first).to_be_visible()
    expect(page.get_by_text("KGM")).to_have_count(0)
    assert findings() == []

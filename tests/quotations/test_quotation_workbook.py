"""The RFQ's own workbook: taken, filled in, sent back."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from quotations.models import QuotationVersion
from tests.factories.quotations import good_until, tender
from tests.quotations.browsing import browser, etag, started, url_of

pytestmark = pytest.mark.django_db


def taken(client, quotation):
    return load_workbook(BytesIO(client.get(f"{url_of(quotation)}workbook/").content))


def sent_back(client, quotation, book, **fields):
    file = BytesIO()
    book.save(file)
    upload = SimpleUploadedFile("answer.xlsx", file.getvalue())
    return client.post(f"{url_of(quotation)}workbook/", {"file": upload, **fields}, format="multipart")


def test_a_workbook_filled_in_becomes_the_offer():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    book = taken(client, quotation)
    sheet = book.worksheets[0]
    sheet["E2"], sheet["G2"], sheet["H2"] = 12.5, 14, "From stock"
    sheet["F3"] = "yes"

    response = sent_back(client, quotation, book, valid_until=str(good_until()))

    assert response.status_code == 200, response.content
    quotation.refresh_from_db()
    first, second = (quotation.offer().lines[number] for number in (1, 2))
    assert (str(first.unit_price), first.lead_time_days, first.note, second.no_bid) == ("12.5", 14, "From stock", True)
    assert quotation.offer().valid_until == good_until()


def test_only_price_cells_are_open():
    side = tender(1)

    sheet = taken(browser(side.bidders[0], "sales"), started(side)).worksheets[0]

    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[2]] == [True] * 4 + [False] * 6


def test_a_stale_workbook_is_refused():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    book = taken(client, quotation)
    client.patch(url_of(quotation), {"lines": [{"line": 1, "unit_price": "10"}]}, headers=etag(quotation))

    response = sent_back(client, quotation, book)

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (409, "workbook-stale")
    assert QuotationVersion.objects.count() == 1


def test_another_suppliers_workbook_is_refused():
    side = tender(2)
    book = taken(browser(side.bidders[1], "sales"), started(side, 1))

    response = sent_back(browser(side.bidders[0], "sales"), started(side, 0), book)

    assert response.json()["type"].rpartition("/")[2] == "workbook-strange"
    assert not QuotationVersion.objects.exists()


def test_a_home_made_workbook_is_refused():
    side = tender(1)
    book = Workbook()
    book.active.append(["Line", "Unit price"])
    book.active.append([1, 5])

    response = sent_back(browser(side.bidders[0], "sales"), started(side), book)

    assert response.json()["type"].rpartition("/")[2] == "workbook-strange"


def test_every_fault_of_a_workbook_is_named_by_its_cell():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    book = taken(client, quotation)
    sheet = book.worksheets[0]
    sheet["E2"], sheet["G2"] = "cheap", -3
    sheet["C3"], sheet["E3"] = 7, 1
    sheet["A4"], sheet["E4"] = 99, 1

    response = sent_back(client, quotation, book)

    assert response.status_code == 422
    assert [(fault["pointer"].rpartition("!")[2], fault["code"]) for fault in response.json()["errors"]] == [
        ("E2", "not-a-number"),
        ("G2", "out-of-range"),
        ("C3", "asked-differently"),
        ("A4", "no-such-line"),
    ]
    assert not QuotationVersion.objects.exists()


def test_what_is_no_workbook_is_refused():
    side = tender(1)
    upload = SimpleUploadedFile("answer.xlsx", b"MZ" + b"\x00" * 100)

    response = browser(side.bidders[0], "sales").post(
        f"{url_of(started(side))}workbook/", {"file": upload}, format="multipart"
    )

    assert response.status_code == 422
    assert not QuotationVersion.objects.exists()

"""The RFQ's own workbook: taken, filled in, sent back."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from openpyxl import Workbook, load_workbook

from b2b.uploads.models import Upload
from quotations.models import QuotationVersion
from tests.factories.quotations import good_until, tender
from tests.quotations.browsing import browser, etag, started, url_of

pytestmark = pytest.mark.django_db


def taken(client, quotation):
    return load_workbook(BytesIO(b"".join(client.get(f"{url_of(quotation)}workbook/").streaming_content)))


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


def test_the_workbook_goes_the_way_of_every_table_and_stays_sealed(do_jobs):
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    book = taken(client, quotation)
    book.worksheets[0]["E2"] = "12.345678"

    assert sent_back(client, quotation, book).status_code == 200

    upload = Upload.objects.get()
    assert (upload.format, upload.state, upload.target_id) == ("quotation", "applied", quotation.pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(kept)::text FROM (SELECT * FROM uploads_uploadrow) kept")
        assert not [row for (row,) in cursor.fetchall() if "12.345678" in row]
    assert not Upload.objects.visible_to(side.clerk).exists()

    upload.undo(actor=side.seller())
    do_jobs()

    quotation.refresh_from_db()
    assert quotation.offer().lines == {}


def test_a_day_that_has_passed_keeps_the_prices_out_as_well():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")
    book = taken(client, quotation)
    book.worksheets[0]["E2"] = 5

    response = sent_back(client, quotation, book, valid_until="2020-01-01")

    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "#/valid_until")
    assert not QuotationVersion.objects.exists()
    assert not Upload.objects.exists()


def test_a_workbook_sent_back_as_it_was_changes_nothing():
    side = tender(1)
    quotation, client = started(side), browser(side.bidders[0], "sales")

    response = sent_back(client, quotation, taken(client, quotation))

    assert response.status_code == 200, response.content
    assert not QuotationVersion.objects.exists()
    assert not Upload.objects.exists()

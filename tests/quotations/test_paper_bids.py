"""Bids that came on paper."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from b2b.models import JournalEntry
from b2b.uploads.models import Upload
from quotations.comparison import comparison
from quotations.models import QuotationLine
from tests.factories.b2b import SupplierFactory
from tests.factories.procurement import asked
from tests.factories.quotations import bid, open_all, opened_tender, tender
from tests.factories.suppliers import IdentifierFactory
from tests.quotations.browsing import browser

pytestmark = pytest.mark.django_db

HEADING = ["Line", "Quantity", "Bidder", "Unit price", "No bid", "Amount"]


def sent(side, *rows, content=None, client=None):
    file = SimpleUploadedFile("paper.xlsx", content or sheet(*rows))
    return (client or browser(side.rfq.buyer, "buyer")).post(url_of(side), {"file": file}, format="multipart")


def url_of(side):
    return f"/api/v1/comparisons/{side.rfq.pk}/tabulation/"


def exported(side, language="en"):
    response = browser(side.rfq.buyer, "buyer").get(url_of(side), headers={"Accept-Language": language})
    return b"".join(response.streaming_content)


def faults(response):
    return [(fault["pointer"].rpartition("!")[2], fault["code"]) for fault in response.json()["errors"]]


def sheet(*rows):
    book = Workbook()
    book.active.append(HEADING)
    for row in rows:
        book.active.append(list(row))
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def half_on_paper():
    """Two invited; the first answered in the product."""
    side = tender(2)
    bid(side, 0, {1: 10, 2: 20})
    open_all(side)
    return side


def test_paper_bids_join_the_comparison():
    side = half_on_paper()
    walk_in = SupplierFactory(name="Walk-in GmbH")
    name = side.bidders[1].name

    response = sent(
        side,
        (1, 100, name, 9, None, 900),
        (2, None, name, 20, None, None),
        (1, 100, "WALK-IN GMBH", 1, None, None),
        (2, 100, "Walk-in GmbH", None, "yes", None),
    )

    assert response.status_code == 200, response.content

    ranks = {bidder.supplier: (bidder.rank, bidder.compared_total) for bidder in comparison(side.rfq).bidders}
    assert ranks == {side.bidders[0].name: (2, 3000), name: (1, 2900), walk_in.name: (None, 100)}
    entry = JournalEntry.objects.filter(document_type="quotations.quotation", step="create").last()
    assert (entry.after, entry.inputs) == ("opened", {"recorded_from": "paper.xlsx", "on_paper": True})


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        ((9, None, "Known", 1, None, None), "A2", "no-such-line"),
        ((1, 7, "Known", 1, None, None), "B2", "asked-differently"),
        ((1, None, "Nobody Ltd", 1, None, None), "C2", "unknown-supplier"),
        ((1, None, "Known", None, None, None), "D2", "price-or-no-bid"),
        ((1, None, "Known", -1, None, None), "D2", "out-of-range"),
        ((1, None, "Known", "ten", None, None), "D2", "not-a-number"),
        ((1, None, "Known", 1, None, 99), "F2", "amount-differs"),
    ],
)
def test_every_fault_is_named_by_its_cell_and_nothing_is_recorded(row, cell, code):
    side = half_on_paper()
    SupplierFactory(name="Known")
    lines = QuotationLine.objects.count()

    response = sent(side, row)

    assert (response.status_code, faults(response)) == (422, [(cell, code)])
    assert QuotationLine.objects.count() == lines
    assert not Upload.objects.exists()


def test_who_answered_in_the_product_has_no_second_bid_on_paper():
    side = half_on_paper()

    response = sent(side, (1, None, side.bidders[0].name, 1, None, None))

    assert (response.status_code, faults(response)) == (422, [("C2", "already-quoting")])


def test_nothing_is_recorded_before_the_opening_or_by_others():
    side = tender(1)
    row = (1, None, side.bidders[0].name, 1, None, None)

    early = sent(side, row)
    stranger = sent(side, row, client=browser(side.bidders[0], "sales", "buyer"))
    requester = sent(side, row, client=browser(side.rfq.buyer, "requester"))

    assert (early.status_code, faults(early)) == (409, [("#/rfq", "rfq-in-another-state")])
    assert (stranger.status_code, requester.status_code) == (404, 403)
    assert not QuotationLine.objects.exists()
    assert not Upload.objects.exists()


def test_bids_from_paper_are_found_and_undone_like_any_upload(do_jobs):
    side = half_on_paper()
    sent(side, (1, None, side.bidders[1].name, 9, None, None))
    upload = Upload.objects.get()

    upload.undo(actor=side.clerk)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.format, upload.state, upload.filename) == ("bid_tabulation", "undone", "paper.xlsx")
    assert {one.supplier for one in comparison(side.rfq).bidders} == {side.bidders[0].name}


def test_the_same_bids_again_change_nothing():
    side = half_on_paper()
    row = (1, None, side.bidders[1].name, 9, None, None)
    sent(side, row)

    again = sent(side, row)

    assert again.status_code == 200, again.content
    assert Upload.objects.count() == 1


def test_what_is_exported_reads_back_the_same():
    side = opened_tender({1: "10.5", 2: None}, {1: 9, 2: 3}, lines=[replace(line, item="=Bolt") for line in asked(2)])
    again = half_on_paper()
    content = exported(side, "zh-hans")
    assert [cell.value for cell in load_workbook(BytesIO(content)).worksheets[0][2]][2] == "=Bolt"

    response = sent(again, content=content)

    assert response.status_code == 200, response.content
    recorded = again.rfq.quotations.filter(supplier__in=side.bidders)
    assert sorted((one.supplier_id, one.total) for one in recorded) == sorted(
        (side.quotation(place).supplier_id, side.quotation(place).total) for place in range(2)
    )


def test_bidders_of_one_name_are_told_apart_by_their_registration_numbers():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 3}, lines=asked(2))
    for bidder, number in zip(side.bidders, ("111111111", "222222222"), strict=True):
        bidder.name = "Twin Ltd"
        bidder.save()
        IdentifierFactory(profile__supplier=bidder, value=number)
    again = half_on_paper()

    response = sent(again, content=exported(side))

    assert response.status_code == 200, response.content
    recorded = again.rfq.quotations.filter(supplier__in=side.bidders)
    assert {one.supplier_id: one.total for one in recorded} == {
        side.bidders[0].pk: side.quotation(0).total,
        side.bidders[1].pk: side.quotation(1).total,
    }

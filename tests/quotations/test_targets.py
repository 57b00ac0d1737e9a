"""A quotation has no title of its own: for its workbook it is found by what the RFQ is called."""

from __future__ import annotations

import pytest

from tests.factories.quotations import tender
from tests.quotations.browsing import browser, started

pytestmark = pytest.mark.django_db

TARGETS = "/api/v1/upload-formats/quotation/targets/"


def test_a_draft_quotation_is_found_by_its_rfq_and_only_by_its_supplier():
    side = tender(title="Fasteners for 2027")
    quotation = started(side)
    seller, rival = (browser(bidder, "sales") for bidder in side.bidders)

    found = seller.get(TARGETS, {"text": "2027"}).json()["results"]

    assert [(one["id"], one["title"]) for one in found] == [(str(quotation.pk), "Fasteners for 2027")]
    assert seller.get(TARGETS, {"text": "bearings"}).json()["results"] == []
    assert rival.get(TARGETS).json()["results"] == []
    assert browser(side.buyer, "buyer").get(TARGETS).json()["results"] == []

"""Bids that came on paper."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from b2b.errors import Blocked, NotAllowed
from b2b.models import JournalEntry
from b2b.sheets.faults import Faulty
from quotations.comparison import comparison
from quotations.models import QuotationLine
from quotations.paper import record_paper_bids
from quotations.sheets.bid_tabulation import tabulation_workbook
from tests.factories.b2b import SupplierFactory
from tests.factories.procurement import asked
from tests.factories.quotations import bid, open_all, opened_tender, tender

pytestmark = pytest.mark.django_db

HEADING = ["Line", "Quantity", "Bidder", "Unit price", "No bid", "Amount"]


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

    record_paper_bids(
        side.rfq,
        sheet(
            (1, 100, name, 9, None, 900),
            (2, None, name, 20, None, None),
            (1, 100, "WALK-IN GMBH", 1, None, None),
            (2, 100, "Walk-in GmbH", None, "yes", None),
        ),
        "paper.xlsx",
        actor=side.clerk,
    )

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

    with pytest.raises(Faulty) as refusal:
        record_paper_bids(side.rfq, sheet(row), "paper.xlsx", actor=side.clerk)

    assert [(fault.cell, fault.code) for fault in refusal.value.faults] == [(cell, code)]
    assert QuotationLine.objects.count() == lines


def test_who_answered_in_the_product_has_no_second_bid_on_paper():
    side = half_on_paper()

    with pytest.raises(Faulty) as refusal:
        record_paper_bids(
            side.rfq, sheet((1, None, side.bidders[0].name, 1, None, None)), "paper.xlsx", actor=side.clerk
        )

    assert [fault.code for fault in refusal.value.faults] == ["already-quoting"]


def test_nothing_is_recorded_before_the_opening_or_by_others():
    side = tender(1)
    data = sheet((1, None, side.bidders[0].name, 1, None, None))

    with pytest.raises(Blocked):
        record_paper_bids(side.rfq, data, "paper.xlsx", actor=side.clerk)
    with pytest.raises(NotAllowed):
        record_paper_bids(side.rfq, data, "paper.xlsx", actor=side.seller())

    assert not QuotationLine.objects.exists()


def test_what_is_exported_reads_back_the_same():
    side = opened_tender({1: "10.5", 2: None}, {1: 9, 2: 3}, lines=[replace(line, item="=Bolt") for line in asked(2)])
    again = half_on_paper()
    rows = load_workbook(BytesIO(tabulation_workbook(comparison(side.rfq), language="en"))).worksheets[0]
    assert [cell.value for cell in rows[2]][2] == "=Bolt"

    recorded = record_paper_bids(
        again.rfq, tabulation_workbook(comparison(side.rfq), language="zh-hans"), "x.xlsx", actor=again.clerk
    )

    assert sorted((one.supplier_id, one.total) for one in recorded) == sorted(
        (side.quotation(place).supplier_id, side.quotation(place).total) for place in range(2)
    )

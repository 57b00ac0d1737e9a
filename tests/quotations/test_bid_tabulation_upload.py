"""Bids on paper by a reviewed table: recorded, repeated without effect, struck out again."""

from __future__ import annotations

import pytest

from b2b import journal
from b2b.errors import Blocked, NotAllowed
from quotations.comparison import comparison
from quotations.models import Quotation
from tests.factories.b2b import SupplierFactory
from tests.factories.quotations import bid, open_all, proposed, tender
from tests.factories.suppliers import IdentifierFactory
from tests.procurement.sheets.bringing import Bringing, faults, outcomes

pytestmark = pytest.mark.django_db
HEAD = ("Line", "Quantity", "Bidder", "Unit price", "No bid", "Amount")


@pytest.fixture
def side():
    side = tender(2)
    bid(side, 0, {1: 10, 2: 20})
    open_all(side)
    return side


@pytest.fixture
def paper(side, do_jobs):
    return Bringing("bid_tabulation", side.clerk, do_jobs, side.rfq)


def test_paper_bids_join_the_comparison_and_leave_it_when_undone(paper, side):
    name = side.bidders[1].name
    upload = paper.applied(HEAD, (1, 100, name.upper(), 9, None, 900), (2, None, name, None, "yes", None))

    assert (upload.state, upload.problem) == ("applied", None)
    assert {one.supplier for one in comparison(side.rfq).bidders} == {one.name for one in side.bidders}
    quotation = Quotation.objects.get(supplier=side.bidders[1], state="opened")
    assert (quotation.total, set(upload.rows.filter(outcome="new").values_list("document_id", flat=True))) == (
        900, {quotation.pk},
    )  # fmt: skip

    upload = paper.undo(upload)

    assert upload.state == "undone"
    assert {one.supplier for one in comparison(side.rfq).bidders} == {side.bidders[0].name}
    quotation.refresh_from_db()
    assert quotation.state == "voided"
    assert journal.verify() == []


def test_the_same_table_again_changes_nothing(paper, side):
    rows = (HEAD, (1, 100, side.bidders[1].name, 9, None, 900), (2, None, side.bidders[1].name, None, "yes", None))
    paper.applied(*rows)

    assert outcomes(paper.rows(*rows)) == [(2, "unchanged"), (3, "unchanged")]
    assert outcomes(paper.exported()) == [(number, "unchanged") for number in range(2, 6)]


def test_what_is_wrong_stands_at_its_cell(paper, side):
    SupplierFactory(name="Known")

    upload = paper.rows(
        HEAD,
        (9, None, "Known", 1, None, None),
        (1, 7, "Known", 1, None, None),
        (2, None, "Nobody Ltd", 1, None, None),
        (1, None, side.bidders[0].name, 11, None, None),
        (2, None, side.bidders[0].name, 20, None, None),
        (2, None, "Known", 1, None, 99),
    )

    assert faults(upload) == [
        (2, "Line", "no-such-line"),
        (3, "Quantity", "asked-differently"),
        (4, "Bidder", "unknown-supplier"),
        (5, "Bidder", "already-quoting"),
        (7, "Amount", "amount-differs"),
    ]
    assert outcomes(upload)[4] == (6, "unchanged")


def test_an_award_in_the_making_keeps_paper_bids(paper, side):
    upload = paper.applied(
        HEAD, (1, 100, side.bidders[1].name, 1, None, None), (2, None, side.bidders[1].name, 1, None, None)
    )
    side.rfq.refresh_from_db()
    proposed(side)

    with pytest.raises(Blocked):
        paper.undo(upload)

    assert Quotation.objects.get(supplier=side.bidders[1], opened_at__isnull=False).state == "opened"


def test_nobody_records_before_the_opening_and_no_supplier_at_all(side, do_jobs):
    early = tender(1)
    row = (1, 100, early.bidders[0].name, 9, None, 900)

    with pytest.raises(Blocked):
        Bringing("bid_tabulation", early.clerk, do_jobs, early.rfq).rows(HEAD, row)
    with pytest.raises(NotAllowed):
        Bringing("bid_tabulation", side.seller(), do_jobs, side.rfq).rows(HEAD, row)


def test_of_namesakes_the_one_that_was_asked_has_bid(paper, side):
    asked = side.bidders[1]
    SupplierFactory(name=asked.name.upper())
    SupplierFactory(name="Twin Ltd")
    SupplierFactory(name="TWIN Ltd.")

    upload = paper.rows(HEAD, (1, None, asked.name.upper(), 9, None, None), (2, None, "twin ltd", 9, None, None))

    assert faults(upload) == [(3, "Bidder", "supplier-ambiguous")]
    assert upload.rows.get(number=2).outcome == "new"


def test_two_bidders_of_one_name_are_told_apart_by_their_numbers_and_not_taken_for_one(paper, side):
    twins = [IdentifierFactory(profile__supplier=SupplierFactory(name="Twin Ltd"), value=f"{one}" * 9) for one in "12"]
    head = ("Line", "Bidder", "Registration number", "Unit price")

    upload = paper.applied(head, (1, "Twin Ltd", "111-111-111", 9), (1, "TWIN Ltd.", "222222222", 8))

    assert (upload.state, upload.problem) == ("applied", None)
    priced = {
        one.supplier_id: one.lines.get().unit_price for one in Quotation.objects.filter(state="opened", total__lt=1000)
    }
    assert priced == {twins[0].profile.supplier_id: 9, twins[1].profile.supplier_id: 8}
    assert outcomes(paper.exported()) == [(number, "unchanged") for number in range(2, 6)]


def test_a_number_that_is_not_the_bidders_is_a_fault_of_its_cell(paper, side):
    IdentifierFactory(profile__supplier=SupplierFactory(name="Twin Ltd"), value="111111111")
    head = ("Line", "Bidder", "Registration number", "Unit price")

    upload = paper.rows(head, (1, side.bidders[1].name, "111111111", 9), (1, "Nobody", "111111111", 9))

    assert faults(upload) == [(2, "Registration number", "unknown-number"), (3, "Bidder", "unknown-supplier")]


def test_two_suppliers_written_apart_are_two_bidders(paper, side):
    for name in ("Twin Ltd", "TWIN Ltd."):
        SupplierFactory(name=name)

    upload = paper.applied(HEAD, (1, None, "Twin Ltd", 9, None, None), (1, None, "TWIN Ltd.", 8, None, None))

    assert (upload.state, upload.counts) == ("applied", {"new": 2})


def test_the_engineers_estimate_is_nobodys_bid(paper, side):
    upload = paper.rows(
        (*HEAD, "Vend Rank"), (1, None, "Eng Est", 9, None, None, 0), (1, None, side.bidders[1].name, 9, None, None, 1)
    )

    assert upload.counts == {"left_out": 1, "new": 1}
    assert upload.rows.get(number=2).remark == "The engineer's estimate is nobody's bid."


def test_lines_may_be_named_by_their_item_numbers_where_these_are_theirs_alone(paper, side):
    first, second = side.rfq.lines.order_by("number")
    type(first).objects.filter(pk=first.pk).update(code="1-001")
    name = side.bidders[1].name
    rows = (HEAD, ("1-001", 100, name, 9, None, 900), (2, None, name, None, "yes", None))

    upload = paper.rows(*rows)

    assert outcomes(upload) == [(2, "new"), (3, "new")]
    assert [(one["heading"], one["shown"], one["taken"]) for one in upload.rows.get(number=2).conversions] == [
        ("Line", "1-001", "line 1")
    ]
    type(first).objects.filter(pk=second.pk).update(code="1-001")
    twice = paper.rows(HEAD, ("1-001", 100, name, 9, None, 900), ("2-001", None, name, None, "yes", None))
    assert [(row.faults[0]["detail"], row.faults[0]["suggestions"]) for row in twice.rows.order_by("number")] == [
        ("2 lines of the RFQ have the item number 1-001. Write the line's number.", ["1", "2"]),
        ("The RFQ has no line with the item number 2-001.", []),
    ]

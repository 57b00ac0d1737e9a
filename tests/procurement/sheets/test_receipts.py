"""Deliveries in a table: posted as receipts by the rules of receiving, and reversed again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b import journal
from b2b.errors import Blocked, NotAllowed
from procurement.models import GoodsReceipt
from tests.factories.procurement import acknowledged_order, issued_order, matched_invoice, receive, tomorrow
from tests.procurement.sheets.bringing import changes, faults, outcomes

pytestmark = pytest.mark.django_db
HEAD = ("PO number", "Line", "Qty received", "Rejected", "Reason", "Date", "Delivery note", "Note")


@pytest.fixture
def order(side):
    return acknowledged_order(side)


@pytest.fixture
def receipts(bringing, side):
    return bringing("receipts", side.receiver)


@pytest.fixture
def today():
    return tomorrow(0).isoformat()


def test_the_rows_of_one_delivery_note_become_one_receipt(receipts, order, today, side):
    upload = receipts.applied(
        HEAD,
        (order.number, 1, 60, 10, "Damaged", today, "LS-1", "two boxes"),
        (order.number, 2, 100, None, None, today, "LS-1", None),
        (order.number, 1, 50, None, None, today, "LS-2", None),
    )

    assert (upload.state, upload.problem) == ("applied", None)
    first, second = GoodsReceipt.objects.order_by("delivery_note")
    told = first.lines.order_by("order_line__number").values_list(
        "order_line__number", "quantity", "rejected", "reason", "note"
    )
    assert list(told) == [(1, 60, 10, "damaged", "two boxes"), (2, 100, 0, "", "")]
    assert (first.delivery_note, second.delivery_note, second.lines.count()) == ("LS-1", "LS-2", 1)
    assert first.created_by_id == side.receiver.user_id
    order.refresh_from_db()
    assert order.state == "received"
    assert list(order.lines.order_by("number").values_list("received", "rejected")) == [(100, 10), (100, 0)]
    assert journal.verify() == []


def test_the_review_posts_nothing(receipts, order, today):
    upload = receipts.rows(HEAD, (order.number, 1, 60, None, None, today, "LS-1", None))

    assert outcomes(upload) == [(2, "new")]
    assert not GoodsReceipt.objects.exists()
    assert order.lines.get(number=1).received == 0


def test_deliveries_of_one_table_share_the_tolerance(receipts, order, today):
    upload = receipts.rows(
        HEAD,
        (order.number, 1, 60, None, None, today, "LS-1", None),
        (order.number, 1, 50, None, None, today, "LS-2", None),
        (order.number, 2, 10, None, None, today, "LS-2", None),
    )

    assert outcomes(upload) == [(2, "new"), (3, "faulty"), (4, "faulty")]
    assert faults(upload) == [(3, "Quantity that came", "over-tolerance"), (4, "Order", "delivery-faulty")]


def test_without_delivery_notes_the_rows_of_one_day_are_one_receipt(receipts, order, side):
    yesterday, today = tomorrow(-1).isoformat(), tomorrow(0).isoformat()

    receipts.applied(
        HEAD,
        (order.number, 1, 10, None, None, yesterday, None, None),
        (order.number, 2, 10, None, None, yesterday, None, None),
        (order.number, 1, 10, None, None, today, None, None),
    )

    assert sorted(receipt.lines.count() for receipt in GoodsReceipt.objects.all()) == [1, 2]


def test_every_fault_stands_at_its_cell(receipts, order, today, side):
    draft = issued_order(side)
    upload = receipts.rows(
        (*HEAD, "Unit"),
        ("PO-NOBODY", 1, 1, None, None, today, "A", None, None),
        (order.number, 9, 1, None, None, today, "B", None, None),
        (order.number, 1, 1, None, None, today, "C", None, "kg"),
        (order.number, 1, 1, 2, "Damaged", today, "D", None, None),
        (order.number, 1, 2, 1, None, today, "E", None, None),
        (order.number, 1, 1, None, None, tomorrow(5).isoformat(), "F", None, None),
        (draft.number, 1, 1, None, None, today, "G", None, None),
    )

    assert faults(upload) == [
        (2, "Order", "unknown-order"),
        (3, "Line", "unknown-line"),
        (4, "Unit", "unit-differs"),
        (5, "Of it refused", "rejected-more-than-came"),
        (6, "Reason of the refusal", "required"),
        (7, "Received on", "date-ahead"),
        (8, "Order", "wrong-state"),
    ]


def test_a_delivery_that_is_posted_is_not_posted_again(receipts, order, today):
    row = (order.number, 1, 60, None, None, today, "LS-1", None)
    receipts.applied(HEAD, row)

    again = receipts.rows(HEAD, row, (order.number, 2, 5, None, None, today, "LS-1", None))

    assert outcomes(again) == [(2, "unchanged"), (3, "faulty")]
    assert faults(again) == [(3, "Delivery note", "receipt-posted")]


def test_undoing_reverses_the_receipts(receipts, order, today):
    upload = receipts.applied(
        HEAD,
        (order.number, 1, 60, None, None, today, "LS-1", None),
        (order.number, 2, 100, None, None, today, "LS-2", None),
    )

    upload = receipts.undo(upload)

    order.refresh_from_db()
    assert (upload.state, upload.problem, order.state) == ("undone", None, "acknowledged")
    assert list(order.lines.order_by("number").values_list("received", flat=True)) == [0, 0]
    assert set(GoodsReceipt.objects.values_list("state", flat=True)) == {"reversed"}
    assert journal.verify() == []


def test_what_is_invoiced_is_not_taken_back(receipts, order, today, side):
    upload = receipts.applied(
        HEAD,
        (order.number, 1, 100, None, None, today, "LS-1", None),
        (order.number, 2, 100, None, None, today, "LS-1", None),
    )
    order.refresh_from_db()
    assert matched_invoice(side, order).state == "matched"

    with pytest.raises(Blocked) as refused:
        receipts.undo(upload)

    assert {fault.code for fault in refused.value.faults} == {"already-invoiced"}
    assert GoodsReceipt.objects.get().state == "posted"


def test_what_came_meanwhile_is_noticed(receipts, order, today, side):
    upload = receipts.rows(HEAD, (order.number, 1, 60, None, None, today, "LS-1", None))
    receive(side, order, 90)

    upload = receipts.apply(upload)

    assert upload.state == "reviewed"
    assert [fault["code"] for fault in upload.problem["faults"]] == ["over-tolerance"]
    assert GoodsReceipt.objects.count() == 1


def test_only_receivers_bring_deliveries(bringing, side, order, today):
    with pytest.raises(NotAllowed):
        bringing("receipts", side.clerk).rows(HEAD, (order.number, 1, 60, None, None, today, "LS-1", None))


def test_an_order_of_another_buyer_is_unknown(bringing, side, order, today):
    upload = bringing("receipts", side.stranger).rows(HEAD, (order.number, 1, 60, None, None, today, "LS-1", None))

    assert faults(upload) == [(2, "Order", "unknown-order")]


def test_what_is_exported_comes_back_unchanged(receipts, order, side, today):
    receive(side, order, 10)
    receive(side, order, 5)
    receive(side, order, Decimal("2.5"), rejected=Decimal("0.5"), reason="quality", note="=dusty")
    receipts.applied(HEAD, (order.number, 1, 1, None, None, today, "LS;1", "a\nb"))

    upload = receipts.exported()

    assert changes(upload) == {}
    assert upload.counts == {"unchanged": 7}


def test_a_zero_says_that_nothing_was_refused(receipts, order, today):
    upload = receipts.rows(HEAD, (order.number, 1, 60, "0.00", None, today, "LS-1", None))

    assert (outcomes(upload), faults(upload)) == ([(2, "new")], [])

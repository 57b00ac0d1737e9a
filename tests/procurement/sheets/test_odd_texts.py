"""Dashes where a document wants words, and names that several suppliers share."""

from __future__ import annotations

import pytest

from b2b.errors import Invalid
from procurement import receiving
from procurement.models import GoodsReceipt
from tests.factories.b2b import SupplierFactory
from tests.factories.procurement import acknowledged_order, arrivals, asked, order_of, ordered, rfq_of, tomorrow
from tests.procurement.sheets.bringing import outcomes

pytestmark = pytest.mark.django_db


def test_a_dash_is_no_item(side, codes):
    with pytest.raises(Invalid) as refusal:
        rfq_of(side, lines=asked(1, item="-"))

    assert codes(refusal) == ["required"]


def test_lines_that_say_a_dash_keep_it_when_others_change(bringing, side):
    rfq = rfq_of(side, lines=asked(2, code="-", section="n/a"))
    lines = bringing("rfq_lines", side.clerk, rfq)
    head = ("Line", "Item code", "Item", "Section", "Quantity", "Unit")

    upload = lines.applied(head, (1, "-", "Hex bolt M8x40", "n/a", 100, "C62"), (2, "-", "Nut", "-", 100, "C62"))

    assert outcomes(upload) == [(2, "unchanged"), (3, "changed")]
    told = rfq.lines.order_by("number").values_list("code", "item", "section")
    assert list(told) == [("-", "Hex bolt M8x40", "n/a"), ("-", "Nut", "")]


def test_an_order_keeps_its_dashes(bringing, side):
    order = order_of(side, lines=ordered(2, variance_reason="-"), place="-", title="n/a")

    assert outcomes(bringing("purchase_orders", side.clerk).exported()) == [(2, "unchanged"), (3, "unchanged")]
    order.refresh_from_db()
    assert (order.place, order.title) == ("-", "n/a")


def test_an_order_that_is_there_knows_its_supplier_among_namesakes(bringing, side):
    order_of(side)
    SupplierFactory(name=side.supplier.name.upper())

    assert outcomes(bringing("purchase_orders", side.clerk).exported()) == [(2, "unchanged"), (3, "unchanged")]


def test_a_dash_is_no_delivery_note(bringing, side):
    order = acknowledged_order(side)
    receiving.post(
        order, received_on=tomorrow(0), lines=arrivals(order, 50, note="-"), delivery_note="-", actor=side.receiver
    )

    assert GoodsReceipt.objects.get().delivery_note == ""
    assert outcomes(bringing("receipts", side.receiver).exported()) == [(2, "unchanged"), (3, "unchanged")]

"""Which documents a table may go into, as pages ask before they offer to bring one."""

from __future__ import annotations

import pytest

from procurement.models import GoodsReceipt, RequestForQuotation
from tests.factories.procurement import Trade, acknowledged_order, published_rfq, rfq_of, tomorrow, trade

pytestmark = pytest.mark.django_db

FORMATS = "/api/v1/upload-formats/"


@pytest.fixture
def side() -> Trade:
    return trade()


@pytest.fixture
def rfq(side: Trade) -> RequestForQuotation:
    return rfq_of(side, title="Fasteners for 2027")


def test_formats_are_told_by_the_document_they_go_into_and_whether_one_may_bring_them_now(client_of, side, rfq):
    client = client_of(side.buyer, "buyer")

    draft = client.get(FORMATS, {"target": str(rfq.pk)}).json()["results"]
    rfq.publish(actor=side.clerk)
    published = client.get(FORMATS, {"target": str(rfq.pk)}).json()["results"]

    assert {one["code"]: one["open"] for one in draft} == {"rfq_lines": True, "bid_tabulation": False}
    assert {one["code"]: one["open"] for one in published} == {"rfq_lines": False, "bid_tabulation": False}
    assert client.get(FORMATS, {"target": "this one"}).status_code == 422


def test_who_brings_no_such_table_is_told_of_none(client_of, side, rfq):
    for client in (client_of(side.supplier, "sales"), client_of(side.buyer, "finance")):
        assert client.get(FORMATS, {"target": str(rfq.pk)}).json()["results"] == []
        assert client.get(f"{FORMATS}rfq_lines/targets/").json()["results"] == []


def test_documents_that_take_a_table_now_are_found_by_number_and_title(client_of, side, rfq):
    bearings = rfq_of(side, title="Bearings")
    published_rfq(side, title="Fasteners of yesterday")
    client = client_of(side.buyer, "buyer")

    def found(text: str) -> list[str]:
        results = client.get(f"{FORMATS}rfq_lines/targets/", {"text": text}).json()["results"]
        return [one["title"] for one in results]

    assert found("") == ["Bearings", "Fasteners for 2027"]
    assert found("fasten") == ["Fasteners for 2027"]
    assert found(bearings.number) == ["Bearings"]
    assert client_of(trade().buyer, "buyer").get(f"{FORMATS}rfq_lines/targets/").json()["results"] == []


def test_an_upload_names_the_document_its_rows_go_into(client_of, side, rfq):
    client = client_of(side.buyer, "buyer")
    sent = {"text": "Item\tQuantity\tUnit\nBolt\t5\tpcs\n", "format": "rfq_lines", "target": str(rfq.pk)}

    said = client.post("/api/v1/uploads/", sent, format="json").json()

    assert said["target"] == {
        "type": "procurement.requestforquotation", "id": str(rfq.pk), "number": rfq.number,
        "title": "Fasteners for 2027",
    }  # fmt: skip


def test_an_upload_names_the_documents_its_rows_became_while_they_are_in_force(client_of, bringing, side, do_jobs):
    order = acknowledged_order(side)
    head = ("PO number", "Line", "Qty received", "Date", "Delivery note")
    day = tomorrow(0).isoformat()
    upload = bringing("receipts", side.receiver).applied(
        head, (order.number, 1, 60, day, "LS-1"), (order.number, 2, 5, day, "LS-1"), (order.number, 1, 9, day, "LS-2")
    )
    client = client_of(side.buyer, "receiver")

    said = client.get(f"/api/v1/uploads/{upload.pk}/").json()["documents"]
    upload.undo(actor=side.receiver)
    do_jobs()

    posted = GoodsReceipt.objects.order_by("pk").values_list("number", flat=True)
    assert [(one["type"], one["number"]) for one in said] == [("procurement.goodsreceipt", number) for number in posted]
    assert len(said) == 2
    assert client.get(f"/api/v1/uploads/{upload.pk}/").json()["documents"] == []

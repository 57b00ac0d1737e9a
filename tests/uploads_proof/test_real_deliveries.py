"""One table of deliveries is first the orders, with the days they were promised for, and then what came."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.db.models import F, Sum
from django.db.models.functions import Now

from b2b.models import Organisation
from b2b.uploads.models import Upload
from procurement.models import GoodsReceipt, PurchaseOrder, PurchaseOrderLine
from tests.b2b.shared_data import shared_data
from tests.uploads_proof.sending import Sending, conversions, fault_codes

pytestmark = pytest.mark.django_db

ROWS = int(os.environ.get("DELIVERIES", "400"))
"""All of them by hand, which takes half a minute: ``DELIVERIES=3019``."""
FIGURES = {400: (322, 1978789), 3019: (2028, 28030769)}
"""Of the first so many rows: deliveries, which are order and delivery note, and units."""
SCMS = "delivery/scms_before_2010.csv"
ORDERED = {"order": 4, "number": 1, "supplier": 18, "item": 19, "quantity": 25, "unit_price": 27, "requested_on": 13}
CAME = {"order": 4, "number": 1, "delivery_note": 5, "item": 19, "quantity": 25, "received_on": 14}


@pytest.fixture
def ordered(sending: Callable[..., Sending], do_jobs: Callable[[], int]) -> Callable[..., tuple[Sending, Upload]]:
    """Bring a file as orders, and let the suppliers have acknowledged them; who is to receive them."""

    def bring(content: bytes, name: str, columns: Mapping[str, int], **layout: object) -> tuple[Sending, Upload]:
        orders = sending("purchase_orders")
        upload = orders.confirm(orders.file(content, name), columns, table=name.partition(".")[0], **layout)
        upload.apply(actor=orders.actor)
        do_jobs()
        PurchaseOrder.objects.update(state="acknowledged", number=F("buyer_reference"), issued_at=Now())
        return sending("receipts", actor=orders.actor), upload

    return bring


def suppliers(names: set[str]) -> None:
    Organisation.objects.bulk_create(
        Organisation(name=" ".join(name.split()), is_supplier=True, country="US", currency="USD") for name in names
    )


def day(text: str) -> date:
    return datetime.strptime(text, "%d-%b-%y").date()  # noqa: DTZ007 — a day, no instant


def test_what_was_scheduled_is_ordered_and_all_that_was_delivered_can_be_received(
    ordered: Callable[..., tuple[Sending, Upload]],
) -> None:
    content = b"".join(shared_data(SCMS).read_bytes().splitlines(keepends=True)[: ROWS + 1])
    kept = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
    suppliers({row["Vendor"] for row in kept})
    constants = {"unit": "C62", "currency": "USD"}

    receipts, orders = ordered(content, "scms_before_2010.csv", ORDERED, header_rows=[1], constants=constants)
    came = receipts.confirm(
        receipts.file(content, "scms_before_2010.csv"), CAME, table="scms_before_2010", header_rows=[1]
    )

    assert (orders.counts, came.state, came.counts) == ({"new": ROWS}, "reviewed", {"new": ROWS})
    assert (fault_codes(came), conversions(came)) == ({}, {"Received on": ROWS})
    rows = list(came.rows.order_by("number").values_list("document_id", "after"))
    deliveries, units = len({key for key, _after in rows}), sum(Decimal(after["quantity"]) for _key, after in rows)
    assert (deliveries, units) == FIGURES[ROWS]
    assert deliveries == len({(row["PO / SO #"], row["ASN/DN #"]) for row in kept})
    asked_for = dict(PurchaseOrderLine.objects.values_list("number", "requested_on"))
    late = sum(date.fromisoformat(after["received_on"]) > asked_for[int(after["number"])] for _key, after in rows)
    scheduled = [(day(row["Scheduled Delivery Date"]), day(row["Delivered to Client Date"])) for row in kept]
    assert late == sum(delivered > promised for promised, delivered in scheduled)
    assert not GoodsReceipt.objects.exists()


def test_what_came_is_posted_delivery_by_delivery(
    ordered: Callable[..., tuple[Sending, Upload]], do_jobs: Callable[[], int]
) -> None:
    """Of the first hundred rows."""
    lines = shared_data(SCMS).read_bytes().splitlines(keepends=True)[:101]
    content = b"".join(lines)
    kept = list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline="")))
    suppliers({row["Vendor"] for row in kept})
    constants = {"unit": "C62", "currency": "USD"}

    receipts, _orders = ordered(content, "scms.csv", ORDERED, header_rows=[1], constants=constants)
    came = receipts.confirm(receipts.file(content, "scms.csv"), CAME, table="scms", header_rows=[1])
    came.apply(actor=receipts.actor)
    do_jobs()

    came.refresh_from_db()
    assert (came.state, came.counts) == ("applied", {"new": 100})
    posted = {(one.order.buyer_reference, one.delivery_note, one.received_on) for one in GoodsReceipt.objects.all()}
    assert posted == {(row["PO / SO #"], row["ASN/DN #"], day(row["Delivered to Client Date"])) for row in kept}
    received = PurchaseOrderLine.objects.aggregate(all=Sum("received"))["all"]
    assert received == sum(Decimal(row["Line Item Quantity"]) for row in kept)
    assert Counter(PurchaseOrder.objects.values_list("state", flat=True)) == {
        "received": len({one[0] for one in posted})
    }
    again = receipts.confirm(receipts.file(content + b"\r\n", "scms.csv"), CAME, table="scms", header_rows=[1])
    assert again.counts == {"unchanged": 100}


BOUGHT = {"order": 1, "number": 2, "requested_on": 3, "quantity": 4, "item": 5, "unit_price": 6}
TAKEN_IN = {"order": 1, "number": 2, "received_on": 3, "quantity": 8, "rejected": 9}


def test_what_inspection_refused_is_told_apart(
    ordered: Callable[..., tuple[Sending, Upload]],
) -> None:
    """Of the first five hundred lines; why something was refused stands nowhere, and is said for all of them."""
    lines = shared_data("adventureworks/PurchaseOrderDetail.csv").read_bytes().splitlines(keepends=True)[:500]
    content = b"".join(lines)
    suppliers({"The vendor"})
    constants = {"unit": "C62", "currency": "USD", "supplier": "The vendor"}

    receipts, orders = ordered(content, "detail.csv", BOUGHT, header_rows=[], constants=constants)
    came = receipts.confirm(
        receipts.file(content, "detail.csv"), TAKEN_IN, table="detail", header_rows=[], constants={"reason": "Quality"}
    )

    assert orders.counts == {"new": 500}
    assert (came.state, came.counts, fault_codes(came)) == ("reviewed", {"new": 500}, {})
    assert conversions(came) == {"Received on": 500, "Of it refused": 450}
    kept = list(csv.reader(StringIO(content.decode()), delimiter="\t"))
    told = list(came.rows.values_list("after", flat=True))
    assert sum(Decimal(after["quantity"]) for after in told) == sum(Decimal(row[7]) for row in kept) == 118761
    refused = [Decimal(after["rejected"]) for after in told if after["rejected"]]
    assert (len(refused), sum(refused)) == (500, sum(Decimal(row[8]) for row in kept))

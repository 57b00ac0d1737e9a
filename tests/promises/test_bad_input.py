"""Whatever is wrong with what was sent, the answer says so in the reader's language, and nothing has changed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from b2b.clock import database_now
from b2b.models import JournalEntry, Membership
from b2b.policy import Actor
from credit.models import LedgerEntry
from procurement.models import GoodsReceipt, Invoice, PurchaseOrder, RequestForQuotation
from quotations.models import Award
from tests.clients import signed_in
from tests.factories import procurement as buying
from tests.factories import quotations as bidding

pytestmark = pytest.mark.django_db

CHINESE = re.compile(r"[\u4e00-\u9fff]")
COUNTED = (JournalEntry, RequestForQuotation, PurchaseOrder, GoodsReceipt, Invoice, Award, LedgerEntry)
API = "/api/v1"


@dataclass
class Attempt:
    """Who sends what where, and the refusal they get: its status, code, and the codes of its faults."""

    actor: Actor
    path: str
    body: Any
    status: int
    code: str
    faults: tuple[str, ...] = ()
    multipart: bool = False
    version: int | None = None


def rfq_body(**line: Any) -> dict[str, Any]:
    asked = {"item": "Hex bolt", "quantity": "10", "unit": "C62", **line}
    return {"title": "Bolts", "currency": "EUR", "lines": [asked]}


def faulty_line(fault: str, **line: Any) -> Callable[[], Attempt]:
    return lambda: Attempt(buying.trade().clerk, "/rfqs/", rfq_body(**line), 422, "invalid", (fault,))


def deadline_in_the_past() -> Attempt:
    side = buying.trade()
    rfq = buying.rfq_of(side, deadline=database_now() - timedelta(hours=1))
    return Attempt(side.clerk, f"/rfqs/{rfq.pk}/publish/", {}, 409, "blocked", ("deadline-passed",))


def second_award() -> Attempt:
    side = bidding.opened_tender({1: "2", 2: "3"}, {1: "3", 2: "4"})
    bidding.proposed(side)
    body = {"rfq": str(side.rfq.pk), "allocate": "best_total"}
    return Attempt(side.clerk, "/awards/", body, 409, "awarded-already")


def receipt_over_tolerance() -> Attempt:
    side = buying.trade()
    order = buying.acknowledged_order(side)
    lines = [{"order_line": str(line.pk), "quantity": "1000"} for line in order.lines.all()[:1]]
    body = {"order": str(order.pk), "received_on": str(database_now().date()), "lines": lines}
    return Attempt(side.receiver, "/receipts/", body, 409, "over-tolerance", ("over-tolerance",))


def order_over_credit() -> Attempt:
    side = buying.trade(limit=Decimal(10))
    order = buying.order_of(side, payment_terms="net_30")
    return Attempt(side.clerk, f"/purchase-orders/{order.pk}/submit/", {}, 409, "credit-exceeded")


def invoice_number_used() -> Attempt:
    side = buying.trade()
    order = buying.received_order(side)
    buying.invoice_of(side, order, "RE 1001")
    line = order.lines.first()
    billed = {"order_line": str(line.pk), "quantity": "1", "unit": line.unit, "unit_price": str(line.unit_price)}
    body = {"order": str(order.pk), "number": "re-1001", "invoiced_on": str(database_now().date()), "lines": [billed]}
    return Attempt(side.sales, "/invoices/", body, 409, "invoice-number-used")


def strangers_key() -> Attempt:
    side = buying.trade()
    return Attempt(side.stranger, f"/rfqs/{buying.rfq_of(side).pk}/publish/", {}, 404, "not-found")


def stale_version() -> Attempt:
    side = buying.trade()
    return Attempt(side.clerk, f"/rfqs/{buying.rfq_of(side).pk}/publish/", {}, 412, "stale-version", version=7)


def upload(name: str, content: bytes, code: str, *faults: str) -> Callable[[], Attempt]:
    def attempt() -> Attempt:
        side = buying.trade()
        rfq, file = buying.rfq_of(side), io.BytesIO(content)
        file.name = name
        path = f"/rfqs/{rfq.pk}/lines/upload/"
        return Attempt(side.clerk, path, {"file": file}, 422, code, faults, multipart=True, version=1)

    return attempt


def workbook(*rows: tuple) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (("Line", "Item", "Quantity", "Unit"), *rows):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


ATTEMPTS: dict[str, Callable[[], Attempt]] = {
    "an unknown unit": faulty_line("unknown-unit", unit="XYZ"),
    "text for a number": faulty_line("invalid", quantity="many"),
    "a negative quantity": faulty_line("not-positive", quantity="-1"),
    "a deadline in the past": deadline_in_the_past,
    "a second award": second_award,
    "a receipt over tolerance": receipt_over_tolerance,
    "an order over the credit limit": order_over_credit,
    "an invoice number used before": invoice_number_used,
    "a stranger's key": strangers_key,
    "a stale version": stale_version,
    "a file that is not what it says": upload("lines.xlsx", b"%PDF-1.7 not a workbook", "sheet-format"),
    "an unknown unit in a sheet": upload(
        "lines.xlsx", workbook((1, "Bolt", 5, "sackful")), "sheet-faults", "unknown-unit"
    ),
    "a negative quantity in a sheet": upload(
        "lines.xlsx", workbook((1, "Bolt", -5, "C62")), "sheet-faults", "out-of-range"
    ),
    "a sheet with no rows": upload("lines.xlsx", workbook(), "sheet-empty"),
}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("case", ATTEMPTS)
def test_it_is_refused_in_the_readers_language_and_nothing_changes(case: str, language: str):
    attempt = ATTEMPTS[case]()
    before = [model.objects.count() for model in COUNTED]

    said = send(attempt, language)

    problem = said.json()
    assert (said.status_code, said["Content-Type"]) == (attempt.status, "application/problem+json"), problem
    assert problem["type"] == f"/problems/{attempt.code}"
    assert tuple(fault["code"] for fault in problem.get("errors", ())) == attempt.faults
    for sentence in (problem["title"], *(fault["detail"] for fault in problem.get("errors", ()))):
        assert bool(CHINESE.search(sentence)) == (language == "zh-hans"), sentence
    assert [model.objects.count() for model in COUNTED] == before


def send(attempt: Attempt, language: str):
    membership = Membership.objects.get(user_id=attempt.actor.user_id, organisation_id=attempt.actor.organisation_id)
    client = signed_in(membership.user, membership.organisation, second_factor=True)
    headers = {"Accept-Language": language}
    if attempt.version is not None:
        headers["If-Match"] = f'"v{attempt.version}"'
    form = "multipart" if attempt.multipart else "json"
    return client.post(f"{API}{attempt.path}", attempt.body, format=form, headers=headers)

"""A purchase order of 5,000 lines, from the .xlsx somebody sends to an order ready to submit.

Ours is the whole way of an upload: kept, read in its child, reviewed against the rules, applied, journalled. The
limit reads the same file with calamine and copies the lines into a table like the one they stand in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.db import connection
from python_calamine import CalamineWorkbook

from b2b.copying import copy_rows
from b2b.jobs import work
from b2b.models import Membership, Organisation, User
from b2b.policy import Actor
from b2b.sheets.exporting import export
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring
from benchmarks.frame import Benchmark
from procurement import ordering
from procurement.models import PurchaseOrder, PurchaseOrderLine
from procurement.sheets.purchase_order_lines import PurchaseOrderLineSheet

LINES = 5_000
COPY_TABLE = "CREATE TABLE bench_order_line (LIKE procurement_purchaseorderline INCLUDING ALL)"
COLUMNS = (
    "id", "number", "item", "code", "quantity", "unit", "unit_price", "amount", "vat_category", "vat_rate",
    "requested_on", "tolerance", "variance_reason", "received", "rejected", "invoiced", "order_id",
)  # fmt: skip

file = b""
actor: Actor
sides: tuple[Organisation, Organisation]
order: PurchaseOrder


def prepare() -> None:
    global file, actor, sides  # noqa: PLW0603 — one file and one buyer for every run of the process
    file = export(PurchaseOrderLineSheet, (_line(number) for number in range(1, LINES + 1)))
    buyer = Organisation.objects.create(name="Buyer", is_buyer=True, country="DE", currency="EUR")
    supplier = Organisation.objects.create(name="Supplier", is_supplier=True, country="DE", currency="EUR")
    user = User.objects.create(email="bench@example.com")
    Membership.objects.create(user=user, organisation=buyer, roles=["buyer"])
    actor, sides = Actor(user_id=user.pk, organisation_id=buyer.pk, roles=frozenset({"buyer"})), (buyer, supplier)
    with connection.cursor() as cursor:
        cursor.execute(COPY_TABLE)


def _line(number: int) -> dict[str, object]:
    return {
        "number": number,
        "item_number": f"DIN 933-{number}",
        "item": f"Hex bolt M{number % 40} x {number % 300}, zinc plated, strength class 8.8",
        "quantity": Decimal(number % 900 + 1),
        "unit": "C62",
        "unit_price": Decimal(number % 700 + 1) / 100,
        "vat_category": "S",
        "vat_rate": Decimal(19),
        "requested_on": date(2027, 1 + number % 12, 1 + number % 28),
        "variance_reason": "as agreed by phone",
    }


def new_order() -> None:
    """The draft the lines go into, which both sides have already."""
    global order  # noqa: PLW0603
    buyer, supplier = sides
    order = ordering.draft(PurchaseOrder(buyer=buyer, supplier=supplier, currency="EUR"), (), actor=actor)


def import_it() -> None:
    upload = bring(ContentFile(file, name="order.xlsx"), format="purchase_order_lines", actor=actor, target_id=order.pk)
    work(upload.job_id)
    reviewed = Upload.objects.get(pk=upload.pk)
    reviewed.apply(actor=actor)
    work(reviewed.job_id)
    if PurchaseOrderLine.objects.filter(order=order).count() != LINES:
        raise RuntimeError(f"The order was not imported: {Upload.objects.get(pk=upload.pk).problem}")


def read_and_copy() -> None:
    (_heading, *rows) = CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
    order_id = uuid4()
    copy_rows("bench_order_line", COLUMNS, (_copied(row, order_id) for row in rows))


def _copied(row: Sequence[Any], order_id: UUID) -> tuple[object, ...]:
    number, _sku, code, item, quantity, _unit, price, _category, _rate, day, reason = row
    amount = round(quantity * price, 2)
    return (
        uuid4(), int(number), item, code, quantity, "C62", price, amount, "S", 19, day, 0, reason, 0, 0, 0, order_id,
    )  # fmt: skip


BENCHMARKS = [
    Benchmark("order_import", LINES, 5.0, import_it, read_and_copy, prepare=prepare, before_each=new_order),
]

"""What came, as a table: the rows of one delivery become one goods receipt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, receiver
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Sheet
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from procurement.models import GoodsReceipt, GoodsReceiptLine
from procurement.sheets.deliveries import ReceiptsSession, told_row

Rejection = GoodsReceiptLine.Rejection


class ReceiptsSheet(Sheet):
    """One row for each order line that came with a delivery."""

    code = "receipts"
    title = _("Goods receipts")
    about = _(
        "One row for each order line that came. The rows with the same order and delivery note become one receipt; "
        "without delivery notes, those of one order and day. What was received may exceed the order by its tolerance; "
        "what inspection refused does not count. A delivery that is posted already is not posted again. Undoing "
        "reverses the receipts, as long as nothing of them is invoiced and their orders are not closed."
    )
    key = ("order", "delivery_note", "received_on", "number")

    order = Column(
        ("Order", "订单编号"), parsers.text(max_length=60),
        ("Order number", "Order no.", "PO number", "PO no.", "Purchase order", "Order reference", "采购订单号"),
        example="PO-2026-000123", note=_("Our number of the order, or your own reference."), width=20,
    )  # fmt: skip
    number = Column(
        ("Line", "行号"), parsers.whole_number(positive=True, maximum=1_000_000),
        ("No.", "Pos.", "Line no.", "Line number", "PO line", "序号"), example="1", width=8,
        rests_on=("order", "delivery_note", "received_on"),
    )  # fmt: skip
    item = Column(("Item", "品名"), parsers.text(max_length=500), ("Description",), required=False, width=40)
    quantity = Column(
        ("Quantity that came", "到货数量"), parsers.quantity(),
        ("Quantity", "Qty", "Received", "Quantity received", "Received quantity", "Qty received", "数量", "收货数量"),
        example="1000", width=12, rests_on=("order", "number"),
    )  # fmt: skip
    unit = Column(
        ("Unit", "单位"), parsers.unit(), ("UOM", "计量单位"), required=False, width=10, rests_on=("order", "number")
    )
    rejected = Column(
        ("Of it refused", "其中拒收"), parsers.quantity(minimum=0, positive=False),
        ("Rejected", "Rejected quantity", "Qty rejected", "拒收数量"), required=False, example="20", width=12,
        rests_on=("quantity",),
    )  # fmt: skip
    reason = Column(
        ("Reason of the refusal", "拒收原因"), parsers.choice(Rejection), ("Reason", "Rejection reason"),
        required=False, example="damaged", width=20, rests_on=("rejected",),
    )  # fmt: skip
    received_on = Column(
        ("Received on", "收货日期"), parsers.day(), ("Date", "Received", "Receipt date", "Date received", "到货日期"),
        example="2026-11-20", width=14, rests_on=("order", "delivery_note"),
    )  # fmt: skip
    delivery_note = Column(
        ("Delivery note", "送货单号"), parsers.text(max_length=60), ("Delivery note no.", "Packing slip", "ASN"),
        required=False, example="LS-4711", width=18,
    )  # fmt: skip
    note = Column(("Note", "备注"), parsers.text(max_length=200), ("Remark", "Comment"), required=False, width=32)


@register
class Receipts(Format):
    sheet, by, session_class = ReceiptsSheet, receiver, ReceiptsSession
    makes: ClassVar = GoodsReceipt

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        """Every receipt that stands, the oldest first."""
        posted = GoodsReceipt.objects.filter(buyer_id=organisation_id, state="posted")
        shared = posted.order_by().values("order_id", "delivery_note").annotate(receipts=Count("pk"))
        twice = set(shared.filter(receipts__gt=1).values_list("order_id", "delivery_note"))
        lines = GoodsReceiptLine.objects.filter(receipt__in=posted).select_related("receipt__order", "order_line")
        for line in lines.order_by("receipt_id", "order_line__number").iterator(chunk_size=2_000):
            yield told_row(line, by_number=(line.receipt.order_id, line.receipt.delivery_note) in twice)

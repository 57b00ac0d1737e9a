"""The lines of an RFQ as a table: what a buyer uploads, and what a supplier reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, buyer, requester
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Row, Sheet
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from b2b.workflow.editing import require_editable
from procurement import tendering
from procurement.asked_lines import AskedLine
from procurement.models import RequestForQuotation
from procurement.schedule import Delivery, schedule_of, written
from procurement.sheets.asking import AskedLinesSession
from procurement.sheets.document_lines import numbered
from procurement.sheets.schedule import DeliverySchedule


class RFQLineSheet(Sheet):
    """One row for each thing asked for."""

    code = "rfq_lines"
    title = _("RFQ lines")
    about = _(
        "One row for each thing you ask a price for. A row changes the line that has its number; lines the table does "
        "not name stay, or go if you ask for that. A row that only holds a title names the section of the rows below."
    )

    number = Column(
        ("Line", "行号"),
        parsers.whole_number(positive=True, maximum=1_000_000),
        ("No.", "Pos.", "Line no.", "Line number", "Item no.", "序号"),
        required=False,
        example="1",
        note=_("Without numbers the rows are counted."),
        width=8,
    )
    item_number = Column(
        ("Item number", "物料编号"), parsers.text(max_length=60), ("Item code", "Item ID", "Part number", "Pay item"),
        required=False, example="DIN 933-M8x40",
    )  # fmt: skip
    item = Column(
        ("Item", "品名"), parsers.text(max_length=500), ("Description", "Item description", "规格型号", "名称"),
        example="Hex bolt M8x40, zinc plated", width=48,
    )  # fmt: skip
    section = Column(
        ("Section", "分部"), parsers.text(max_length=200), ("Lot", "Group", "标段"), required=False,
        takes_section=True,
    )  # fmt: skip
    quantity = Column(("Quantity", "数量"), parsers.quantity(), ("Qty",), example="2000", width=12)
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM", "Units", "计量单位"), example="C62", width=10)
    estimate_unit_price = Column(
        ("Estimated unit price", "估算单价"),
        parsers.unit_price(),
        ("Estimate", "Engineer's estimate", "Target price", "预算单价"),
        required=False,
        example="0.12",
        note=_("Yours alone: suppliers never see it."),
        rests_on=("quantity",),
    )
    mandatory = Column(
        ("Must be priced", "必须报价"), parsers.yes_no(), ("Mandatory",), required=False, example="yes", width=10
    )
    required_by = Column(
        ("Required by", "需求日期"), parsers.day(), ("Delivery date", "Need by", "交货日期"), required=False,
        example="2027-03-31",
    )  # fmt: skip
    deliveries = Column(
        ("Delivery schedule", "交货计划"), DeliverySchedule(), ("Schedule", "分批交货"), required=False, width=36,
        note=_("Only where the quantity is needed in parts; their sum is the quantity."), rests_on=("quantity",),
    )  # fmt: skip


def asked_lines(rows: Sequence[Row]) -> list[AskedLine]:
    return [_asked(number, row) for number, row in zip(numbered(rows), rows, strict=True)]


def _asked(number: int, row: Row) -> AskedLine:
    deliveries = schedule_of(row["deliveries"] or "")
    return AskedLine(
        number=number,
        item=row["item"],
        code=row["item_number"] or "",
        section=row["section"] or "",
        quantity=row["quantity"],
        unit=row["unit"],
        estimate_unit_price=row["estimate_unit_price"],
        mandatory=row["mandatory"] is not False,
        required_by=row["required_by"] or (deliveries[0].on if deliveries else None),
        deliveries=deliveries,
    )


def line_rows(rfq: RequestForQuotation, *, with_estimates: bool) -> Iterator[dict[str, Any]]:
    """The lines as the sheet writes them."""
    columns = (
        "number", "code", "item", "section", "quantity", "unit", "estimate_unit_price", "mandatory", "required_by",
        "deliveries",
    )  # fmt: skip
    for row in rfq.lines.order_by("number").values(*columns).iterator():
        hidden = {} if with_estimates else {"estimate_unit_price": None}
        yield {
            **row,
            "item_number": row["code"] or None,
            "section": row["section"] or None,
            "deliveries": written(map(Delivery.from_json, row["deliveries"])) or None,
            **hidden,
        }


class RFQLinesSession(AskedLinesSession):
    defaults: ClassVar = {"mandatory": True}
    filled = frozenset({"required_by"})
    kept: ClassVar = (
        "number", "item", "code", "product_id", "section", "quantity", "unit", "estimate_unit_price", "mandatory",
        "required_by", "deliveries",
    )  # fmt: skip

    def rows(self) -> Iterator[dict[str, Any]]:
        return line_rows(self.target, with_estimates=True)

    def asked(self, rows: Sequence[Row]) -> list[AskedLine]:
        return asked_lines(rows)

    def rewrite(self, lines: Sequence[AskedLine]) -> None:
        tendering.rewrite(self.target, lines)


@register
class RFQLines(Format):
    sheet, by, session_class, target = RFQLineSheet, buyer | requester, RFQLinesSession, RequestForQuotation
    can_delist: ClassVar = True

    def check_target(self, target: RequestForQuotation, actor: Actor) -> None:
        require_editable(target, actor)

    def rows(self, *, organisation_id: UUID, target: RequestForQuotation, actor: Actor) -> Iterator[Mapping[str, Any]]:
        return line_rows(target, with_estimates=organisation_id == target.buyer_id)

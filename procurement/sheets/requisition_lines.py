"""The lines of a requisition as a table: what somebody needs, how much and by when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, buyer, requester
from b2b.sheets.sheet import Row, Sheet
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from b2b.workflow.editing import require_editable
from procurement import requisitioning
from procurement.asked_lines import AskedLine
from procurement.models import Requisition
from procurement.sheets.asking import AskedLinesSession
from procurement.sheets.document_lines import numbered
from procurement.sheets.rfq_lines import RFQLineSheet


class RequisitionLineSheet(Sheet):
    """One row for each thing needed."""

    code = "requisition_lines"
    title = _("Requisition lines")
    about = _(
        "One row for each thing you need. A row changes the line that has its number; lines the table does not name "
        "stay, or go if you ask for that."
    )

    number = RFQLineSheet.number
    item_number = RFQLineSheet.item_number
    item = RFQLineSheet.item
    quantity = RFQLineSheet.quantity
    unit = RFQLineSheet.unit
    estimate_unit_price = RFQLineSheet.estimate_unit_price
    required_by = RFQLineSheet.required_by


def needed_lines(rows: Sequence[Row]) -> list[AskedLine]:
    return [
        AskedLine(
            number=number,
            item=row["item"],
            code=row["item_number"] or "",
            quantity=row["quantity"],
            unit=row["unit"],
            estimate_unit_price=row["estimate_unit_price"],
            required_by=row["required_by"],
        )
        for number, row in zip(numbered(rows), rows, strict=True)
    ]


def line_rows(requisition: Requisition) -> Iterator[dict[str, Any]]:
    """The lines as the sheet writes them."""
    columns = ("number", "code", "item", "quantity", "unit", "estimate_unit_price", "required_by")
    for row in requisition.lines.order_by("number").values(*columns).iterator():
        yield {**row, "item_number": row["code"] or None}


class RequisitionLinesSession(AskedLinesSession):
    kept: ClassVar = (
        "number", "item", "code", "product_id", "quantity", "unit", "estimate_unit_price", "required_by",
    )  # fmt: skip

    def rows(self) -> Iterator[dict[str, Any]]:
        return line_rows(self.target)

    def asked(self, rows: Sequence[Row]) -> list[AskedLine]:
        return needed_lines(rows)

    def rewrite(self, lines: Sequence[AskedLine]) -> None:
        requisitioning.rewrite(self.target, lines)


@register
class RequisitionLines(Format):
    sheet, by, session_class, target = RequisitionLineSheet, buyer | requester, RequisitionLinesSession, Requisition
    can_delist: ClassVar = True

    def check_target(self, target: Requisition, actor: Actor) -> None:
        require_editable(target, actor)

    def rows(self, *, organisation_id: UUID, target: Requisition, actor: Actor) -> Iterator[Mapping[str, Any]]:
        return line_rows(target)

"""Writing a requisition and its lines."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from b2b.clock import database_now
from b2b.errors import Invalid
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.workflow import create
from procurement.line_rules import line_faults, product_faults
from procurement.line_writing import write_lines
from procurement.models import Requisition, RequisitionLine
from procurement.tendering import AskedLine, estimate_faults, estimate_of

WRITTEN = ["item", "code", "product_id", "quantity", "unit", "estimate_unit_price", "required_by"]


def draft(requisition: Requisition, *, lines: Sequence[AskedLine], actor: Actor) -> Requisition:
    """Save a new requisition with its lines. Raises ``Invalid``."""
    with transaction.atomic():
        requisition.number = next_number("REQ", requisition.buyer_id, database_now().date())
        create(requisition, actor=actor, inputs={"lines": lines})
        rewrite(requisition, lines)
        requisition.save(update_fields=["estimate"])
    return requisition


def rewrite(requisition: Requisition, lines: Sequence[AskedLine]) -> None:
    """Make these the lines, inside ``editing``; a line keeps its key by its number. Raises ``Invalid``."""
    if faults := [*line_faults(lines), *product_faults(lines), *estimate_faults(lines)]:
        raise Invalid(faults=faults)
    write_lines(requisition.lines, [_row(requisition, line) for line in lines], WRITTEN)
    requisition.estimate = estimate_of(requisition.lines, requisition.currency)


def _row(requisition: Requisition, line: AskedLine) -> RequisitionLine:
    return RequisitionLine(
        requisition=requisition,
        number=line.number,
        item=line.item,
        code=line.code,
        product_id=line.product_id,
        quantity=line.quantity,
        unit=line.unit,
        estimate_unit_price=line.estimate_unit_price,
        required_by=line.required_by,
    )

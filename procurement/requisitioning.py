"""Writing a requisition and its lines."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from b2b.clock import database_now
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.workflow import create
from procurement.asked_lines import AskedLine, estimate_of, require_sound
from procurement.line_writing import write_lines
from procurement.models import Requisition, RequisitionLine

WRITTEN = ["item", "code", "product_id", "quantity", "unit", "estimate_unit_price", "required_by"]


def draft(requisition: Requisition, *, lines: Sequence[AskedLine], actor: Actor) -> Requisition:
    """Save a new requisition with its lines. Raises ``Invalid``."""
    with transaction.atomic():
        _take(requisition, lines)
        requisition.number = next_number("REQ", requisition.buyer_id, database_now().date())
        create(requisition, actor=actor, inputs={"lines": lines})
        _write(requisition, lines)
    return requisition


def rewrite(requisition: Requisition, lines: Sequence[AskedLine]) -> None:
    """Make these the lines, inside ``editing``; a line keeps its key by its number. Raises ``Invalid``."""
    _take(requisition, lines)
    _write(requisition, lines)


def _take(requisition: Requisition, lines: Sequence[AskedLine]) -> None:
    require_sound(lines, requisition.currency)
    requisition.estimate = estimate_of(lines, requisition.currency)


def _write(requisition: Requisition, lines: Sequence[AskedLine]) -> None:
    write_lines(requisition.lines, [_row(requisition, line) for line in lines], WRITTEN)


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

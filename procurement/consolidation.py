"""Merging requisitions into one RFQ without losing a quantity."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from b2b.errors import Fault, Invalid, NotFound
from b2b.policy import Actor
from procurement import tendering
from procurement.asked_lines import AskedLine
from procurement.models import RequestForQuotation, Requisition, RequisitionLine

Same = tuple[UUID | None, str, str, str]
"""Lines that ask for the same thing: the product, or item and item number as written; and the unit."""


def convert(
    requisition_ids: Collection[UUID], *, title: str, deadline: datetime | None = None, actor: Actor
) -> RequestForQuotation:
    """Make one draft RFQ of approved requisitions and take ``convert`` on each of them.

    Lines for the same thing in the same unit become one with the sum of their quantities; each
    requisition line points to the line it went into. All or nothing. Raises ``NotFound``,
    ``Invalid``, ``WrongState`` or ``NotAllowed``.
    """
    with transaction.atomic():
        requisitions = _locked(requisition_ids, actor)
        lines = list(RequisitionLine.objects.filter(requisition__in=requisitions).order_by("requisition", "number"))
        groups = _grouped(lines)
        rfq = RequestForQuotation(
            buyer_id=requisitions[0].buyer_id, currency=requisitions[0].currency, title=title, deadline=deadline
        )
        tendering.draft(rfq, lines=[_merged(at, rows) for at, rows in enumerate(groups.values(), 1)], actor=actor)
        _point(rfq, groups.values())
        for requisition in requisitions:
            requisition.convert(actor=actor, rfq_id=rfq.pk)
    return rfq


def _locked(keys: Collection[UUID], actor: Actor) -> list[Requisition]:
    visible = Requisition.objects.visible_to(actor).filter(pk__in=set(keys))
    found = list(visible.order_by("pk").select_for_update(of=("self",)))
    if not found or len(found) != len(set(keys)):
        raise NotFound
    if len({(requisition.buyer_id, requisition.currency) for requisition in found}) > 1:
        fault = Fault("#/requisitions", "currencies-differ", gettext("Requisitions in one currency can be merged."))
        raise Invalid(faults=[fault])
    return found


def _grouped(lines: Sequence[RequisitionLine]) -> dict[Same, list[RequisitionLine]]:
    groups: dict[Same, list[RequisitionLine]] = {}
    for line in lines:
        groups.setdefault(_same(line), []).append(line)
    return groups


def _same(line: RequisitionLine) -> Same:
    if line.product_id is not None:
        return line.product_id, "", "", line.unit
    return None, " ".join(line.item.casefold().split()), line.code.casefold(), line.unit


def _merged(number: int, rows: Sequence[RequisitionLine]) -> AskedLine:
    """The highest estimate, so that no limit is slipped under; the earliest date, so that nobody waits."""
    first = rows[0]
    estimates = [row.estimate_unit_price for row in rows if row.estimate_unit_price is not None]
    dates = [row.required_by for row in rows if row.required_by is not None]
    return AskedLine(
        number=number,
        item=first.item,
        code=first.code,
        product_id=first.product_id,
        quantity=sum((row.quantity for row in rows[1:]), start=first.quantity),
        unit=first.unit,
        estimate_unit_price=max(estimates) if len(estimates) == len(rows) else None,
        required_by=min(dates, default=None),
    )


def _point(rfq: RequestForQuotation, groups: Any) -> None:
    keys = dict(rfq.lines.values_list("number", "pk"))
    pointed = []
    for number, rows in enumerate(groups, 1):
        for row in rows:
            row.rfq_line_id = keys[number]
            pointed.append(row)
    RequisitionLine.objects.bulk_create(
        pointed, update_conflicts=True, unique_fields=["id"], update_fields=["rfq_line"]
    )

"""Posting what came: the receipt, the order's lines and step, and what scoring hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.fields import new_key
from b2b.numbering import next_number
from b2b.outbox import ask_many
from b2b.policy import Actor
from b2b.rows import insert
from b2b.sheets.absent import says_nothing
from b2b.together import together
from b2b.workflow import create
from procurement.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder
from procurement.workflow.arriving import Arrival
from procurement.workflow.delivery_facts import announce_receipt


def post(
    order: PurchaseOrder,
    *,
    received_on: date,
    lines: Sequence[Arrival],
    actor: Actor,
    delivery_note: str = "",
    expected_version: int | None = None,
    key: UUID | None = None,
) -> GoodsReceipt:
    """Take the order's step ``receive`` and write the receipt, in one transaction; ``key`` is the receipt's own.

    Raises ``Invalid``, ``OverTolerance``, and what the step raises; then nothing is written.
    """
    with together():
        order.lock()
        _require_come(received_on)
        order.is_held()
        order.receive(actor=actor, expected_version=expected_version, lines=lines)
        note = "" if says_nothing(delivery_note) else delivery_note
        receipt = _write(order, received_on, lines, note, actor, key or new_key())
        announce_receipt(receipt, lines)
        _match_again(order)
    return receipt


def _require_come(received_on: date) -> None:
    """A day ahead of everybody's clock has come nowhere yet."""
    if (received_on - database_now().date()).days > 1:
        fault = Fault("#/received_on", "date-ahead", gettext("Goods cannot be received in the future."))
        raise Invalid(faults=[fault])


def _write(
    order: PurchaseOrder, received_on: date, lines: Sequence[Arrival], delivery_note: str, actor: Actor, key: UUID
) -> GoodsReceipt:
    receipt = GoodsReceipt(
        pk=key,
        order=order,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        received_on=received_on,
        delivery_note=delivery_note,
        number=next_number("GRN", order.buyer_id, received_on),
    )
    create(receipt, actor=actor, inputs={"lines": lines})
    insert([_row(receipt, line) for line in lines])
    return receipt


def _row(receipt: GoodsReceipt, line: Arrival) -> GoodsReceiptLine:
    return GoodsReceiptLine(
        receipt=receipt,
        order_line_id=line.order_line_id,
        quantity=line.quantity,
        rejected=line.rejected,
        reason=line.reason,
        note=line.note,
    )


def _match_again(order: PurchaseOrder) -> None:
    """What was invoiced before it came may be in order now."""
    waiting = order.invoices.filter(state="exception").values_list("pk", flat=True)
    ask_many([("procurement.match_invoice", {"invoice_id": key}) for key in waiting])

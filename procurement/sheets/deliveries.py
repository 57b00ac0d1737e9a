"""The work on a table of what came: rows grouped by delivery, tried by posting them, posted as receipts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from b2b.errors import DomainError, Fault
from b2b.fields import new_key
from b2b.policy import Actor
from b2b.sheets.sheet import Row
from b2b.together import together
from b2b.uploads.dashes import recall
from b2b.uploads.format import Act, Candidate
from b2b.uploads.lines import Lines
from procurement import receiving
from procurement.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrder, PurchaseOrderLine
from procurement.models.purchase_order import GIVEN_UP
from procurement.workflow.arriving import Arrival

Reference = tuple[str, str]
"""The order as the table names it, and the delivery note, or the day where there is none."""


@dataclass(slots=True)
class Coming:
    """One delivery as the table has it; ``order`` is ``None`` where nobody knows it."""

    order: PurchaseOrder | None
    rows: list[Candidate]
    key: UUID
    received_on: date
    delivery_note: str
    lines: Mapping[int, PurchaseOrderLine] = field(default_factory=dict)

    @property
    def arrivals(self) -> list[Arrival]:
        return [_arrival(row.row, self.lines[row.row["number"]]) for row in self.rows]

    @property
    def is_faulty(self) -> bool:
        return any(row.faults for row in self.rows)


class ReceiptsSession(Lines):
    of_whole_rows: ClassVar = frozenset({"delivery-faulty", "receipt-posted"})
    columns_of_rules: ClassVar[Mapping[str, str]] = {"order_line": "number"}

    # --- Review -----------------------------------------------------------------------------------------
    def judge(self, rows: Sequence[Candidate]) -> None:
        groups: dict[Reference, list[Candidate]] = defaultdict(list)
        for row in rows:
            note = row.row["delivery_note"] or row.row["received_on"].isoformat()
            groups[row.row["order"], note].append(row)
            row.key = f"{row.row['order']}/{note}/{row.row['number']}"
        self.orders = _orders({order for order, _note in groups}, buyer_id=self.upload.organisation_id)
        self.lines = _lines(self.orders.values())
        self.posted = _posted(self.orders.values())
        self.coming = [coming for reference, own in groups.items() if (coming := self._coming(reference, own))]
        self._try()

    def _coming(self, reference: Reference, rows: list[Candidate]) -> Coming | None:
        """The delivery to post; ``None`` where it is posted already, or cannot be told."""
        order = self.orders.get(reference[0])
        if order is None:
            detail = gettext("You have no order with this number or reference.")
            for row in rows:
                row.fault("order", "unknown-order", detail)
            return None
        if receipts := self.posted.get((order.pk, reference[1])):
            self._compare_posted(rows, receipts)
            return None
        coming = self._new(order, rows)
        self._spoil(coming)
        return coming

    def _new(self, order: PurchaseOrder, rows: list[Candidate]) -> Coming:
        first = rows[0].row
        coming = Coming(
            order, rows, rows[0].document_id or new_key(), first["received_on"], first["delivery_note"] or "",
            self.lines.get(order.pk, {}),
        )  # fmt: skip
        for row in rows:
            row.document_id = coming.key
            self.compare(row, None)
            self._check(row, coming)
        return coming

    def _check(self, row: Candidate, coming: Coming) -> None:
        line = coming.lines.get(row.row["number"])
        if line is None:
            row.fault("number", "unknown-line", gettext("This is not a line of the order."))
        elif row.row["unit"] is not None and row.row["unit"] != line.unit:
            detail = gettext("The order's line is in “%(unit)s”.") % {"unit": line.unit}
            row.fault("unit", "unit-differs", detail)
        if row.row["received_on"] != coming.received_on:
            detail = gettext("Another row of this delivery names another day.")
            row.fault("received_on", "delivery-differs", detail)

    def _compare_posted(self, rows: Sequence[Candidate], receipts: Sequence[GoodsReceipt]) -> None:
        for row in rows:
            found = next((line for one in receipts for line in _of_number(one, row.row["number"])), None)
            if found is not None:
                row.document_id = found.receipt_id
                by_number = found.receipt.number == row.row["delivery_note"]
                posted = told_row(found, by_number=by_number) | {"order": row.row["order"]}
                recall(row, posted)
                self.compare(row, posted)
            if found is None or row.outcome != "unchanged":
                detail = gettext("This delivery is posted already. Reverse its receipt to correct it.")
                row.fault("delivery_note", "receipt-posted", detail)

    def _try(self) -> None:
        """Post them one after the other, as several may come for one order, and roll that back."""
        with transaction.atomic():
            for coming in self.coming:
                if not coming.is_faulty:
                    self._try_one(coming)
            transaction.set_rollback(True)

    def _try_one(self, coming: Coming) -> None:
        try:
            with transaction.atomic():
                _post(coming, self.reviewer)
        except DomainError as refusal:
            self.place(refusal, coming.rows)
            self._spoil(coming)

    def _spoil(self, coming: Coming) -> None:
        """A delivery is posted as a whole: its receipt is never added to."""
        for row in coming.rows:
            if coming.is_faulty and not row.faults:
                row.fault("order", "delivery-faulty", gettext("Another row of this delivery has a fault."))

    # --- Coming into force ----------------------------------------------------------------------------
    def write(self, acts: Sequence[Act], *, actor: Actor) -> Any:
        touched = {act.document_id for act in acts}
        posted = [coming for coming in self.coming if coming.key in touched]
        with together():
            for coming in posted:
                _post(coming, actor)
        return [str(coming.key) for coming in posted]

    # --- Taking back ------------------------------------------------------------------------------------
    def dependents(self) -> Iterator[Fault]:
        for receipt in self._receipts():
            if receipt.state != "posted":
                detail = gettext("Receipt %(number)s is reversed already.") % {"number": receipt.number}
                yield Fault("#/receipts", "gone-on-since", detail)
            elif receipt.order.state not in {"partially_received", "received"}:
                detail = gettext("The order of receipt %(number)s is closed.") % {"number": receipt.number}
                yield Fault("#/receipts", "order-closed", detail)
        for line in self._invoiced():
            detail = gettext("%(quantity)s of line %(number)s is invoiced.")
            shown = f"{line.invoiced.normalize():f}"
            yield Fault("#/receipts", "already-invoiced", detail % {"quantity": shown, "number": line.number})

    def _receipts(self) -> list[GoodsReceipt]:
        found = GoodsReceipt.objects.filter(pk__in=self.upload.basis or ())
        return list(found.select_related("order").prefetch_related("lines__order_line").order_by("-pk"))

    def _invoiced(self) -> Iterator[PurchaseOrderLine]:
        """Lines of which more is invoiced than would be left."""
        taken: dict[PurchaseOrderLine, Decimal] = defaultdict(Decimal)
        for receipt in self._receipts():
            for line in receipt.lines.all():
                taken[line.order_line] += line.quantity - line.rejected
        return (line for line, accepted in taken.items() if line.invoiced > line.received - accepted)

    def restore(self, basis: Any, acts: Sequence[Act], *, actor: Actor) -> None:
        reason = gettext("The upload “%(file)s” was undone.") % {"file": self.upload.filename}
        with together():
            for receipt in self._receipts():
                receipt.reverse(actor=actor, reason=reason)


def _post(coming: Coming, actor: Actor) -> None:
    """Several deliveries may come for one order: each sees it as the one before left it."""
    order = PurchaseOrder.objects.get(pk=coming.order.pk)  # type: ignore[union-attr]  # only known orders are posted to
    receiving.post(
        order,
        received_on=coming.received_on,
        lines=coming.arrivals,
        delivery_note=coming.delivery_note,
        actor=actor,
        key=coming.key,
    )


def _arrival(row: Row, line: PurchaseOrderLine) -> Arrival:
    return Arrival(line.pk, row["quantity"], row["rejected"] or Decimal(0), row["reason"] or "", row["note"] or "")


def _orders(references: Collection[str], *, buyer_id: UUID) -> dict[str, PurchaseOrder]:
    named = Q(number__in=references) | Q(buyer_reference__in=references)
    found = PurchaseOrder.objects.filter(named, buyer_id=buyer_id).exclude(state__in=GIVEN_UP)
    by_reference = {order.buyer_reference: order for order in found if order.buyer_reference}
    return {**by_reference, **{order.number: order for order in found if order.number}}


def _lines(orders: Collection[PurchaseOrder]) -> dict[UUID, dict[int, PurchaseOrderLine]]:
    found: dict[UUID, dict[int, PurchaseOrderLine]] = defaultdict(dict)
    for line in PurchaseOrderLine.objects.filter(order__in={order.pk for order in orders}):
        found[line.order_id][line.number] = line
    return found


def _posted(orders: Collection[PurchaseOrder]) -> dict[tuple[UUID, str], list[GoodsReceipt]]:
    """By the order, and each by its delivery note, its number, and its day where it has no note."""
    found: dict[tuple[UUID, str], list[GoodsReceipt]] = defaultdict(list)
    posted = GoodsReceipt.objects.filter(order__in={order.pk for order in orders}, state="posted").order_by("pk")
    for receipt in posted.select_related("order").prefetch_related("lines__order_line"):
        for reference in {receipt.delivery_note or receipt.received_on.isoformat(), receipt.number}:
            found[receipt.order_id, reference].append(receipt)
    return found


def _of_number(receipt: GoodsReceipt, number: int) -> Iterator[GoodsReceiptLine]:
    for line in receipt.lines.all():
        if line.order_line.number == number:
            line.receipt = receipt
            yield line


def told_row(line: GoodsReceiptLine, *, by_number: bool) -> dict[str, Any]:
    """As the sheet writes it; ``by_number`` where the delivery note alone would not tell which receipt is meant."""
    receipt, ordered = line.receipt, line.order_line
    return {
        "order": receipt.order.number,
        "number": ordered.number,
        "item": ordered.item,
        "quantity": line.quantity,
        "unit": ordered.unit,
        "rejected": line.rejected or None,
        "reason": line.reason or None,
        "received_on": receipt.received_on,
        "delivery_note": receipt.number if by_number else receipt.delivery_note or None,
        "note": line.note or None,
    }

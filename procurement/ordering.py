"""Making purchase orders: from an award, a contract or a catalogue, by hand or from a sheet.

Lines are written in bulk: the number of statements does not grow with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from b2b.copying import copy_new
from b2b.errors import Fault, Invalid
from b2b.fields import new_key
from b2b.models import Organisation
from b2b.money import line_amount, line_amounts
from b2b.outbox import ask
from b2b.policy import Actor
from b2b.rows import another
from b2b.tax import Totals
from b2b.together import together
from b2b.workflow import create
from procurement.line_rules import line_faults, price_faults
from procurement.line_writing import write_lines
from procurement.models import ProcurementPolicy, PurchaseOrder, PurchaseOrderLine, RFQLine, policy_of
from procurement.order_lines import OrderedLine, beyond_source, completed, settled, still_agreed
from procurement.workflow.totalling import totals_of, totals_of_rows

__all__ = [
    "OrderedLine", "considered", "draft", "judged", "order_from", "present_lines", "recount", "revise", "rewrite",
    "rows_of", "save_draft", "take_head", "write_judged",
]  # fmt: skip

SETTLED = frozenset({"supplier", "currency", "payment_terms"})
"""What the award or contract behind an order has decided."""
WRITTEN = [
    "item", "code", "product_id", "rfq_line_id", "quantity", "unit", "unit_price", "amount", "vat_category", "vat_rate",
    "requested_on", "tolerance", "source_unit_price", "variance_reason",
]  # fmt: skip


def order_from(
    rfq_id: UUID | None = None,
    *,
    buyer_id: UUID,
    supplier_id: UUID,
    source: str,
    currency: str,
    payment_terms: str,
    lines: Sequence[OrderedLine],
    actor: Actor,
    **header: Any,
) -> PurchaseOrder:
    """The order made from ``source`` (``<app>.<model>/<key>``) for this supplier, made now if it is not there yet.

    Its prices are those agreed there. ``header`` may hold the order's other columns, such as ``title``
    or ``place``. An order under a contract is then approved by the clock where the policy allows.
    Raises ``Invalid``.
    """
    with together():
        _queue_for(supplier_id)
        if made := PurchaseOrder.objects.filter(source=source, supplier_id=supplier_id).first():
            return made
        order = PurchaseOrder(
            rfq_id=rfq_id, buyer_id=buyer_id, supplier_id=supplier_id, source=source, currency=currency,
            payment_terms=payment_terms, **header,
        )  # fmt: skip
        draft(order, _agreed(rfq_id, lines), actor=actor)
        if order.under_contract:
            ask("procurement.auto_approve", order_id=order.pk)
    return order


def draft(order: PurchaseOrder, lines: Sequence[OrderedLine], *, actor: Actor) -> PurchaseOrder:
    """Save a new order with its lines and totals. Raises ``Invalid`` naming every line that cannot stand."""
    with together():
        require_two_sides(order)
        save_draft(order, rows_of(order, lines), actor=actor)
    return order


def save_draft(order: PurchaseOrder, rows: Sequence[PurchaseOrderLine], *, actor: Actor) -> None:
    """Save a new order with rows that ``rows_of`` has judged. Raises ``Invalid`` for sums that cannot stand."""
    with together():
        _state(order, totals_of_rows(rows, order.currency))
        create(order, actor=actor, inputs={"lines": [_told(row) for row in rows]})
        copy_new(rows)


def revise(order: PurchaseOrder, head: Mapping[str, Any], lines: Sequence[OrderedLine] | None = None) -> None:
    """Change head and lines, inside ``editing``. Raises ``Invalid``.

    What an award or contract has settled stays: supplier, currency and payment terms, and of the lines
    no more than was settled.
    """
    changed = take_head(order, head)
    if lines is not None:
        rewrite(order, lines)
    elif changed & {"supplier", "currency"}:
        reprice(order)


def take_head(order: PurchaseOrder, head: Mapping[str, Any]) -> set[str]:
    """Set these columns, and answer which of them changed. Raises ``Invalid``."""
    changed = {name.removesuffix("_id") for name, value in head.items() if getattr(order, name) != value}
    if order.source and (fixed := sorted(changed & SETTLED)):
        raise Invalid(faults=[settled(f"#/{name}") for name in fixed])
    for name, value in head.items():
        setattr(order, name, value)
    require_two_sides(order)
    return changed


def rewrite(order: PurchaseOrder, lines: Sequence[OrderedLine]) -> None:
    """Make these the order's lines, inside ``editing``; a line keeps its key by its number. Raises ``Invalid``.

    A line that is still the same thing keeps the price agreed for it.
    """
    write_judged(order, judged(order, lines))


def write_judged(order: PurchaseOrder, rows: Sequence[PurchaseOrderLine]) -> None:
    """Make rows that ``judged`` gave the order's lines, inside ``editing``."""
    write_lines(order.lines, rows, WRITTEN)
    _state(order, totals_of_rows(rows, order.currency))


def present_lines(order: PurchaseOrder) -> dict[int, OrderedLine]:
    """The order's lines by number, in the form they are written from."""
    told = [name for name in OrderedLine.__dataclass_fields__ if name != "number"]
    return {row["number"]: OrderedLine(**row) for row in order.lines.order_by("number").values("number", *told)}


def recount(order: PurchaseOrder) -> None:
    """Bring the totals up to date with the lines, inside ``editing``."""
    _state(order, totals_of(order.lines.all(), order.currency))


def judged(order: PurchaseOrder, lines: Sequence[OrderedLine]) -> list[PurchaseOrderLine]:
    """The rows ``rewrite`` would write. Raises ``Invalid`` naming every line that cannot stand."""
    policy = policy_of(order.buyer_id)
    return _rows(order, considered(order, lines, policy=policy), policy)


def considered(
    order: PurchaseOrder, lines: Sequence[OrderedLine], *, policy: ProcurementPolicy | None = None
) -> list[OrderedLine]:
    """What ``rewrite`` would make of the lines. Raises ``Invalid`` naming every line that cannot stand."""
    present = {line.number: line for line in order.lines.all()}
    if order.source and (faults := [*beyond_source(lines, present)]):
        raise Invalid(faults=faults)
    agreed = [still_agreed(line, present) for line in lines] if present else lines
    found = settled_lines(order, agreed, policy=policy)
    # Rounding to the currency's unit moves no sum by enough to matter to whether it can stand.
    totals_of_rows([_Net(line) for line in found], order.currency)
    return found


class _Net:
    """A line's amount before it is rounded, for the rules about sums."""

    __slots__ = ("amount", "vat_category", "vat_rate")

    def __init__(self, line: OrderedLine) -> None:
        self.amount = line.quantity * (line.unit_price or 0)
        self.vat_category, self.vat_rate = line.vat_category or "", line.vat_rate or Decimal(0)


def reprice(order: PurchaseOrder) -> None:
    """The same prices of another supplier or in another currency: nobody has agreed to them any more."""
    lines = list(order.lines.select_related("product"))
    if any(line.product and line.product.supplier_id != order.supplier_id for line in lines):
        fault = Fault("#/supplier", "products-of-another", gettext("The lines name products of another supplier."))
        raise Invalid(faults=[fault])
    for line in lines:
        line.amount = line_amount(line.quantity, line.unit_price, order.currency).amount
        line.source_unit_price = None
    order.lines.bulk_create(
        lines, update_conflicts=True, unique_fields=["id"], update_fields=["amount", "source_unit_price"]
    )
    _state(order, totals_of_rows(lines, order.currency))


def require_two_sides(order: PurchaseOrder) -> None:
    """Raises ``Invalid`` unless the supplier is one, and somebody else."""
    known = Organisation.objects.suppliers().exclude(pk=order.buyer_id).filter(pk=order.supplier_id)
    if not known.exists():
        fault = Fault("#/supplier", "unknown-supplier", gettext("Choose an organisation that supplies."))
        raise Invalid(faults=[fault])


def _agreed(rfq_id: UUID | None, lines: Sequence[OrderedLine]) -> list[OrderedLine]:
    """The price is the source's own; a line that was asked for in the RFQ points to it by its number."""
    unknown = rfq_id and any(line.rfq_line_id is None for line in lines)
    asked = dict(RFQLine.objects.filter(rfq_id=rfq_id).values_list("number", "pk")) if unknown else {}
    return [
        replace(line, source_unit_price=line.unit_price, rfq_line_id=line.rfq_line_id or asked.get(line.number))
        for line in lines
    ]


def _state(order: PurchaseOrder, totals: Totals) -> None:
    order.net, order.tax, order.total = totals.taxable.amount, totals.tax.amount, totals.with_tax.amount


def _told(row: PurchaseOrderLine) -> dict[str, Any]:
    """A line as the journal keeps it."""
    return {"number": row.number, "item": row.item, "quantity": row.quantity, "unit": row.unit, "price": row.unit_price}


def _queue_for(supplier_id: UUID) -> None:
    """Two makers of the same order wait for each other on the supplier's row, which nobody changes meanwhile."""
    Organisation.objects.select_for_update(no_key=True).get(pk=supplier_id)


def rows_of(
    order: PurchaseOrder, lines: Sequence[OrderedLine], *, policy: ProcurementPolicy | None = None
) -> list[PurchaseOrderLine]:
    """Rows with what the catalogue and the buyer's policy add. Raises ``Invalid`` naming all that cannot stand."""
    policy = policy or policy_of(order.buyer_id)
    return _rows(order, settled_lines(order, lines, policy=policy), policy)


def settled_lines(
    order: PurchaseOrder, lines: Sequence[OrderedLine], *, policy: ProcurementPolicy | None = None
) -> list[OrderedLine]:
    """Lines with what the catalogue and the buyer's policy add. Raises ``Invalid`` naming all that cannot stand."""
    policy = policy or policy_of(order.buyer_id)
    complete = completed(lines, buyer_id=order.buyer_id, supplier_id=order.supplier_id, currency=order.currency)
    if faults := [*line_faults(complete), *price_faults(complete, order.currency)]:
        raise Invalid(faults=faults)
    return [_taxed(line, policy) for line in complete]


def _taxed(line: OrderedLine, policy: ProcurementPolicy) -> OrderedLine:
    """The line's own tax, or what is usual at the buying organisation."""
    if line.vat_category is None:
        return replace(line, vat_category=policy.vat_category, vat_rate=policy.vat_rate)
    return line if line.vat_rate is not None else replace(line, vat_rate=Decimal(0))


def _rows(order: PurchaseOrder, lines: Sequence[OrderedLine], policy: ProcurementPolicy) -> list[PurchaseOrderLine]:
    blank = PurchaseOrderLine(order=order, tolerance=policy.receipt_tolerance, vat_category=policy.vat_category)
    amounts = line_amounts(((line.quantity, line.unit_price or Decimal(0)) for line in lines), order.currency)
    return [another(blank, _columns(line, amount)) for line, amount in zip(lines, amounts, strict=True)]


def _columns(line: OrderedLine, amount: Decimal) -> dict[str, Any]:
    columns = {
        "id": new_key(),
        "number": line.number,
        "item": line.item,
        "code": line.code,
        "product_id": line.product_id,
        "rfq_line_id": line.rfq_line_id,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price or Decimal(0),
        "amount": amount,
        "vat_rate": line.vat_rate or Decimal(0),
        "requested_on": line.requested_on,
        "source_unit_price": line.source_unit_price,
        "variance_reason": line.variance_reason,
    }
    if line.vat_category:
        columns["vat_category"] = line.vat_category
    return columns

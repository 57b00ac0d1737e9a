"""A change the supplier proposes to an issued order: another quantity, price or date for some lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.money import line_amount
from procurement.workflow.totalling import is_amount

if TYPE_CHECKING:
    from procurement.models import OrderChange, OrderChangeLine, PurchaseOrder, PurchaseOrderLine

CHANGED = ["quantity", "unit_price", "amount", "promised_on", "source_unit_price"]


@dataclass(frozen=True, slots=True)
class ProposedLine:
    """What shall be otherwise on the line with this number; ``None`` leaves a value as it is."""

    number: int
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    promised_on: date | None = None

    @property
    def is_empty(self) -> bool:
        return self.quantity is None and self.unit_price is None and self.promised_on is None


def propose(order: PurchaseOrder, proposed: Sequence[ProposedLine], *, reason: str) -> None:
    """Write the proposal beside the order, whose lines stay as they are. Raises ``Invalid``."""
    found = order.lines.filter(number__in=[line.number for line in proposed])
    lines = {line.number: line.pk for line in found}
    if faults := [*_faults(proposed, set(lines)), *_too_large(proposed, found, order.currency)]:
        raise Invalid(faults=faults)
    change = order.changes.create(number=order.changes.count() + 1, reason=reason)
    change.lines.bulk_create(
        [
            change.lines.model(
                change=change,
                order_line_id=lines[line.number],
                quantity=line.quantity,
                unit_price=line.unit_price,
                promised_on=line.promised_on,
            )
            for line in proposed
        ]
    )


def accept(order: PurchaseOrder) -> None:
    """Put the open proposal into the order's lines."""
    change = _open(order)
    proposed = {row.order_line_id: row for row in change.lines.all()}
    lines = list(order.lines.filter(pk__in=proposed.keys()).order_by("pk").select_for_update())
    for line in lines:
        _apply(proposed[line.pk], line, order.currency)
    order.lines.bulk_create(lines, update_conflicts=True, unique_fields=["id"], update_fields=CHANGED)
    _decide(change, "accepted")


def refuse(order: PurchaseOrder, *, reason: str) -> None:
    """Leave the order as it is; without an open proposal nothing happens."""
    for change in order.changes.filter(state="open"):
        _decide(change, "refused", reason=reason)


def beyond_tolerance(order: PurchaseOrder) -> bool:
    """Measured against what was approved, so that many small changes count together."""
    if order.approved_total is None:
        return True
    most: Decimal = order.approved_total * (1 + order.policy.change_tolerance)
    return bool(order.total > most)


def _apply(proposed: OrderChangeLine, line: PurchaseOrderLine, currency: str) -> None:
    line.quantity = line.quantity if proposed.quantity is None else proposed.quantity
    line.promised_on = proposed.promised_on or line.promised_on
    if proposed.unit_price is not None:
        line.unit_price = line.source_unit_price = proposed.unit_price
    line.amount = line_amount(line.quantity, line.unit_price, currency).amount


def _open(order: PurchaseOrder) -> OrderChange:
    return order.changes.get(state="open")


def _decide(change: OrderChange, state: str, *, reason: str = "") -> None:
    change.state, change.answer, change.decided_at = state, reason, database_now()
    change.save(update_fields=["state", "answer", "decided_at"])


def _faults(proposed: Sequence[ProposedLine], numbers: set[int]) -> Iterator[Fault]:
    if not proposed:
        yield Fault("#/lines", "no-lines", gettext("Say which lines shall change."))
    named = Counter(line.number for line in proposed)
    for index, line in enumerate(proposed):
        if line.number not in numbers:
            yield Fault(f"#/lines/{index}/number", "unknown-line", gettext("This is not a line of the order."))
        if named[line.number] > 1:
            yield Fault(f"#/lines/{index}/number", "line-twice", gettext("Each line may be named once."))
        yield from _impossible(line, index)


def _too_large(proposed: Sequence[ProposedLine], found: Iterable[PurchaseOrderLine], currency: str) -> Iterator[Fault]:
    lines = {line.number: line for line in found}
    for index, line in enumerate(proposed):
        if (before := lines.get(line.number)) is None:
            continue
        quantity, price = line.quantity or before.quantity, line.unit_price or before.unit_price
        if not is_amount(quantity, price, currency):
            yield Fault(f"#/lines/{index}", "amount-too-large", gettext("The amount is too large."))


def _impossible(line: ProposedLine, index: int) -> Iterator[Fault]:
    if line.is_empty:
        yield Fault(f"#/lines/{index}", "nothing-changes", gettext("Name a quantity, a price or a date."))
    if line.quantity is not None and line.quantity <= 0:
        yield Fault(f"#/lines/{index}/quantity", "not-positive", gettext("A quantity is greater than zero."))
    if line.unit_price is not None and line.unit_price < 0:
        yield Fault(f"#/lines/{index}/unit_price", "negative-price", gettext("A price is not negative."))
    if line.promised_on is not None and line.promised_on < database_now().date():
        yield Fault(f"#/lines/{index}/promised_on", "date-passed", gettext("Promise a day that has not passed."))

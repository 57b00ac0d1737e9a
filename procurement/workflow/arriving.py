"""Goods that arrive move the lines of their order; their return moves them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError, Fault, Invalid
from b2b.rows import insert

if TYPE_CHECKING:
    from procurement.models import PurchaseOrder, PurchaseOrderLine

MOVED = ["received", "rejected"]


class OverTolerance(DomainError):
    code, title = "over-tolerance", _("More than was ordered, beyond the tolerance.")


class AlreadyInvoiced(DomainError):
    code, title = "already-invoiced", _("What was received has been invoiced.")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Of one order line: how much came, and how much of it inspection refused, with the reason."""

    order_line_id: UUID
    quantity: Decimal
    rejected: Decimal = Decimal(0)
    reason: str = ""
    note: str = ""

    @property
    def accepted(self) -> Decimal:
        return self.quantity - self.rejected


def take_in(order: PurchaseOrder, arrivals: Sequence[Arrival]) -> None:
    """Add what came to the lines, locked in the order of their keys.

    What inspection refuses does not count against the tolerance. Raises ``Invalid`` or ``OverTolerance``.
    """
    lines = locked_lines(order, [arrival.order_line_id for arrival in arrivals])
    if faults := [*_malformed(arrivals, lines)]:
        raise Invalid(faults=faults)
    for arrival in arrivals:
        lines[arrival.order_line_id].received += arrival.accepted
        lines[arrival.order_line_id].rejected += arrival.rejected
    if faults := [*_over(arrivals, lines)]:
        raise OverTolerance(faults=faults)
    _save(order, lines.values())
    order.moved = lines


def give_back(order: PurchaseOrder, arrivals: Sequence[Arrival]) -> None:
    """Take it off the lines again. Raises ``AlreadyInvoiced`` where an invoice stands on it."""
    lines = locked_lines(order, [arrival.order_line_id for arrival in arrivals])
    for arrival in arrivals:
        lines[arrival.order_line_id].received -= arrival.accepted
        lines[arrival.order_line_id].rejected -= arrival.rejected
    if faults := [*_invoiced(arrivals, lines)]:
        raise AlreadyInvoiced(faults=faults)
    _save(order, lines.values())


def locked_lines(order: PurchaseOrder, keys: Collection[UUID]) -> dict[UUID, PurchaseOrderLine]:
    """Those of the keys that are lines of the order, held until the transaction ends."""
    return {line.pk: line for line in order.lines.filter(pk__in=set(keys)).order_by("pk").select_for_update()}


def _save(order: PurchaseOrder, lines: Collection[PurchaseOrderLine]) -> None:
    insert(list(lines), updating=MOVED)


def _malformed(arrivals: Sequence[Arrival], lines: dict[UUID, PurchaseOrderLine]) -> Iterator[Fault]:
    if not arrivals:
        yield Fault("#/lines", "no-lines", gettext("Say what was received."))
    named = Counter(arrival.order_line_id for arrival in arrivals)
    for index, arrival in enumerate(arrivals):
        if arrival.order_line_id not in lines:
            yield Fault(f"#/lines/{index}/order_line", "unknown-line", gettext("This is not a line of the order."))
        if named[arrival.order_line_id] > 1:
            yield Fault(f"#/lines/{index}/order_line", "line-twice", gettext("Each line may be named once."))
        yield from _impossible(arrival, index)


def _impossible(arrival: Arrival, index: int) -> Iterator[Fault]:
    if arrival.quantity <= 0:
        yield Fault(f"#/lines/{index}/quantity", "not-positive", gettext("A quantity is greater than zero."))
    if not 0 <= arrival.rejected <= max(arrival.quantity, Decimal(0)):
        yield Fault(
            f"#/lines/{index}/rejected", "rejected-more-than-came", gettext("No more can be refused than came.")
        )
    if arrival.rejected > 0 and not arrival.reason:
        yield Fault(f"#/lines/{index}/reason", "required", gettext("Say why it was refused."))


def _over(arrivals: Sequence[Arrival], lines: dict[UUID, PurchaseOrderLine]) -> Iterator[Fault]:
    for index, arrival in enumerate(arrivals):
        line = lines[arrival.order_line_id]
        if line.received > line.most_received:
            room = line.most_received - line.received + arrival.accepted
            yield Fault(
                f"#/lines/{index}/quantity",
                "over-tolerance",
                gettext("At most %(quantity)s %(unit)s more can be received on line %(number)s.")
                % {"quantity": f"{room.normalize():f}", "unit": line.unit, "number": line.number},
            )


def _invoiced(arrivals: Sequence[Arrival], lines: dict[UUID, PurchaseOrderLine]) -> Iterator[Fault]:
    for index, arrival in enumerate(arrivals):
        line = lines[arrival.order_line_id]
        if line.invoiced > line.received:
            yield Fault(
                f"#/lines/{index}",
                "already-invoiced",
                gettext("%(quantity)s of line %(number)s is invoiced.")
                % {"quantity": f"{line.invoiced.normalize():f}", "number": line.number},
            )

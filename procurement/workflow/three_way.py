"""The three-way match: each line of an invoice against the order's line and what was received of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor
from b2b.rows import insert
from procurement.workflow.arriving import locked_lines

if TYPE_CHECKING:
    from uuid import UUID

    from procurement.models import Invoice, InvoiceLine, ProcurementPolicy, PurchaseOrderLine


class Check(models.TextChoices):
    PRICE = "price", _("Price against the order")
    QUANTITY = "quantity", _("Quantity against the receipts")
    UNIT = "unit", _("Unit against the order")
    TAX = "tax", _("Tax against the order")


class Reason(models.TextChoices):
    """Why a check found a difference."""

    NONE = "", _("None")
    PRICE_ABOVE_ORDER = "price-above-order", _("The price is above the order's.")
    QUANTITY_ABOVE_RECEIVED = "quantity-above-received", _("More is invoiced than was received.")
    UNIT_DIFFERS = "unit-differs", _("The unit is not the order's.")
    TAX_DIFFERS = "tax-differs", _("The tax category or rate is not the order's.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One check of one line. Expected and found are numbers as text, or codes where the check compares codes."""

    check: Check
    expected: str
    found: str
    tolerance: Decimal
    reason: Reason

    @property
    def within(self) -> bool:
        return self.reason == Reason.NONE


@dataclass
class Tally:
    """What is invoiced of each order line, this invoice's earlier lines included."""

    lines: dict[UUID, PurchaseOrderLine]
    billed: dict[UUID, Decimal] = field(default_factory=dict)

    def add(self, line: InvoiceLine) -> Decimal:
        ordered = self.lines[line.order_line_id]
        before = self.billed.get(ordered.pk, ordered.invoiced)
        self.billed[ordered.pk] = before + line.quantity
        return self.billed[ordered.pk]


def match(invoice: Invoice) -> bool:
    """Write a new round of results; where all are within tolerance, count the quantities as invoiced."""
    lines = list(invoice.lines.order_by("number"))
    tally = Tally(locked_lines(invoice.order, [line.order_line_id for line in lines]))
    policy = invoice.policy
    found = [(line, outcome) for line in lines for outcome in _compare(line, tally, policy)]
    invoice.match_round += 1
    _write(invoice, found)
    if not all(outcome.within for _line, outcome in found):
        return False
    _count(invoice, tally)
    return True


def accept(invoice: Invoice, *, actor: Actor, reason: str) -> None:
    """Take the differences of the last round as they are, and count the quantities as invoiced."""
    lines = list(invoice.lines.order_by("number"))
    tally = Tally(locked_lines(invoice.order, [line.order_line_id for line in lines]))
    for line in lines:
        tally.add(line)
    outside = invoice.match_results.filter(round=invoice.match_round, within=False)
    outside.update(accepted_by_id=actor.user_id, accepted_reason=reason)
    _count(invoice, tally)


def uncount(invoice: Invoice) -> None:
    """A cancelled invoice leaves its quantities to be invoiced again."""
    lines = list(invoice.lines.all())
    held = locked_lines(invoice.order, [line.order_line_id for line in lines])
    for line in lines:
        held[line.order_line_id].invoiced -= line.quantity
    _save(invoice, held)


def _compare(line: InvoiceLine, tally: Tally, policy: ProcurementPolicy) -> Iterator[Outcome]:
    ordered, billed = tally.lines[line.order_line_id], tally.add(line)
    yield _price(line, ordered, policy.match_price_tolerance)
    yield _quantity(billed, ordered, policy.match_quantity_tolerance)
    yield _same(Check.UNIT, ordered.unit, line.unit, Reason.UNIT_DIFFERS)
    yield _same(Check.TAX, _tax(ordered), _tax(line), Reason.TAX_DIFFERS)


def _price(line: InvoiceLine, ordered: PurchaseOrderLine, tolerance: Decimal) -> Outcome:
    """Being billed less is nobody's problem."""
    within = line.unit_price <= ordered.unit_price * (1 + tolerance)
    reason = Reason.NONE if within else Reason.PRICE_ABOVE_ORDER
    return Outcome(Check.PRICE, _plain(ordered.unit_price), _plain(line.unit_price), tolerance, reason)


def _quantity(billed: Decimal, ordered: PurchaseOrderLine, tolerance: Decimal) -> Outcome:
    """All that is invoiced of the order line so far, against all that was accepted of it."""
    within = billed <= ordered.received * (1 + tolerance)
    reason = Reason.NONE if within else Reason.QUANTITY_ABOVE_RECEIVED
    return Outcome(Check.QUANTITY, _plain(ordered.received), _plain(billed), tolerance, reason)


def _same(check: Check, expected: str, found: str, reason: Reason) -> Outcome:
    return Outcome(check, expected, found, Decimal(0), Reason.NONE if expected == found else reason)


def _tax(line: InvoiceLine | PurchaseOrderLine) -> str:
    return f"{line.vat_category} {_plain(line.vat_rate)}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _write(invoice: Invoice, found: list[tuple[InvoiceLine, Outcome]]) -> None:
    result: type[Any] = invoice.match_results.model
    rows = [
        result(
            invoice=invoice,
            line=line,
            round=invoice.match_round,
            check_kind=outcome.check,
            expected=outcome.expected,
            found=outcome.found,
            tolerance=outcome.tolerance,
            within=outcome.within,
            reason=outcome.reason,
        )
        for line, outcome in found
    ]
    insert(rows)


def _count(invoice: Invoice, tally: Tally) -> None:
    for key, billed in tally.billed.items():
        tally.lines[key].invoiced = billed
    _save(invoice, tally.lines)


def _save(invoice: Invoice, lines: dict[UUID, PurchaseOrderLine]) -> None:
    insert(list(lines.values()), updating=["invoiced"])

"""Deciding who gets what: propose, approve, reject, confirm, and what an upheld objection does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import DomainError, Fault, Invalid
from b2b.money import line_amount
from b2b.numbering import next_number
from b2b.policy import CLOCK, Actor
from b2b.rows import insert
from b2b.together import together
from b2b.workflow import create
from quotations.comparison import PRICED, Cell, ComparedLine, Comparison, comparison
from quotations.models import Award, AwardLine, Objection
from quotations.models.award import LIVE

if TYPE_CHECKING:
    from procurement.models import RequestForQuotation

SERIES = "AWD"


class AwardedAlready(DomainError):
    code, title = "awarded-already", _("The RFQ has an award already.")


@dataclass(frozen=True, slots=True)
class Allocation:
    """How much of one RFQ line goes to one quotation; ``reason`` where it does not go to the best."""

    line: int
    quotation_id: UUID
    quantity: Decimal
    reason: str = ""


Allocate = Callable[[Comparison], Sequence[Allocation]]


def all_to_best_total(compared: Comparison) -> list[Allocation]:
    """Every line the best ranked bidder priced, in full. Of several on the first rank the earlier quotation."""
    best = min(compared.best(), key=lambda bidder: bidder.number, default=None)
    if best is None:
        return []
    return [
        Allocation(line.number, cell.quotation_id, line.quantity)
        for line in compared.lines
        for cell in line.cells
        if cell.quotation_id == best.quotation_id and cell.kind == PRICED
    ]


def best_per_line(compared: Comparison) -> list[Allocation]:
    """Each line to the lowest price in the running, in full; of equals to the one with the better total."""
    chosen = []
    for line in compared.lines:
        best = next((cell for cell in line.cells if cell.is_best), None)
        if best is not None:
            chosen.append(Allocation(line.number, best.quotation_id, line.quantity))
    return chosen


def propose(
    rfq: RequestForQuotation,
    *,
    allocations: Sequence[Allocation] | Allocate,
    actor: Actor,
    creates: str = "orders",
    reason: str = "",
) -> Award:
    """Propose an award of these allocations, or of those the comparison leads to.

    Raises ``AwardedAlready``, ``Invalid`` with every fault, and what the RFQ's step raises.
    """
    with together():
        rfq.lock()
        rfq.is_held()
        if Award.objects.filter(rfq=rfq, state__in=LIVE).exists():
            raise AwardedAlready
        rfq.propose_award(actor=actor)
        compared = comparison(rfq)
        chosen = _chosen(compared, allocations(compared) if callable(allocations) else allocations)
        if faults := list(_faults(compared, chosen)) or list(_without_reason(compared, chosen, reason)):
            raise Invalid(faults=faults)
        return _create(rfq, compared, chosen, actor=actor, creates=creates, reason=reason)


Chosen = tuple[Allocation, ComparedLine | None, Cell | None]


def _chosen(compared: Comparison, allocations: Iterable[Allocation]) -> list[Chosen]:
    lines = {line.number: line for line in compared.lines}
    cells = {(line.number, cell.quotation_id): cell for line in compared.lines for cell in line.cells}
    return [(one, lines.get(one.line), cells.get((one.line, one.quotation_id))) for one in allocations]


def _faults(compared: Comparison, chosen: Sequence[Chosen]) -> Iterator[Fault]:
    if not chosen:
        yield Fault("#/lines", "nothing-awarded", gettext("Award at least one line."))
    running = {bidder.quotation_id for bidder in compared.bidders if bidder.in_the_running}
    for place, (one, line, cell) in enumerate(chosen):
        yield from _fault_of(place, one, line, cell, running)
    yield from _over_quantity(chosen)
    yield from _twice(chosen)


def _fault_of(
    place: int, one: Allocation, line: ComparedLine | None, cell: Cell | None, running: set[UUID]
) -> Iterator[Fault]:
    at = f"#/lines/{place}"
    if line is None:
        yield Fault(f"{at}/line", "no-such-line", gettext("The RFQ has no line %(line)s.") % {"line": one.line})
    elif cell is None or one.quotation_id not in running:
        yield Fault(f"{at}/quotation", "not-in-the-running", gettext("This quotation is not in the running."))
    elif cell.kind != PRICED:
        yield Fault(
            f"{at}/quotation",
            "line-not-priced",
            gettext("The quotation has no price for line %(line)s.") % {"line": one.line},
        )
    if one.quantity <= 0:
        yield Fault(f"{at}/quantity", "not-positive", gettext("Award a quantity above zero."))


def _over_quantity(chosen: Sequence[Chosen]) -> Iterator[Fault]:
    """Awards per line ≤ the RFQ's quantity."""
    given: dict[int, Decimal] = defaultdict(Decimal)
    for place, (one, line, _cell) in enumerate(chosen):
        given[one.line] += one.quantity
        if line is not None and given[one.line] > line.quantity:
            yield Fault(
                f"#/lines/{place}/quantity",
                "over-quantity",
                gettext("Line %(line)s asks for %(asked)s; %(given)s would be awarded.")
                % {"line": one.line, "asked": f"{line.quantity:f}", "given": f"{given[one.line]:f}"},
            )


def _twice(chosen: Sequence[Chosen]) -> Iterator[Fault]:
    seen: set[tuple[int, UUID]] = set()
    for place, (one, _line, _cell) in enumerate(chosen):
        if (one.line, one.quotation_id) in seen:
            yield Fault(
                f"#/lines/{place}",
                "allocated-twice",
                gettext("Line %(line)s names this quotation twice.") % {"line": one.line},
            )
        seen.add((one.line, one.quotation_id))


def _without_reason(compared: Comparison, chosen: Sequence[Chosen], reason: str) -> Iterator[Fault]:
    """Whoever is neither the best total nor the best price of the line needs a reason, the award's or the line's."""
    best = {bidder.quotation_id for bidder in compared.best()}
    if reason.strip():
        return
    for place, (one, _line, cell) in enumerate(chosen):
        if one.quotation_id not in best and not (cell and cell.is_best) and not one.reason.strip():
            yield Fault(
                f"#/lines/{place}/reason",
                "reason-missing",
                gettext("Line %(line)s does not go to the best ranked; say why.") % {"line": one.line},
            )


def _create(
    rfq: RequestForQuotation,
    compared: Comparison,
    chosen: Sequence[Chosen],
    *,
    actor: Actor,
    creates: str,
    reason: str,
) -> Award:
    award = Award(rfq=rfq, buyer_id=rfq.buyer_id, currency=rfq.currency, creates=creates, reason=reason)
    suppliers = {bidder.quotation_id: bidder.supplier_id for bidder in compared.bidders}
    lines = [
        _line(award, one, line.id, cell, cell.quotation_line_id, supplier_id=suppliers[cell.quotation_id])
        for one, line, cell in chosen
        if line and cell and cell.quotation_line_id
    ]
    award.total = sum(
        (line_amount(one.quantity, cell.compared_unit_price or Decimal(0), rfq.currency).amount
         for one, _line, cell in chosen if cell),
        Decimal(0),
    )  # fmt: skip
    award.number = next_number(SERIES, rfq.buyer_id, database_now().date())
    create(award, actor=actor, inputs={"lines": [_told(line) for line in lines]})
    insert(lines)
    return award


def _line(
    award: Award, one: Allocation, rfq_line_id: UUID, cell: Cell, quotation_line_id: UUID, *, supplier_id: UUID
) -> AwardLine:
    return AwardLine(
        award=award,
        rfq_line_id=rfq_line_id,
        quotation_id=cell.quotation_id,
        quotation_line_id=quotation_line_id,
        supplier_id=supplier_id,
        quantity=one.quantity,
        unit_price=cell.net_unit_price or Decimal(0),
        currency=cell.currency,
        reason=one.reason,
    )


def _told(line: AwardLine) -> dict[str, object]:
    return {
        "rfq_line": line.rfq_line_id,
        "quotation": line.quotation_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "currency": line.currency,
        "reason": line.reason,
    }


def approve(award: Award, *, actor: Actor) -> Award:
    award.approve(actor=actor)
    return award


def reject(award: Award, *, actor: Actor, reason: str) -> Award:
    award.reject(actor=actor, reason=reason)
    return award


def confirm(award: Award) -> Award:
    """After the standstill: orders are created exactly once, however many try."""
    award.confirm(actor=CLOCK)
    return award


def uphold_objection(objection: Objection, *, actor: Actor, reason: str) -> Objection:
    objection.uphold(actor=actor, reason=reason)
    return objection


def due_to_confirm(now: datetime) -> Iterable[Award]:
    """Approved awards whose standstill is over and against which no objection is open."""
    ended = Award.objects.filter(state="approved", rfq__state="standstill", rfq__standstill_ends_at__lte=now)
    return ended.exclude(objections__state="raised").order_by("pk")

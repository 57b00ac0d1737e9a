"""Orders called off from a contract, never beyond its ceiling or its lines' quantities, however many at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import DomainError, Fault, Invalid, NotAllowed, WrongState
from b2b.fields import new_key
from b2b.money import Money, line_amount
from b2b.numbering import next_number
from b2b.policy import Actor
from b2b.workflow import create
from contracts import policy
from contracts.models import CallOff, CallOffLine, Contract, ContractLine
from contracts.workflow.contract import CALLABLE
from contracts.workflow.reserving import move
from procurement.order_lines import OrderedLine
from procurement.ordering import order_from


class CeilingReached(DomainError):
    code, title = "over-ceiling", _("The contract's ceiling leaves less than this.")


class QuantityReached(DomainError):
    code, title = "over-contract-quantity", _("The contract leaves less than this quantity.")


@dataclass(frozen=True, slots=True)
class CalledLine:
    """So many of the contract line with this number, wanted by a day."""

    number: int
    quantity: Decimal
    requested_on: date | None = None


@transaction.atomic
def call_off(contract: Contract, lines: Sequence[CalledLine], *, actor: Actor, **header: Any) -> CallOff:
    """Reserve the lines under the contract and draft the purchase order for them, at the contract's prices.

    Call-offs of one contract queue up behind its row. Raises ``NotAllowed``, ``WrongState``,
    ``Invalid``, ``QuantityReached`` or ``CeilingReached``; then nothing is reserved.
    """
    contract.lock()
    _require_callable(contract, actor)
    agreed = {line.number: line for line in contract.lines.filter(number__in=[line.number for line in lines])}
    if faults := [*_faults(lines, agreed)]:
        raise Invalid(faults=faults)
    _require_quantities(lines, agreed)
    worth = sum((_worth(line, agreed[line.number], contract.currency) for line in lines), Decimal(0))
    _require_below_ceiling(contract, worth)
    move(contract, {agreed[line.number].pk: line.quantity for line in lines}, amount=worth)
    return _record(contract, lines, agreed, worth, actor, header)


def _require_callable(contract: Contract, actor: Actor) -> None:
    if not policy.ordering(actor, contract):
        raise NotAllowed(gettext("Calling off is for: %(who)s.") % {"who": policy.ordering.name})
    if contract.state not in CALLABLE:
        raise WrongState(
            gettext("Nothing can be called off while the contract is “%(state)s”.")
            % {"state": contract.states()[contract.state]}
        )


def _faults(lines: Sequence[CalledLine], agreed: dict[int, ContractLine]) -> Iterator[Fault]:
    if not lines:
        yield Fault("#/lines", "no-lines", gettext("Add at least one line."))
    named = Counter(line.number for line in lines)
    for index, line in enumerate(lines):
        at = f"#/lines/{index}"
        if line.number not in agreed:
            yield Fault(f"{at}/number", "unknown-line", gettext("This is not a line of the contract."))
        if named[line.number] > 1:
            yield Fault(f"{at}/number", "line-twice", gettext("Each line may be named once."))
        if line.quantity <= 0:
            yield Fault(f"{at}/quantity", "not-positive", gettext("A quantity is greater than zero."))


def _require_quantities(lines: Sequence[CalledLine], agreed: dict[int, ContractLine]) -> None:
    over = [_over(index, agreed[line.number]) for index, line in enumerate(lines) if _is_over(line, agreed)]
    if over:
        raise QuantityReached(faults=over)


def _is_over(line: CalledLine, agreed: dict[int, ContractLine]) -> bool:
    left = agreed[line.number].left
    return left is not None and line.quantity > left


def _over(index: int, agreed: ContractLine) -> Fault:
    return Fault(
        f"#/lines/{index}/quantity",
        "over-contract-quantity",
        gettext("At most %(quantity)s %(unit)s more can be called off on line %(number)s.")
        % {"quantity": f"{(agreed.left or Decimal(0)).normalize():f}", "unit": agreed.unit, "number": agreed.number},
    )


def _require_below_ceiling(contract: Contract, worth: Decimal) -> None:
    left = contract.left
    if left is None or worth <= left:
        return
    raise CeilingReached(
        gettext("%(needed)s is called off, %(left)s is left under the ceiling.")
        % {
            "needed": Money(worth, contract.currency).display(),
            "left": Money(left, contract.currency).display(),
        }
    )


def _worth(line: CalledLine, agreed: ContractLine, currency: str) -> Decimal:
    return line_amount(line.quantity, agreed.unit_price, currency).amount


def _record(
    contract: Contract,
    lines: Sequence[CalledLine],
    agreed: dict[int, ContractLine],
    worth: Decimal,
    actor: Actor,
    header: dict[str, Any],
) -> CallOff:
    reserved = CallOff(
        id=new_key(), contract=contract, buyer_id=contract.buyer_id, supplier_id=contract.supplier_id, amount=worth
    )
    reserved.order = order_from(
        contract.rfq_id,
        buyer_id=contract.buyer_id,
        supplier_id=contract.supplier_id,
        source=f"{reserved._meta.label_lower}/{reserved.pk}",
        currency=contract.currency,
        payment_terms=contract.payment_terms,
        lines=[_ordered(line, agreed[line.number]) for line in lines],
        actor=actor,
        **{"title": contract.title, "incoterm": contract.incoterm, "place": contract.place, **header},
    )
    reserved.number = next_number("CO", contract.buyer_id, database_now().date())
    create(reserved, actor=actor, inputs={"lines": [asdict(line) for line in lines]})
    CallOffLine.objects.bulk_create(_line(reserved, line, agreed[line.number]) for line in lines)
    return reserved


def _ordered(line: CalledLine, agreed: ContractLine) -> OrderedLine:
    return OrderedLine(
        number=agreed.number,
        item=agreed.item,
        code=agreed.code,
        product_id=agreed.product_id,
        quantity=line.quantity,
        unit=agreed.unit,
        unit_price=agreed.unit_price,
        requested_on=line.requested_on,
        vat_category=agreed.vat_category or None,
        vat_rate=agreed.vat_rate,
    )


def _line(reserved: CallOff, line: CalledLine, agreed: ContractLine) -> CallOffLine:
    return CallOffLine(
        call_off=reserved,
        contract_line=agreed,
        number=agreed.number,
        quantity=line.quantity,
        counted=line.quantity,
        unit_price=agreed.unit_price,
    )

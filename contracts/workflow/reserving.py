"""What call-offs count against their contract. Whoever calls holds the contract's row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from b2b.money import line_amount

if TYPE_CHECKING:
    from contracts.models import CallOff, CallOffLine, Contract, ContractLine


def count_received(call_off: CallOff) -> None:
    """Let each line count as far as it was received; beyond what was called off, tolerance counts for nothing."""
    received: Mapping[int, Decimal] = dict(call_off.order.lines.values_list("number", "received"))
    lines = list(call_off.lines.select_related("contract_line"))
    for line in lines:
        line.counted = min(received.get(line.number, Decimal(0)), line.counted)
    _count(call_off, lines)


def count_nothing(call_off: CallOff) -> None:
    lines = list(call_off.lines.select_related("contract_line"))
    for line in lines:
        line.counted = Decimal(0)
    _count(call_off, lines)


def _count(call_off: CallOff, lines: Collection[CallOffLine]) -> None:
    """Give back the difference to the contract and its lines, in two statements and one."""
    before = dict(call_off.lines.values_list("contract_line_id", "counted"))
    worth = sum((_worth(line, call_off.contract.currency) for line in lines), Decimal(0))
    call_off.lines.bulk_update(lines, ["counted"])
    move(
        call_off.contract,
        {line.contract_line_id: line.counted - before[line.contract_line_id] for line in lines},
        amount=worth - call_off.amount,
    )
    call_off.amount = worth


def _worth(line: CallOffLine, currency: str) -> Decimal:
    return line_amount(line.counted, line.unit_price, currency).amount


def move(contract: Contract, quantities: Mapping[UUID, Decimal], *, amount: Decimal) -> None:
    """Add to, or with negative values take from, what is called off. Constraints have the last word."""
    lines: list[ContractLine] = list(contract.lines.filter(pk__in=quantities).order_by("pk").select_for_update())
    for line in lines:
        line.called_off += quantities[line.pk]
    contract.lines.bulk_update(lines, ["called_off"])
    type(contract)._base_manager.filter(pk=contract.pk).update(called_off=F("called_off") + amount)

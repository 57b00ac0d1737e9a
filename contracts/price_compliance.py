"""An order called off from a contract keeps to it: its lines, its prices, the quantities called off.

Hung as gates on the steps of ``procurement.purchaseorder``, which knows nothing of contracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from b2b.compiled import compiled
from b2b.errors import Fault
from contracts.models import CallOff, CallOffLine
from contracts.workflow.contract import CALLABLE
from procurement.models import PurchaseOrder

MOST_FAULTS = 100


def as_contracted(order: PurchaseOrder) -> list[Fault]:
    """Every line is one called off, at the contract's price, and for no more than was called off."""
    if (call_off := _call_off_of(order)) is None:
        return []
    called = {line.number: line for line in call_off.lines.all()}
    rows = order.lines.order_by("number").values_list("number", "quantity", "unit_price")
    faults = [fault for row in rows for fault in _line_faults(*row, called)]
    return faults[:MOST_FAULTS]


def contract_running(order: PurchaseOrder) -> Fault | None:
    """Nothing is ordered while the contract does not run."""
    call_off = _call_off_of(order)
    if call_off is None or call_off.contract.state in CALLABLE:
        return None
    return Fault(
        "#/source",
        "contract-not-running",
        gettext("The contract %(number)s is “%(state)s”.")
        % {"number": call_off.contract.number, "state": call_off.contract.get_state_display()},
    )


def change_as_contracted(order: PurchaseOrder) -> list[Fault]:
    """A change the supplier proposes keeps to the contract as well."""
    if (call_off := _call_off_of(order)) is None:
        return []
    called = {line.number: line for line in call_off.lines.all()}
    lines = order.changes.filter(state="open").values_list(
        "lines__order_line__number", "lines__quantity", "lines__unit_price"
    )
    faults = [fault for row in lines for fault in _change_faults(*row, called)]
    return faults[:MOST_FAULTS]


def _call_off_of(order: PurchaseOrder) -> CallOff | None:
    return order.once("call-off", lambda: _open_call_off.first(order.pk))


@compiled
def _open_call_off(order_id: UUID) -> QuerySet[CallOff]:
    return CallOff.objects.select_related("contract").filter(order_id=order_id, state="open").order_by("pk")


def _line_faults(
    number: int, quantity: Decimal, unit_price: Decimal, called: dict[int, CallOffLine]
) -> Iterator[Fault]:
    line = called.get(number)
    if line is None:
        yield Fault(
            f"#/lines/{number}", "not-called-off", gettext("Line %(number)s was not called off.") % {"number": number}
        )
        return
    yield from _price_faults(unit_price, line)
    yield from _quantity_faults(quantity, line)


def _change_faults(
    number: int, quantity: Decimal | None, unit_price: Decimal | None, called: dict[int, CallOffLine]
) -> Iterator[Fault]:
    line = called[number]
    if unit_price is not None:
        yield from _price_faults(unit_price, line)
    if quantity is not None:
        yield from _quantity_faults(quantity, line)


def _price_faults(unit_price: Decimal, line: CallOffLine) -> Iterator[Fault]:
    if unit_price != line.unit_price:
        yield Fault(
            f"#/lines/{line.number}/unit_price",
            "price-not-contracted",
            gettext("The contract's price for line %(number)s is %(price)s.")
            % {"number": line.number, "price": f"{line.unit_price.normalize():f}"},
        )


def _quantity_faults(quantity: Decimal, line: CallOffLine) -> Iterator[Fault]:
    if quantity > line.quantity:
        yield Fault(
            f"#/lines/{line.number}/quantity",
            "beyond-call-off",
            gettext("%(quantity)s were called off on line %(number)s; call off the rest separately.")
            % {"number": line.number, "quantity": f"{line.quantity.normalize():f}"},
        )

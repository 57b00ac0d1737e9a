"""Orders are called off at the contract's prices and never beyond its ceiling or its quantities."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from b2b.errors import Blocked, Invalid, NotAllowed, WrongState
from b2b.policy import CLOCK
from b2b.workflow import editing
from contracts import calling_off
from contracts.calling_off import CalledLine, CeilingReached, QuantityReached
from contracts.models import CallOff, Contract, ContractLine
from procurement.models import PurchaseOrder, PurchaseOrderLine
from procurement.workflow.changing import ProposedLine
from tests.b2b.test_workflow import in_threads
from tests.factories.b2b import member
from tests.factories.contracts import ActiveContractFactory
from tests.factories.procurement import Trade, issued_order, receive, tomorrow, trade

pytestmark = pytest.mark.django_db


def contract_of(side: Trade, **values) -> Contract:
    """1,000 bolts at 0.25 and 2,000 nuts at 0.10: 450 EUR."""
    return ActiveContractFactory(buyer=side.buyer, supplier=side.supplier, **values)


def call_off(contract: Contract, quantity: int | str = 100, number: int = 1, *, actor=None) -> CallOff:
    lines = [CalledLine(number, Decimal(quantity), tomorrow(14))]
    return calling_off.call_off(contract, lines, actor=actor or member(contract.buyer, "buyer"))


def counts(contract: Contract) -> tuple[Decimal, list[Decimal]]:
    lines = ContractLine.objects.filter(contract=contract).order_by("number")
    return Contract.objects.get(pk=contract.pk).called_off, list(lines.values_list("called_off", flat=True))


def codes(refused) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def test_a_call_off_reserves_its_part_and_drafts_the_order_at_the_contracts_price():
    contract = contract_of(trade())

    reserved = call_off(contract, 100)

    order, line = reserved.order, reserved.order.lines.get()
    assert (order.state, order.source, order.under_contract) == ("draft", f"contracts.calloff/{reserved.pk}", True)
    assert (line.number, line.quantity, line.unit_price, line.source_unit_price) == (
        1,
        100,
        Decimal("0.25"),
        Decimal("0.25"),
    )
    assert (reserved.state, reserved.amount, reserved.number[:3]) == ("open", 25, "CO-")
    assert counts(contract) == (25, [100, 0])


def test_beyond_the_quantity_is_refused_with_what_is_left_and_reserves_nothing():
    contract = contract_of(trade())
    call_off(contract, 900)

    with pytest.raises(QuantityReached) as refused:
        call_off(contract, "100.5")

    assert codes(refused) == [("#/lines/0/quantity", "over-contract-quantity")]
    assert refused.value.faults[0].detail == "At most 100 H87 more can be called off on line 1."
    assert counts(contract) == (225, [900, 0])
    assert PurchaseOrder.objects.count() == 1


def test_beyond_the_ceiling_is_refused_with_the_figures():
    contract = contract_of(trade(), ceiling=Decimal(30))
    call_off(contract, 100)

    with pytest.raises(CeilingReached, match=r"€10\.00 is called off, €5\.00 is left under the ceiling"):
        call_off(contract, 40)

    assert counts(contract) == (25, [100, 0])


def test_every_line_that_cannot_be_called_off_is_named():
    contract = contract_of(trade())
    lines = [CalledLine(9, Decimal(1)), CalledLine(1, Decimal(0)), CalledLine(2, Decimal(1)), CalledLine(2, Decimal(1))]

    with pytest.raises(Invalid) as refused:
        calling_off.call_off(contract, lines, actor=member(contract.buyer, "buyer"))

    assert codes(refused) == [
        ("#/lines/0/number", "unknown-line"),
        ("#/lines/1/quantity", "not-positive"),
        ("#/lines/2/number", "line-twice"),
        ("#/lines/3/number", "line-twice"),
    ]


@pytest.mark.parametrize("state", ["scheduled", "suspended", "expired", "terminated", "draft"])
def test_only_a_running_contract_can_be_called_off(state):
    contract = contract_of(trade())
    Contract.objects.filter(pk=contract.pk).update(state=state)

    with pytest.raises(WrongState):
        call_off(contract)

    assert CallOff.objects.count() == 0


def test_only_a_buyer_of_the_buying_organisation_calls_off():
    side = trade()
    contract = contract_of(side)

    for actor in (side.sales, side.finance, side.stranger, CLOCK):
        with pytest.raises(NotAllowed):
            call_off(contract, actor=actor)


def test_a_call_off_under_the_limit_is_approved_by_the_clock(deliver):
    reserved = call_off(contract_of(trade(order_approval_limit=Decimal(1000))))

    deliver()

    assert PurchaseOrder.objects.get(pk=reserved.order_id).state == "approved"


@pytest.mark.parametrize("step", ["submit", "issue", "auto_approve"])
def test_an_order_line_with_another_price_or_more_than_was_called_off_is_stopped(step):
    side = trade()
    order = call_off(contract_of(side)).order
    state = {"submit": "draft", "auto_approve": "draft", "issue": "approved"}[step]
    PurchaseOrder.objects.filter(pk=order.pk).update(state=state, variance_reason="It got dearer.")
    PurchaseOrderLine.objects.filter(order=order).update(unit_price=Decimal("0.26"), quantity=101)
    order.refresh_from_db()

    with pytest.raises(Blocked) as refused:
        getattr(order, step)(actor=CLOCK if step == "auto_approve" else side.clerk)

    assert codes(refused) == [
        ("#/lines/1/unit_price", "price-not-contracted"),
        ("#/lines/1/quantity", "beyond-call-off"),
    ]
    assert PurchaseOrder.objects.get(pk=order.pk).state == state


def test_a_line_that_was_not_called_off_is_stopped():
    side = trade()
    order = call_off(contract_of(side)).order
    with editing(order, actor=side.clerk):
        PurchaseOrderLine.objects.filter(order=order).update(number=2)

    with pytest.raises(Blocked) as refused:
        order.submit(actor=side.clerk)

    assert codes(refused) == [("#/lines/2", "not-called-off")]


def test_an_order_waits_while_its_contract_is_suspended():
    side = trade()
    contract = contract_of(side)
    order = call_off(contract).order.submit(actor=side.clerk).approve(actor=side.manager)
    contract.suspend(actor=side.controller, reason="Certificate expired.")

    with pytest.raises(Blocked) as refused:
        order.issue(actor=side.clerk)

    assert codes(refused) == [("#/source", "contract-not-running")]


def test_a_change_the_supplier_proposes_keeps_to_the_contract_too():
    side = trade()
    order = call_off(contract_of(side)).order.submit(actor=side.clerk).approve(actor=side.manager)
    order.issue(actor=side.clerk)
    order.propose_change(actor=side.sales, reason="Steel.", lines=[ProposedLine(1, unit_price=Decimal("0.30"))])

    with pytest.raises(Blocked) as refused:
        order.accept_change(actor=side.clerk)

    assert codes(refused) == [("#/lines/1/unit_price", "price-not-contracted")]


def test_an_order_without_a_contract_is_not_concerned():
    assert issued_order(trade()).state == "issued"


def test_a_cancelled_order_gives_its_part_back_exactly_once(deliver):
    side = trade()
    contract = contract_of(side)
    reserved = call_off(contract)
    reserved.order.cancel(actor=side.manager, reason="Not needed.")

    deliver()
    deliver()

    reserved.refresh_from_db()
    assert (reserved.state, reserved.amount) == ("released", 0)
    assert counts(contract) == (0, [0, 0])


@pytest.mark.parametrize("ending", ["reject", "reject_order"])
def test_an_order_that_is_rejected_by_either_side_gives_its_part_back(ending, deliver):
    side = trade()
    contract = contract_of(side)
    order = call_off(contract).order.submit(actor=side.clerk)
    if ending == "reject_order":
        order.approve(actor=side.manager).issue(actor=side.clerk)

    getattr(order, ending)(actor=side.manager if ending == "reject" else side.sales, reason="No.")
    deliver()

    assert counts(contract) == (0, [0, 0])


def test_an_order_closed_short_counts_as_far_as_it_was_received(deliver):
    side = trade()
    contract = contract_of(side)
    reserved = call_off(contract, 100)
    order = reserved.order.submit(actor=side.clerk).approve(actor=side.manager)
    order.issue(actor=side.clerk).acknowledge(actor=side.sales)
    receive(side, order, 60)
    order.refresh_from_db()
    order.close(actor=side.clerk, reason="The rest is not needed.")

    deliver()

    reserved.refresh_from_db()
    assert (reserved.state, reserved.amount) == ("settled", 15)
    assert counts(contract) == (15, [60, 0])
    assert call_off(contract, 940).amount == 235


def test_the_database_has_the_last_word_on_ceiling_and_quantity():
    contract = contract_of(trade(), ceiling=Decimal(30))

    with pytest.raises(IntegrityError, match="contract_called_off_within_ceiling"), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(called_off=Decimal("30.01"))
    with pytest.raises(IntegrityError, match="contract_line_called_off_within_quantity"), transaction.atomic():
        ContractLine.objects.filter(contract=contract, number=1).update(called_off=1001)


def recomputed(contract: Contract) -> Decimal:
    return sum((row.amount for row in CallOff.objects.filter(contract=contract)), Decimal(0))


@pytest.mark.django_db(transaction=True)
def test_call_offs_that_race_for_the_last_of_a_contract_exactly_fit():
    contract = contract_of(trade(), ceiling=Decimal(100))
    actors = [member(contract.buyer, "buyer") for _ in range(8)]

    said = in_threads(8, lambda number: call_off(Contract.objects.get(pk=contract.pk), 100, actor=actors[number]))

    assert sorted(type(answer).__name__ for answer in said) == ["CallOff"] * 4 + ["CeilingReached"] * 4
    assert counts(contract) == (100, [400, 0])
    assert recomputed(contract) == 100
    assert len({answer.number for answer in said if isinstance(answer, CallOff)}) == 4


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_would_reach_the_databases_last_word(monkeypatch):
    contract = contract_of(trade(), ceiling=Decimal(100))
    actors = [member(contract.buyer, "buyer") for _ in range(8)]
    monkeypatch.setattr(Contract, "lock", lambda self: self.refresh_from_db())

    said = in_threads(8, lambda number: call_off(Contract.objects.get(pk=contract.pk), 100, actor=actors[number]))

    # Whoever read before the others wrote is stopped by the constraint alone, or waits in a ring and is sent away.
    assert {type(answer).__name__ for answer in said} <= {
        "CallOff", "CeilingReached", "IntegrityError", "OperationalError",
    }  # fmt: skip
    assert counts(contract)[0] == recomputed(contract) <= 100

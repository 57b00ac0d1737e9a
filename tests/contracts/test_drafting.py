"""A contract follows from an award or an order exactly once, with its prices and the usual clauses."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.errors import Invalid, WrongState
from b2b.policy import CLOCK
from contracts.composing import Composition
from contracts.drafting import draft_for_supplier, draft_from_award, draft_from_order
from contracts.models import Contract
from contracts.price_line import PriceLine
from contracts.starting_library import load
from procurement.models import PurchaseOrder
from quotations.models import Quotation
from tests.b2b.test_workflow import in_threads
from tests.factories.b2b import PlatformFactory, SupplierFactory, member
from tests.factories.contracts import ContractFactory, TemplateInForceFactory
from tests.factories.procurement import issued_order, trade
from tests.factories.quotations import approved as approved_award
from tests.factories.quotations import opened_tender

pytestmark = pytest.mark.django_db


def confirmed_award(**values):
    side = opened_tender({1: "2.00", 2: "3.00"}, {1: "2.50", 2: "3.50"})
    award = approved_award(side, creates="contract", **values)
    return side, award.confirm(actor=CLOCK)


def test_a_confirmed_award_becomes_a_draft_contract_and_no_order(deliver):
    side, award = confirmed_award()

    deliver()
    deliver()

    contract = Contract.objects.get()
    assert (contract.award, contract.rfq, contract.supplier) == (award, side.rfq, side.bidders[0])
    assert (contract.state, contract.value, contract.currency) == ("draft", 500, "EUR")
    assert list(contract.lines.values_list("number", "quantity", "unit_price")) == [(1, 100, 2), (2, 100, 3)]
    assert Quotation.objects.get(rfq=side.rfq, supplier=side.bidders[0]).state == "ordered"
    assert PurchaseOrder.objects.count() == 0


def test_an_award_heard_twice_makes_one_contract():
    _side, award = confirmed_award()

    first, second = draft_from_award(award), draft_from_award(award)

    assert [contract.pk for contract in first] == [contract.pk for contract in second]
    assert Contract.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_award_heard_by_two_workers_at_once_makes_one_contract():
    _side, award = confirmed_award()

    said = in_threads(2, lambda number: draft_from_award(award))

    assert said[0][0].pk == said[1][0].pk
    assert Contract.objects.count() == 1


def test_a_contract_by_hand_finds_the_awards_own():
    side, award = confirmed_award()
    (made,) = draft_from_award(award)

    assert draft_for_supplier(award, side.bidders[0], actor=side.clerk).pk == made.pk
    with pytest.raises(Invalid):
        draft_for_supplier(award, side.bidders[1], actor=side.clerk)


def test_nothing_follows_from_an_award_before_it_is_confirmed():
    side = opened_tender({1: 2, 2: 3})
    award = approved_award(side, creates="contract")

    with pytest.raises(WrongState):
        draft_for_supplier(award, side.bidders[0], actor=side.clerk)


def test_the_buyers_own_usual_template_comes_before_the_platforms():
    platform = PlatformFactory()
    shared = load(writer=member(platform, "compliance"), approver=member(platform, "compliance"))
    side = trade()
    order = issued_order(side)
    assert draft_from_order(order, actor=side.clerk).template == shared.current()

    own = TemplateInForceFactory(buyer=side.buyer, is_usual=True)

    assert draft_from_order(issued_order(side), actor=side.clerk).template == own.current()


def test_an_order_becomes_one_contract_with_its_prices():
    side = trade()
    order = issued_order(side)

    first, second = draft_from_order(order, actor=side.clerk), draft_from_order(order, actor=side.clerk)

    assert first.pk == second.pk
    assert (first.supplier, first.value, first.lines.count()) == (order.supplier, 300, 2)
    assert first.source == f"procurement.purchaseorder/{order.pk}"


def test_every_fault_of_a_draft_is_named_at_once_and_nothing_is_made():
    lines = [
        PriceLine(1, "Bolt", "H87", Decimal(-1), quantity=Decimal(0)),
        PriceLine(1, "Nut", "??", Decimal(1)),
    ]

    with pytest.raises(Invalid) as refused:
        ContractFactory(composition=Composition(lines=lines, fields={"colour": "red"}))

    assert {(fault.pointer, fault.code) for fault in refused.value.faults} == {
        ("#/fields/colour", "unknown-field"),
        ("#/lines/0/number", "line-twice"),
        ("#/lines/1/number", "line-twice"),
        ("#/lines/0/quantity", "not-positive"),
        ("#/lines/0/unit_price", "negative-price"),
        ("#/lines/1/unit", "unknown-unit"),
    }
    assert Contract.objects.count() == 0


def test_a_contract_is_between_two_organisations():
    both = SupplierFactory(is_buyer=True)

    with pytest.raises(Invalid) as refused:
        ContractFactory(buyer=both, supplier=both)

    assert [fault.code for fault in refused.value.faults] == ["own-organisation"]
    assert Contract.objects.count() == 0


def test_the_value_is_the_sum_of_rounded_lines():
    lines = [PriceLine(n, "Washer", "H87", Decimal("0.335"), quantity=Decimal(3)) for n in (1, 2)]

    assert ContractFactory(composition=Composition(lines=lines)).value == Decimal("2.02")

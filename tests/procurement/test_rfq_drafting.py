"""The lines of an RFQ, whom it invites, and what a copy takes over."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from b2b.errors import Invalid
from b2b.workflow import editing
from procurement import tendering
from procurement.models import RequestForQuotation
from procurement.tendering import AskedLine, Invitee
from tests.factories.b2b import OrganisationFactory
from tests.factories.procurement import asked, published_rfq, rfq_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("alone")]


def test_the_estimate_is_the_sum_of_rounded_lines(side):
    lines = asked(3, quantity=Decimal(1), estimate_unit_price=Decimal("0.335"))

    assert rfq_of(side, lines=lines).estimate == Decimal("1.02")


def test_lines_keep_their_keys_by_number(side):
    rfq = rfq_of(side, lines=asked(3))
    before = dict(rfq.lines.values_list("number", "pk"))

    with editing(rfq, actor=side.clerk):
        tendering.rewrite(rfq, [*asked(2), AskedLine(number=7, item="Nut", quantity=Decimal(5), unit="C62")])

    after = dict(rfq.lines.values_list("number", "pk"))
    assert after.keys() == {1, 2, 7}
    assert (after[1], after[2]) == (before[1], before[2])
    assert rfq.estimate is None


@pytest.mark.parametrize(
    ("values", "pointer", "code"),
    [
        ({"unit": "BOX9"}, "#/lines/0/unit", "unknown-unit"),
        ({"quantity": Decimal(0)}, "#/lines/0/quantity", "not-positive"),
        ({"quantity": Decimal(-4)}, "#/lines/0/quantity", "not-positive"),
        ({"item": "  "}, "#/lines/0/item", "required"),
        ({"estimate_unit_price": Decimal(-1)}, "#/lines/0/estimate_unit_price", "negative-price"),
    ],
)
def test_a_line_that_cannot_stand_is_named_and_nothing_is_written(side, values, pointer, code):
    with pytest.raises(Invalid) as refusal:
        rfq_of(side, lines=asked(1, **values))

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [(pointer, code)]
    assert RequestForQuotation.objects.count() == 0


def test_a_line_names_a_product_there_is(side, codes):
    with pytest.raises(Invalid) as refusal:
        rfq_of(side, lines=asked(1, product_id=uuid4()))

    assert codes(refusal) == ["unknown-product"]
    assert RequestForQuotation.objects.count() == 0


@pytest.mark.parametrize("stranger", ["nobody", "a buyer", "oneself"])
def test_only_other_organisations_that_supply_are_invited(side, stranger):
    key = {"nobody": uuid4(), "a buyer": OrganisationFactory().pk, "oneself": side.buyer.pk}[stranger]
    rfq = rfq_of(side)

    with pytest.raises(Invalid) as refusal, editing(rfq, actor=side.clerk):
        tendering.invite(rfq, [Invitee(side.supplier.pk), Invitee(key)])

    assert [(fault.pointer, fault.code) for fault in refusal.value.faults] == [
        ("#/invitations/1/supplier", "unknown-supplier")
    ]
    assert list(rfq.invitations.values_list("supplier_id", flat=True)) == [side.supplier.pk]


def test_a_copy_asks_the_same_of_the_same_suppliers(side):
    rfq = published_rfq(side)

    again = tendering.copy(rfq, actor=side.clerk)

    assert (again.state, again.copied_from_id, again.deadline) == ("draft", rfq.pk, None)
    assert again.estimate == rfq.estimate
    assert again.number != rfq.number
    assert list(again.invitations.values_list("supplier_id", flat=True)) == [side.supplier.pk]

from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from b2b.errors import Invalid, NotAllowed, NotFound, WrongState
from b2b.models import JournalEntry
from b2b.workflow import editing
from procurement import requisitioning
from procurement.consolidation import convert
from procurement.models import RequestForQuotation, Requisition
from procurement.tendering import AskedLine
from tests.factories.b2b import member
from tests.factories.procurement import asked, policy_for, requisition_of, tomorrow, trade

pytestmark = pytest.mark.django_db


def needs(*rows):
    return [AskedLine(number=number, **row) for number, row in enumerate(rows, 1)]


def bolts(quantity, **values):
    return {
        "item": "Hex bolt M8",
        "quantity": Decimal(quantity),
        "unit": "C62",
        "estimate_unit_price": Decimal(1),
        **values,
    }


def approved(side, *rows, **values):
    return requisition_of(side, lines=needs(*rows), **values).submit(actor=side.requester)


def test_up_to_the_limit_a_requisition_needs_no_approval(side):
    policy_for(side.buyer, requisition_limit=Decimal(400))

    assert requisition_of(side).submit(actor=side.requester).state == "approved"


def test_above_the_limit_somebody_else_approves(side, state_of):
    policy_for(side.buyer, requisition_limit=Decimal("399.99"))
    both = member(side.buyer, "requester", "buying_manager")
    requisition = requisition_of(side)
    with editing(requisition, actor=both):
        requisition.title = "For the new workshop"
    requisition.submit(actor=side.requester)

    with pytest.raises(NotAllowed):
        requisition.approve(actor=both)
    before = state_of(requisition)
    requisition.approve(actor=side.manager)

    assert (before, requisition.state) == ("pending_approval", "approved")


def test_an_unknown_estimate_is_above_every_limit(side):
    requisition = requisition_of(side, lines=asked(1, estimate_unit_price=None))

    assert requisition.submit(actor=side.requester).state == "pending_approval"


def test_a_requisition_is_sent_back_rejected_or_cancelled(side):
    first, second, third = (requisition_of(side, lines=asked(1, estimate_unit_price=None)) for _ in range(3))
    for requisition in (first, second, third):
        requisition.submit(actor=side.requester)

    first.send_back(actor=side.manager, reason="How much?")
    second.reject(actor=side.manager, reason="No budget.")
    third.cancel(actor=side.requester, reason="Found some.")

    assert (first.state, second.state, third.state) == ("draft", "rejected", "cancelled")


def test_what_one_needs_is_ones_own_affair(side):
    requisition_of(side)
    visible = Requisition.objects.visible_to

    assert [visible(actor).count() for actor in (side.requester, side.sales, side.stranger)] == [1, 0, 0]


def test_lines_that_cannot_stand_are_named_and_nothing_is_written(side, codes):
    with pytest.raises(Invalid) as refusal:
        requisition_of(side, lines=asked(1, quantity=Decimal(0), unit="???", item=""))

    assert codes(refusal) == ["required", "not-positive", "unknown-unit"]
    assert Requisition.objects.count() == 0


def test_requisitions_for_the_same_thing_merge_without_losing_a_quantity(side):
    one = approved(side, bolts(30, required_by=tomorrow(9)), {**bolts(5), "item": "Nut M8"})
    other = approved(side, bolts("12.5", item="HEX BOLT  m8", estimate_unit_price=Decimal(2), required_by=tomorrow(4)))

    rfq = convert([one.pk, other.pk], title="Fasteners", actor=side.clerk)

    merged, nuts = rfq.lines.order_by("number")
    assert (rfq.state, rfq.buyer_id, rfq.currency) == ("draft", side.buyer.pk, "EUR")
    assert (merged.quantity, merged.estimate_unit_price, merged.required_by) == (Decimal("42.5"), 2, tomorrow(4))
    assert (nuts.item, nuts.quantity) == ("Nut M8", 5)
    assert {line.rfq_line_id for line in other.lines.all()} == {merged.pk}
    assert {Requisition.objects.get(pk=r.pk).state for r in (one, other)} == {"converted"}
    assert {Requisition.objects.get(pk=r.pk).rfq_id for r in (one, other)} == {rfq.pk}


def test_the_same_thing_in_another_unit_stays_a_line_of_its_own(side):
    requisition = approved(side, bolts(30), bolts(2, unit="KGM"))

    assert convert([requisition.pk], title="Fasteners", actor=side.clerk).lines.count() == 2


def test_one_unknown_estimate_makes_the_merged_one_unknown(side):
    one = approved(side, bolts(1))
    other = requisition_of(side, lines=needs(bolts(1, estimate_unit_price=None)))
    other.submit(actor=side.requester).approve(actor=side.manager)

    rfq = convert([one.pk, other.pk], title="Fasteners", actor=side.clerk)

    assert rfq.lines.get().estimate_unit_price is None


def test_a_requisition_is_converted_once(side):
    requisition = approved(side, bolts(1))
    convert([requisition.pk], title="Fasteners", actor=side.clerk)

    with pytest.raises(WrongState):
        convert([requisition.pk], title="Fasteners again", actor=side.clerk)

    assert RequestForQuotation.objects.count() == 1


def test_all_are_converted_or_none(side, state_of):
    ready, draft = approved(side, bolts(1)), requisition_of(side)

    with pytest.raises(WrongState):
        convert([ready.pk, draft.pk], title="Fasteners", actor=side.clerk)

    assert (state_of(ready), state_of(draft), RequestForQuotation.objects.count()) == ("approved", "draft", 0)


def test_two_currencies_are_not_merged(side, codes, state_of):
    policy_for(side.buyer)
    euro = approved(side, bolts(1))
    dollar = requisition_of(side, lines=needs(bolts(1)), currency="USD")
    dollar.submit(actor=side.requester).approve(actor=side.manager)

    with pytest.raises(Invalid) as refusal:
        convert([euro.pk, dollar.pk], title="Fasteners", actor=side.clerk)

    assert codes(refusal) == ["currencies-differ"]
    assert (state_of(euro), state_of(dollar)) == ("approved", "approved")


def test_strangers_requisitions_are_not_there(side, state_of):
    theirs = approved(trade(), bolts(1))

    for keys in ([theirs.pk], [uuid4()], []):
        with pytest.raises(NotFound):
            convert(keys, title="Fasteners", actor=side.clerk)

    assert state_of(theirs) == "approved"
    assert RequestForQuotation.objects.count() == 0


def test_only_a_buyer_converts(side, state_of):
    requisition = approved(side, bolts(1))

    with pytest.raises(NotAllowed):
        convert([requisition.pk], title="Fasteners", actor=side.requester)

    assert state_of(requisition) == "approved"


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Bolt", "bolt ", "Nut"]),
        st.decimals(Decimal("0.001"), 900, places=3),
        st.sampled_from(["C62", "KGM"]),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(ROWS, min_size=1, max_size=3))
def test_no_merge_loses_or_invents_a_quantity(side, batches):
    policy_for(side.buyer, requisition_limit=Decimal(10**9)) if not hasattr(side.buyer, "procurement_policy") else None
    requisitions = [
        requisition_of(
            side,
            lines=needs(
                *(
                    {"item": item, "quantity": quantity, "unit": unit, "estimate_unit_price": Decimal(0)}
                    for item, quantity, unit in rows
                )
            ),
        ).submit(actor=side.requester)
        for rows in batches
    ]

    rfq = convert([requisition.pk for requisition in requisitions], title="All", actor=side.clerk)

    for line in rfq.lines.all():
        assert line.quantity == sum(part.quantity for part in line.requisition_lines.all())
    assert sum(line.quantity for line in rfq.lines.all()) == sum(
        quantity for rows in batches for _, quantity, _ in rows
    )


def test_a_conversion_is_in_the_journal_of_each_requisition(side):
    requisition = approved(side, bolts(1))

    rfq = convert([requisition.pk], title="Fasteners", actor=side.clerk)

    entry = JournalEntry.objects.of(requisition).get(step="convert")
    assert entry.inputs == {"rfq_id": str(rfq.pk)}


def test_editing_replaces_lines_by_number(side):
    requisition = requisition_of(side, lines=asked(3))
    kept = requisition.lines.get(number=1).pk

    with editing(requisition, actor=side.requester):
        requisitioning.rewrite(requisition, asked(1, quantity=Decimal(7)))

    assert list(requisition.lines.values_list("pk", "quantity")) == [(kept, 7)]

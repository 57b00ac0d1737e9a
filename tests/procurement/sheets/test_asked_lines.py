"""The lines of RFQs and requisitions by a table: sections, schedules, and nothing lost on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from b2b.errors import NotAllowed, NotFound
from b2b.uploads.formats import format_of
from b2b.workflow import editing
from procurement import requisitioning, tendering
from procurement.asked_lines import AskedLine
from procurement.schedule import Delivery
from tests.factories.procurement import asked, published_rfq, requisition_of, rfq_of, tomorrow
from tests.factories.suppliers import ProductFactory
from tests.procurement.sheets.bringing import changes, faults, outcomes

pytestmark = pytest.mark.django_db
HEAD = ("Line", "Item", "Quantity", "Unit")


@pytest.fixture
def rfq(side):
    return rfq_of(side)


@pytest.fixture
def lines(bringing, side, rfq):
    return bringing("rfq_lines", side.clerk, rfq)


def test_a_row_that_only_holds_a_title_is_the_section_of_the_rows_below(lines, rfq):
    upload = lines.applied(
        HEAD, (10, "Kick-off", 1, "pcs"), ("Lot 1: Roof",), (11, "Beam", 5, "m"), (12, "Plate", 2, "m2"), ("Lot 2: Floor",),
        (13, "Tile", 9, "m2"),
    )  # fmt: skip

    assert (upload.state, upload.problem) == ("applied", None)
    sections = list(rfq.lines.filter(number__gte=10).order_by("number").values_list("number", "section"))
    assert sections == [(10, ""), (11, "Lot 1: Roof"), (12, "Lot 1: Roof"), (13, "Lot 2: Floor")]


def test_a_line_is_needed_in_parts_on_several_days(lines, rfq):
    lines.applied((*HEAD, "Delivery schedule"), (1, "Beam", 2000, "m", "2027-05-31: 800; 2027-03-31：1200"))

    line = rfq.lines.get(number=1)
    assert line.deliveries == [{"on": "2027-03-31", "quantity": "1200"}, {"on": "2027-05-31", "quantity": "800"}]
    assert line.required_by == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ("2027-03-31: 1200; 2027-05-31: 900", "schedule-differs"),
        ("2027-03-31: 1000; 2027-03-31: 1000", "day-twice"),
        ("2027-03-31: 2000; 2027-04-30: 0", "not-positive"),
        ("in March", "not-a-schedule"),
        ("2027-02-30: 2000", "not-a-schedule"),
    ],
)
def test_a_schedule_that_cannot_be_is_a_fault_at_its_cell(lines, schedule, code):
    upload = lines.rows((*HEAD, "Delivery schedule"), (1, "Beam", 2000, "m", schedule))

    assert faults(upload) == [(2, "Delivery schedule", code)]


def test_a_line_that_still_says_the_same_keeps_its_product(lines, rfq, side):
    product = ProductFactory(supplier=side.supplier)
    with editing(rfq, actor=side.clerk):
        tendering.rewrite(rfq, asked(2, product_id=product.pk))

    lines.applied(HEAD, (1, "Hex bolt M8x40", 7, "C62"), (2, "Something else", 100, "C62"))

    assert list(rfq.lines.order_by("number").values_list("quantity", "product_id")) == [(7, product.pk), (100, None)]


def test_undoing_restores_lines_and_estimate(lines, rfq):
    before = list(rfq.lines.order_by("number").values())
    upload = lines.applied(HEAD, (1, "Beam", 5, "m"), (3, "Plate", 2, "m2"), delist_missing=True)
    rfq.refresh_from_db()
    assert rfq.estimate is None

    upload = lines.undo(upload)

    rfq.refresh_from_db()
    assert (upload.state, rfq.estimate) == ("undone", 400)
    assert list(rfq.lines.order_by("number").values()) == before


def test_an_exported_rfq_comes_back_unchanged(lines, rfq, side):
    with editing(rfq, actor=side.clerk):
        tendering.rewrite(rfq, [
            AskedLine(1, "=1+1", Decimal("0.000001"), "C62", code="+7", section="- A", mandatory=False),
            AskedLine(70, "六角螺栓\n镀锌", Decimal("12345678901234.5"), "KGM", estimate_unit_price=Decimal(0),
                      required_by=tomorrow(9)),
            AskedLine(71, "Nut", Decimal(3), "MTR", required_by=tomorrow(),
                      deliveries=(Delivery(tomorrow(2), Decimal("1.25")), Delivery(tomorrow(3), Decimal("1.75")))),
        ])  # fmt: skip

    upload = lines.exported()

    assert changes(upload) == {}
    assert outcomes(upload) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]
    assert upload.missing_count == 0


def test_a_supplier_reads_the_lines_without_estimates_and_brings_none(bringing, side):
    rfq = published_rfq(side)
    reader = bringing("rfq_lines", side.sales, rfq)

    told = format_of("rfq_lines").rows(organisation_id=side.supplier.pk, target=rfq, actor=side.sales)

    assert [(row["number"], row["estimate_unit_price"]) for row in told] == [(1, None), (2, None)]
    with pytest.raises(NotAllowed):
        reader.rows(HEAD, (1, "Beam", 5, "m"))


def test_a_requisition_takes_lines_and_gives_them_back(bringing, side):
    requisition = requisition_of(side)
    lines = bringing("requisition_lines", side.requester, requisition)

    upload = lines.applied(
        (*HEAD, "Target price", "Need by"),
        (1, "Hex bolt M8x40", 100, "C62", 3, "2027-03-31"),
        (5, "Nut", 8, "pcs", 1, None),
    )

    requisition.refresh_from_db()
    assert (upload.state, requisition.estimate) == ("applied", 508)
    assert changes(upload) == {2: {"estimate_unit_price": ("2", "3"), "required_by": (None, "2027-03-31")}}
    assert outcomes(lines.exported()) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]
    lines.undo(upload)
    assert list(requisition.lines.order_by("number").values_list("number", "estimate_unit_price")) == [(1, 2), (2, 2)]


def test_a_requisitions_lines_are_its_organisations_own(bringing, side):
    requisition = requisition_of(side)

    with pytest.raises(NotFound):
        bringing("requisition_lines", side.stranger, requisition).rows(HEAD, (1, "Nut", 1, "pcs"))


def test_an_exported_requisition_comes_back_unchanged(bringing, side):
    requisition = requisition_of(side, lines=[
        AskedLine(3, 'Nut; "M8"', Decimal("1.5"), "KGM", code="0012", required_by=tomorrow()),
        AskedLine(9, "螺母", Decimal(1), "C62", estimate_unit_price=Decimal("0.000001")),
    ])  # fmt: skip

    upload = bringing("requisition_lines", side.requester, requisition).exported()

    assert outcomes(upload) == [(2, "unchanged"), (3, "unchanged")]
    requisition.refresh_from_db()
    with editing(requisition, actor=side.requester):
        requisitioning.rewrite(requisition, [])

"""The lines of one purchase order by a table: reviewed, applied, undone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.errors import Blocked, NotAllowed, NotFound, WrongState
from b2b.workflow import editing
from procurement import ordering
from tests.factories.procurement import approved_order, order_of, ordered
from tests.factories.suppliers import ListedProductFactory, PriceFactory
from tests.procurement.sheets.bringing import changes, faults, outcomes

pytestmark = pytest.mark.django_db
HEAD = ("Line", "Item", "Quantity", "Unit", "Unit price")
UNTAXED = {"vat_category": None, "vat_rate": None}
"""As the buyer's policy has it, like the rows below."""


@pytest.fixture
def order(side):
    return order_of(side, lines=ordered(3, **UNTAXED))


@pytest.fixture
def lines(bringing, side, order):
    return bringing("purchase_order_lines", side.clerk, order)


def told(order):
    return list(order.lines.order_by("number").values_list("number", "item", "quantity", "unit_price"))


def test_the_review_says_what_is_new_changed_and_unchanged_and_writes_nothing(lines, order):
    before = list(order.lines.order_by("number").values())

    upload = lines.rows(HEAD, (1, "Hex bolt M8x40", 100, "C62", 1.5), (2, "Hex bolt M8x40", 250, "C62", 1.5),
                        (9, "Nut", 5, "pcs", 0.25))  # fmt: skip

    assert upload.state == "reviewed"
    assert outcomes(upload) == [(2, "unchanged"), (3, "changed"), (4, "new")]
    assert changes(upload) == {3: {"quantity": ("100", "250")}}
    assert upload.missing_count == 1
    assert list(order.lines.order_by("number").values()) == before


def test_applied_it_changes_and_adds_lines_and_keeps_those_it_does_not_name(lines, order):
    keys = dict(order.lines.values_list("number", "pk"))

    upload = lines.applied(HEAD, (2, "Hex bolt M8x40", 250, "C62", 1.5), (9, "Nut", 5, "pcs", 0.25))

    assert (upload.state, upload.problem) == ("applied", None)
    assert [(number, quantity) for number, _, quantity, _ in told(order)] == [(1, 100), (2, 250), (3, 100), (9, 5)]
    assert order.lines.get(number=2).pk == keys[2]
    order.refresh_from_db()
    assert order.net == Decimal("676.25")
    assert order.version == 2


def test_what_the_file_has_no_column_for_stays_as_it_is(lines, order, side):
    requested = order.lines.get(number=1).requested_on

    lines.applied(HEAD, (1, "Hex bolt M8x40", 7, "C62", 1.5))

    line = order.lines.get(number=1)
    assert (line.quantity, line.requested_on) == (7, requested)


def test_lines_the_file_does_not_name_go_if_that_is_asked_for(lines, order):
    upload = lines.applied(HEAD, (1, "Hex bolt M8x40", 100, "C62", 1.5), delist_missing=True)

    assert upload.state == "applied"
    assert [number for number, *_ in told(order)] == [1]


def test_a_line_whose_row_is_faulty_is_not_taken_for_missing(lines, order):
    upload = lines.rows(HEAD, (1, "Hex bolt M8x40", 100, "C62", 1.5), (2, "Hex bolt", "many", "C62", 1.5))
    assert upload.missing_count == 1

    lines.apply(upload, only_valid=True, delist_missing=True)

    assert [number for number, *_ in told(order)] == [1, 2]


def test_undoing_restores_every_line_to_the_last_column(lines, order):
    before = list(order.lines.order_by("number").values())
    upload = lines.applied(HEAD, (1, "Nut", 1, "pcs", 9), (4, "Bolt", 1, "pcs", 9), delist_missing=True)
    assert [number for number, *_ in told(order)] == [1, 4]

    upload = lines.undo(upload)

    assert (upload.state, upload.problem) == ("undone", None)
    assert list(order.lines.order_by("number").values()) == before
    order.refresh_from_db()
    assert (order.net, order.total) == (450, 450)


def test_an_order_that_was_changed_since_is_not_undone(lines, order, side):
    upload = lines.applied(HEAD, (1, "Nut", 1, "pcs", 9))
    order.refresh_from_db()
    with editing(order, actor=side.clerk):
        order.title = "Mine"

    with pytest.raises(Blocked) as refused:
        lines.undo(upload)

    assert [fault.code for fault in refused.value.faults] == ["gone-on-since"]
    assert order.lines.get(number=1).item == "Nut"


def test_an_order_that_was_changed_since_the_review_is_left_alone(lines, order, side):
    upload = lines.rows(HEAD, (1, "Nut", 1, "pcs", 9), (2, "Hex bolt M8x40", 100, "C62", 1.5))
    with editing(order, actor=side.clerk):
        ordering.rewrite(order, ordered(1, quantity=Decimal(8), **UNTAXED))

    upload = lines.apply(upload)

    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert told(order) == [(1, "Hex bolt M8x40", 8, Decimal("1.5"))]


def test_an_order_that_left_the_draft_takes_no_lines(lines, order, side):
    upload = lines.rows(HEAD, (1, "Nut", 1, "pcs", 9))
    order.submit(actor=side.clerk)

    upload = lines.apply(upload)

    assert (upload.state, upload.problem["code"]) == ("reviewed", "wrong-state")
    assert order.lines.get(number=1).item == "Hex bolt M8x40"


def test_what_the_catalogue_fills_in_is_part_of_the_review(lines, order, side):
    product = ListedProductFactory(supplier=side.supplier, sku="HB-8", name="Hex bolt", unit="C62")
    PriceFactory(product=product, unit_price=Decimal("2.5"))

    upload = lines.rows(("Line", "SKU", "Quantity"), (7, "HB-8", 3))

    row = upload.rows.get(outcome="new")
    assert {name: row.after[name] for name in ("item", "unit", "unit_price", "item_number")} == {
        "item": "Hex bolt", "unit": "C62", "unit_price": "2.5", "item_number": "HB-8",
    }  # fmt: skip


def test_a_price_that_moved_since_the_review_is_reviewed_again(lines, order, side):
    product = ListedProductFactory(supplier=side.supplier, sku="HB-8", name="Hex bolt", unit="C62")
    price = PriceFactory(product=product, unit_price=Decimal("2.5"))
    upload = lines.rows(("Line", "SKU", "Quantity"), (7, "HB-8", 3))
    type(price).objects.filter(pk=price.pk).update(unit_price=Decimal(3))

    upload = lines.apply(upload)

    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert not order.lines.filter(number=7).exists()


def test_what_the_rules_find_stands_at_its_cell_and_the_other_rows_are_judged_without_it(lines):
    upload = lines.rows(
        ("Line", "SKU", "Item", "Quantity", "Unit", "Unit price"),
        (1, "NOBODY-HAS-IT", None, 5, None, None),
        (2, None, "Nut", 5, "pcs", 1),
        (3, None, "Nut", 5, "pcs", None),
    )

    assert faults(upload) == [(2, "Supplier's item number", "product-not-offered"), (4, "Unit price", "required")]
    assert outcomes(upload) == [(2, "faulty"), (3, "changed"), (4, "faulty")]


def test_only_who_may_write_orders_brings_lines_and_only_to_their_own(bringing, side, order):
    with pytest.raises(NotAllowed):
        bringing("purchase_order_lines", side.receiver, order).rows(HEAD, (1, "Nut", 1, "pcs", 9))
    with pytest.raises(NotFound):
        bringing("purchase_order_lines", side.stranger, order).rows(HEAD, (1, "Nut", 1, "pcs", 9))
    with pytest.raises(WrongState):
        bringing("purchase_order_lines", side.clerk, approved_order(side)).rows(HEAD, (1, "Nut", 1, "pcs", 9))


def test_rows_without_numbers_are_counted(lines, order):
    lines.applied(HEAD[1:], ("Nut", 1, "pcs", 9), ("Washer", 2, "pcs", 8))

    assert [(number, item) for number, item, *_ in told(order)] == [
        (1, "Nut"), (2, "Washer"), (3, "Hex bolt M8x40"),
    ]  # fmt: skip


def test_what_is_exported_comes_back_unchanged(lines, order, side):
    product = ListedProductFactory(supplier=side.supplier, sku="=HB;8", name="Hex bolt", unit="C62")
    with editing(order, actor=side.clerk):
        ordering.rewrite(order, [
            *ordered(2, quantity=Decimal("0.000001"), unit_price=Decimal("99999999999999.999999"), source_unit_price=None,
                     variance_reason="as agreed,\nby phone"),
            *[ordering.OrderedLine(number=30, product_id=product.pk, quantity=Decimal("1234567.5"), unit_price=Decimal(0),
                                   item="'quoted", code="007", vat_category="Z", vat_rate=Decimal(0))],
        ])  # fmt: skip

    upload = lines.exported()

    assert outcomes(upload) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]
    assert upload.missing_count == 0

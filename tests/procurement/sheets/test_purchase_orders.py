"""Many orders in one table: grouped by reference, drafted, found again, taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from b2b import journal
from b2b.errors import Blocked, NotAllowed
from b2b.models import JournalEntry
from b2b.workflow import editing
from procurement.models import PurchaseOrder, PurchaseOrderLine
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.procurement import issued_order, order_of
from tests.factories.suppliers import IdentifierFactory, ListedProductFactory, PriceFactory, PublishedProfileFactory
from tests.procurement.sheets.bringing import changes, faults, outcomes

pytestmark = pytest.mark.django_db
HEAD = (
    "PO number",
    "Vendor",
    "Currency",
    "Terms",
    "Ship to",
    "Line",
    "Item",
    "Qty",
    "Unit",
    "Unit price",
    "Delivery date",
)


@pytest.fixture
def orders(bringing, side):
    return bringing("purchase_orders", side.clerk)


@pytest.fixture
def rows(side):
    """Two orders of two suppliers; what concerns the whole order stands in the first row only."""
    other = SupplierFactory(name="Śruby & Nakrętki Sp. z o.o.")
    return [
        HEAD,
        ("A-1", side.supplier.name, "EUR", "60 days net", "Gate 3", 1, "Bolt", 2000, "pcs", "0,12", "2027-03-31"),
        ("A-1", None, None, None, None, 2, "Nut", 2000, "pcs", "0,05", "2027-04-30"),
        ("A-2", other.name.upper(), "CNY", None, None, 1, "Washer", 10, "kg", "8,5", None),
    ]


def test_rows_with_one_reference_become_one_draft(orders, rows, side):
    upload = orders.applied(*rows)

    assert (upload.state, upload.problem, upload.counts["new"]) == ("applied", None, 3)
    first, second = PurchaseOrder.objects.order_by("buyer_reference")
    assert (first.buyer_reference, first.state, first.number) == ("A-1", "draft", "")
    assert (first.supplier, first.currency, first.payment_terms, first.place) == (
        side.supplier,
        "EUR",
        "net_60",
        "Gate 3",
    )
    assert (first.net, first.created_by_id) == (340, side.clerk.user_id)
    assert list(first.lines.order_by("number").values_list("number", "item", "quantity", "unit_price", "requested_on")) == [
        (1, "Bolt", 2000, Decimal("0.12"), date(2027, 3, 31)), (2, "Nut", 2000, Decimal("0.05"), date(2027, 4, 30)),
    ]  # fmt: skip
    assert (second.supplier.name, second.currency, second.payment_terms, second.net) == (
        "Śruby & Nakrętki Sp. z o.o.", "CNY", "net_30", 85,
    )  # fmt: skip
    assert journal.verify() == []


def test_each_row_leads_to_its_order(orders, rows):
    upload = orders.applied(*rows)

    keys = dict(PurchaseOrder.objects.values_list("buyer_reference", "pk"))
    assert list(upload.rows.filter(outcome="new").order_by("number").values_list("document_id", flat=True)) == [
        keys["A-1"], keys["A-1"], keys["A-2"],
    ]  # fmt: skip


def test_an_imported_order_goes_the_way_of_every_other(orders, rows, side):
    orders.applied(*rows)

    order = PurchaseOrder.objects.get(buyer_reference="A-1")
    with editing(order, actor=side.clerk):
        order.variance_reason = "agreed"

    assert order.submit(actor=side.clerk).state == "pending_approval"


def test_the_same_table_again_changes_nothing(orders, rows):
    orders.applied(*rows)

    again = orders.rows(*rows)

    assert outcomes(again) == [(2, "unchanged"), (3, "unchanged"), (4, "unchanged")]
    assert PurchaseOrder.objects.count() == 2


def test_a_draft_is_changed_line_by_line_and_in_what_concerns_all_of_it(orders, rows, side):
    orders.applied(*rows)

    upload = orders.applied(
        ("PO number", "Ship to", "Line", "Item", "Qty", "Unit", "Unit price"),
        ("A-1", "Gate 4", 2, "Nut", 3000, "pcs", 0.05), ("A-1", None, 3, "Pin", 1, "pcs", 1),
    )  # fmt: skip

    order = PurchaseOrder.objects.get(buyer_reference="A-1")
    assert changes(upload) == {2: {"place": ("Gate 3", "Gate 4"), "quantity": ("2000", "3000")}}
    assert (order.place, order.currency, order.version, order.net) == ("Gate 4", "EUR", 2, Decimal(391))
    assert list(order.lines.order_by("number").values_list("number", "quantity")) == [(1, 2000), (2, 3000), (3, 1)]


def test_undoing_discards_new_drafts_and_restores_changed_ones(orders, rows):
    orders.applied(*rows[:3])
    order = PurchaseOrder.objects.get()
    before = list(order.lines.order_by("number").values())
    upload = orders.applied(
        HEAD, ("A-1", None, "EUR", "Paid before delivery", "Elsewhere", 1, "Bolt", 5, "pcs", 9, None), rows[3]
    )
    assert upload.state == "applied"

    upload = orders.undo(upload)

    order.refresh_from_db()
    assert (upload.state, upload.problem) == ("undone", None)
    assert (order.place, order.payment_terms, order.net, order.state) == ("Gate 3", "net_60", 340, "draft")
    assert list(order.lines.order_by("number").values()) == before
    assert PurchaseOrder.objects.get(buyer_reference="A-2").state == "cancelled"
    assert journal.verify() == []


def test_after_undoing_the_same_table_makes_the_orders_anew(orders, rows):
    orders.undo(orders.applied(*rows))

    orders.applied(*rows)

    assert sorted(PurchaseOrder.objects.values_list("buyer_reference", "state")) == [
        ("A-1", "cancelled"), ("A-1", "draft"), ("A-2", "cancelled"), ("A-2", "draft"),
    ]  # fmt: skip


def test_nothing_is_undone_once_somebody_went_on_with_an_order(orders, rows, side):
    upload = orders.applied(*rows)
    order = PurchaseOrder.objects.get(buyer_reference="A-2")
    with editing(order, actor=side.clerk):
        order.title = "Mine"

    with pytest.raises(Blocked) as refused:
        orders.undo(upload)

    assert [fault.detail for fault in refused.value.faults] == ["Order “A-2” was changed or went on since."]
    assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {"draft"}


def test_an_order_that_left_the_draft_is_not_changed_but_may_stand_in_the_table(orders, side):
    order = issued_order(side)
    line = order.lines.get(number=1)

    upload = orders.rows(
        ("PO number", "Line", "Item", "Qty", "Unit", "Unit price"),
        (order.number, 1, line.item, 100, "C62", 1.5), (order.number, 2, line.item, 101, "C62", 1.5),
    )  # fmt: skip

    assert outcomes(upload) == [(2, "unchanged"), (3, "faulty")]
    assert faults(upload) == [(3, "Order reference", "order-not-draft")]


def test_what_is_wrong_with_an_order_stands_at_its_cell_and_spares_the_others(orders, rows):
    upload = orders.rows(
        *rows,
        ("A-3", "Nobody Ltd", "EUR", None, None, 1, "Pin", 1, "pcs", 1, None),
        ("A-4", rows[1][1], "EUR", None, None, 1, "Pin", 1, "pcs", 1, None),
        ("A-4", rows[3][1], "EUR", None, None, 2, "Pin", 1, "pcs", 1, None),
        ("A-5", rows[1][1], None, None, None, 1, "Pin", 1, "pcs", 1, None),
        ("A-6", rows[1][1], "EUR", None, None, 1, "Pin", 1, "pcs", None, None),
        ("A-6", rows[1][1], "EUR", None, None, 2, "Pin", 1, "pcs", 1, None),
    )

    assert faults(upload) == [
        (5, "Supplier", "unknown-supplier"),
        (6, "Order reference", "order-faulty"),
        (7, "Supplier", "order-differs"),
        (8, "Currency", "required"),
        (9, "Unit price", "required"),
    ]
    assert upload.counts["new"] == 4


def test_a_supplier_is_known_by_a_registered_number_and_a_wrong_name_is_answered_with_those_alike(orders, side):
    supplier = SupplierFactory(name="Nordwind Fasteners GmbH", native_name="北风紧固件")
    IdentifierFactory(
        profile=PublishedProfileFactory(supplier=supplier), scheme="vat", country="DE", value="DE136695976"
    )
    row = ("EUR", None, None, 1, "Pin", 1, "pcs", 1, None)

    upload = orders.rows(
        HEAD, ("B-1", "DE 136.695.976", *row), ("B-2", "北风紧固件", *row), ("B-3", "Nordwind Fastners GmbH", *row)
    )

    assert {row.after["supplier"] for row in upload.rows.filter(outcome="new")} == {"Nordwind Fasteners GmbH"}
    assert upload.rows.get(outcome="faulty").faults[0]["suggestions"] == ["Nordwind Fasteners GmbH"]


def test_two_suppliers_of_one_name_are_not_guessed_between(orders):
    SupplierFactory(name="Twin Ltd")
    SupplierFactory(name="twin ltd")

    upload = orders.rows(HEAD, ("B-1", "Twin Ltd", "EUR", None, None, 1, "Pin", 1, "pcs", 1, None))

    assert faults(upload) == [(2, "Supplier", "supplier-ambiguous")]


def test_with_the_suppliers_item_number_the_catalogue_fills_in_the_rest(orders, side):
    product = ListedProductFactory(supplier=side.supplier, sku="HB-8", name="Hex bolt", unit="C62")
    PriceFactory(product=product, unit_price=Decimal("2.5"))

    orders.applied(("PO number", "Vendor", "Currency", "SKU", "Qty"), ("C-1", side.supplier.name, "EUR", "HB-8", 4))

    line = PurchaseOrderLine.objects.get()
    assert (line.item, line.unit, line.unit_price, line.source_unit_price, line.product) == (
        "Hex bolt", "C62", Decimal("2.5"), Decimal("2.5"), product,
    )  # fmt: skip


def test_the_same_reference_of_another_buyer_is_another_order(orders, bringing, rows, side):
    orders.applied(*rows)
    other = OrganisationFactory()
    upload = bringing("purchase_orders", member(other, "buyer")).applied(*rows)

    assert upload.counts["new"] == 3
    assert PurchaseOrder.objects.filter(buyer_reference="A-1").count() == 2


def test_two_reviews_of_one_table_make_its_orders_once(orders, rows):
    first, second = orders.rows(*rows), orders.rows(*rows)
    orders.apply(first)

    second = orders.apply(second)

    assert (second.state, second.problem["code"]) == ("reviewed", "changed-since-review")
    assert PurchaseOrder.objects.count() == 2


def test_a_receiver_brings_no_orders(bringing, side, rows):
    with pytest.raises(NotAllowed):
        bringing("purchase_orders", side.receiver).rows(*rows)


def test_what_is_exported_comes_back_unchanged(orders, rows, side):
    orders.applied(*rows)
    order_of(side, title="By hand; “quoted”", place="=Dock")
    issued_order(side)

    upload = orders.exported()

    assert changes(upload) == {}
    assert (upload.counts, upload.faulty_count) == ({"unchanged": 7}, 0)


def test_one_order_of_many_lines_costs_no_statement_a_line(orders, side, django_assert_max_num_queries):
    rows = [("PO number", "Vendor", "Currency", "Item", "Qty", "Unit", "Unit price")]
    rows += [("D-1", side.supplier.name, "EUR", f"Part {number}", number, "pcs", 1) for number in range(1, 301)]

    with django_assert_max_num_queries(150):
        orders.applied(*rows)

    assert PurchaseOrder.objects.get().lines.count() == 300
    assert JournalEntry.objects.filter(document_type="procurement.purchaseorder").count() == 1


def test_an_order_whose_first_row_cannot_be_read_is_asked_for_that_row_only(orders, rows):
    rows[1] = (*rows[1][:7], "about 2000", *rows[1][8:])

    upload = orders.rows(*rows)

    assert faults(upload) == [(2, "Quantity", "not-a-number"), (3, "Order reference", "rests-on-faulty")]
    assert outcomes(upload) == [(2, "faulty"), (3, "faulty"), (4, "new")]


def test_a_row_with_an_unreadable_cell_tells_its_other_faults(orders, rows):
    rows[3] = ("A-2", "Nobody Ltd", "CNY", None, None, 1, "Washer", "ten", "kg", "8,5", "soon")

    upload = orders.rows(*rows)

    assert faults(upload) == [
        (4, "Quantity", "not-a-number"), (4, "Requested for", "not-a-date"), (4, "Supplier", "unknown-supplier"),
    ]  # fmt: skip


def test_no_more_than_the_unreadable_cell_of_a_new_order_is_told(orders, rows):
    good = rows[3]
    for place in (1, 2, 5, 7, 8, 9, 10):
        rows[3] = (*good[:place], "x" * 300 if place == 1 else "?!", *good[place + 1 :])

        found = faults(orders.rows(*rows))

        assert [row for row, _heading, _code in found] == [4], (HEAD[place], found)

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from b2b import journal
from b2b.models import JournalEntry
from b2b.sheets import workbook as workbooks
from b2b.sheets.exporting import export
from b2b.sheets.faults import Faulty, SheetEmpty
from b2b.sheets.reading import best_table, read
from b2b.sheets.template import template
from suppliers.catalogue_import import Imported, import_catalogue
from suppliers.models import Product
from suppliers.queries.search import matching
from suppliers.sheets.catalogue import CatalogueSheet, catalogue_rows
from tests.factories.b2b import SupplierFactory, member
from tests.factories.suppliers import AttributeFactory, CategoryFactory, ListedProductFactory, ProductFactory
from tests.suppliers.workbooks import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def bolts():
    category = CategoryFactory(code="bolts", name="Bolts", native_name="螺栓")
    AttributeFactory(category=category, code="thread", kind="choice", allowed_values=["M6", "M8"], required=True)
    AttributeFactory(category=category, code="length", kind="number")
    return category


def taken(content, supplier, name="items.xlsx"):
    reading = read(CatalogueSheet, best_table(CatalogueSheet, workbooks.open(content, name)))
    return import_catalogue(reading, supplier_id=supplier.pk, actor=member(supplier, "sales"))


def test_new_items_become_drafts_with_all_that_was_said(supplier, bolts):
    file = catalogue(
        ["HX-1", "Hexagon bolt", "六角螺栓", "bolts", "件", 100, 14, "thread=M8; length=40.50"],
        ["HX-2", "Hexagon bolt, short", None, "螺栓", "kg", None, None, "thread: M6"],
    )

    done = taken(file, supplier)

    assert done == Imported(created=2, changed=0, unchanged=0)
    first, second = Product.objects.filter(supplier=supplier).order_by("sku")
    assert (first.state, first.version, first.category, first.unit, first.moq, first.lead_time_days) == (
        "draft", 1, bolts, "H87", Decimal(100), 14,
    )  # fmt: skip
    assert first.attributes == {"thread": "M8", "length": "40.5"}
    assert (second.category, second.unit, second.moq, second.lead_time_days) == (bolts, "KGM", Decimal(1), None)
    assert [entry.step for entry in JournalEntry.objects.of(first)] == ["create"]
    assert {hit.product_id for hit in matching("六角螺栓", Product.objects.all()).ranked} == {first.pk}


def test_the_same_file_twice_changes_nothing(supplier, bolts):
    file = catalogue(["HX-1", "Hexagon bolt", "六角螺栓", "bolts", "H87", 100, 14, "thread=M8"])
    taken(file, supplier)
    entries = JournalEntry.objects.count()

    done = taken(file, supplier)

    assert done == Imported(created=0, changed=0, unchanged=1)
    assert Product.objects.get(supplier=supplier).version == 1
    assert JournalEntry.objects.count() == entries


def test_only_what_differs_is_written_and_journalled(supplier):
    same = ListedProductFactory(supplier=supplier, sku="A", name="Pump", unit="H87", category=None)
    other = ListedProductFactory(supplier=supplier, sku="B", name="Valve", unit="H87", category=CategoryFactory())
    file = catalogue(["A", "Pump", "H87"], ["B", "Ball valve", "H87"], headings=["SKU", "Name", "Unit"])

    done = taken(file, supplier)

    assert done == Imported(created=0, changed=1, unchanged=1)
    changed = Product.objects.get(pk=other.pk)
    assert (changed.name, changed.state, changed.version, changed.category_id) == (
        "Ball valve", "listed", 2, other.category_id,
    )  # fmt: skip
    assert Product.objects.get(pk=same.pk).version == 1
    entry = JournalEntry.objects.of(changed).last()
    assert (entry.step, entry.before, entry.after, entry.changes) == (
        "edit", "listed", "listed", {"name": ["Valve", "Ball valve"]},
    )  # fmt: skip


def test_every_fault_is_named_by_its_cell_and_nothing_is_written(supplier, bolts):
    ProductFactory(supplier=supplier, sku="GONE", name="Old", unit="H87", state="discontinued", category=None)
    file = catalogue(
        ["HX-1", "Good", None, "bolts", "件", 1, 1, "thread=M8"],
        ["HX-2", "Unit?", None, "bolts", "furlongs per bolt", 1, 1, "thread=M8"],
        ["HX-3", "Shelf?", None, "nowhere", "件", 1, 1, None],
        ["HX-4", "Thread?", None, "bolts", "件", 1, 1, "thread=M99"],
        ["HX-5", "No thread", None, "bolts", "件", -5, 1, "length=40"],
        ["GONE", "New name", None, None, "件", 1, 1, None],
    )

    with pytest.raises(Faulty) as refusal:
        taken(file, supplier)

    assert sorted((fault.pointer, fault.code) for fault in refusal.value.faults) == [
        ("Items!A7", "product-closed"),
        ("Items!D4", "unknown-category"),
        ("Items!E3", "unknown-unit"),
        ("Items!F6", "out-of-range"),
        ("Items!H5", "attribute-value"),
    ]
    assert list(Product.objects.values_list("sku", flat=True)) == ["GONE"]


def test_content_listed_after_a_review_changes_only_after_delisting(supplier):
    reviewed = CategoryFactory(review_required=True)
    product = ListedProductFactory(supplier=supplier, sku="A", name="Pump", unit="H87", category=reviewed)
    headings = ["SKU", "Name", "Unit", "Lead time"]

    taken(catalogue(["A", "Pump", "H87", 9], headings=headings), supplier)
    with pytest.raises(Faulty) as refusal:
        taken(catalogue(["A", "Better pump", "H87", 9], headings=headings), supplier)

    assert [fault.code for fault in refusal.value.faults] == ["review-needed"]
    assert (Product.objects.get(pk=product.pk).name, Product.objects.get(pk=product.pk).lead_time_days) == ("Pump", 9)


def test_an_export_read_back_changes_nothing(supplier, bolts):
    ProductFactory(supplier=supplier, name="=cmd|bolt", native_name="螺栓", category=bolts, attributes={"thread": "M8"})
    ProductFactory(supplier=supplier, lead_time_days=0, moq=Decimal("0.125"), category=None, brand="Hanko")

    file = export(CatalogueSheet, catalogue_rows(Product.objects.filter(supplier=supplier)), language="zh-hans")

    assert taken(file, supplier) == Imported(created=0, changed=0, unchanged=2)


def test_the_template_holds_nothing_but_its_example(supplier):
    with pytest.raises(SheetEmpty):
        taken(template(CatalogueSheet, "en"), supplier)

    assert not Product.objects.exists()


def test_another_suppliers_item_of_the_same_number_is_left_alone(supplier):
    theirs = ProductFactory(sku="A", name="Theirs")

    taken(catalogue(["A", "Ours", "H87"], headings=["SKU", "Name", "Unit"]), supplier)

    assert Product.objects.get(pk=theirs.pk).name == "Theirs"
    assert Product.objects.get(supplier=supplier).name == "Ours"


def test_ten_thousand_items_cost_few_statements(supplier, django_assert_max_num_queries):
    rows = [[f"N-{number}", f"Item {number}", "H87"] for number in range(10_000)]
    file = catalogue(*rows, headings=["SKU", "Name", "Unit"])

    with django_assert_max_num_queries(60):
        done = taken(file, supplier)

    assert done.created == 10_000
    assert JournalEntry.objects.filter(document_type="suppliers.product").count() == 10_000


@pytest.mark.django_db(transaction=True)
def test_of_two_uploads_at_once_the_second_finds_the_first_ones_items(supplier):
    file = catalogue(*[[f"N-{number}", "Item", "H87"] for number in range(50)], headings=["SKU", "Name", "Unit"])
    both_ready, done = threading.Barrier(2), []

    def take():
        try:
            both_ready.wait()
            done.append(taken(file, supplier))
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted((one.created, one.unchanged) for one in done) == [(0, 50), (50, 0)]
    assert Product.objects.filter(supplier=supplier).count() == 50
    assert JournalEntry.objects.filter(document_type="suppliers.product").count() == 50


def test_what_is_copied_in_bulk_is_chained_and_told_like_what_is_written_singly(supplier):
    strange = "\\N tab\there, back\\slash, “quotes” \"'", "第一行\n第二行"
    headings = ["SKU", "Name", "Unit", "Description"]

    taken(catalogue(["\\N", strange[0], "H87", strange[1]], headings=headings), supplier)

    product = Product.objects.get(supplier=supplier)
    assert (product.sku, product.description) == ("\\N", strange[1])
    entry = JournalEntry.objects.of(product).get()
    assert (entry.sequence, entry.changes["sku"], entry.changes["name"]) == (1, [None, "\\N"], [None, product.name])
    assert journal.verify() == []

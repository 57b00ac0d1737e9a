from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest

from b2b import journal
from b2b.errors import Blocked, NotAllowed
from b2b.models import JournalEntry
from b2b.sheets.exporting import export_to
from b2b.uploads.formats import format_of
from suppliers.cataloguing import CatalogueSession
from suppliers.models import Product
from suppliers.queries.search import matching
from tests.factories.b2b import member
from tests.factories.suppliers import CategoryFactory, ListedProductFactory, ProductFactory

pytestmark = pytest.mark.django_db

HEAD = "SKU\tName\tUnit\n"


def told(upload):
    """Outcome and fault codes by row."""
    rows = upload.rows.order_by("number")
    return {row.number: (row.outcome, *[fault["code"] for fault in row.faults or ()]) for row in rows}


def suggestions(upload, number):
    return [fault["suggestions"] for fault in upload.rows.get(number=number).faults]


def exported(organisation, code="catalogue", target=None):
    file = BytesIO()
    declared = format_of(code)
    rows = declared.rows(organisation_id=organisation.pk, target=target, actor=member(organisation, "sales"))
    notes = declared.notes(organisation_id=organisation.pk, target=target)
    export_to(file, declared.sheet, rows, language="zh-hans", notes=notes)
    return file.getvalue()


# --- What a file says --------------------------------------------------------------------------------
def test_new_items_become_drafts_with_all_that_was_said(applied, supplier, bolts):
    applied(
        "货号\tName\t中文名称\tCategory\t单位\tMOQ\tLead time\t属性\n"
        "HX-1\tHexagon bolt\t六角螺栓\tbolts\t件\t100\t14\tthread=M8; length=40.50\n"
        "HX-2\tHexagon bolt, short\t\t螺栓\tkg\t\t\tthread: M6\n",
        format="catalogue",
    )

    first, second = Product.objects.filter(supplier=supplier).order_by("sku")
    assert (first.state, first.version, first.category, first.unit, first.moq, first.lead_time_days) == (
        "draft", 1, bolts, "H87", Decimal(100), 14,
    )  # fmt: skip
    assert first.attributes == {"thread": "M8", "length": "40.5"}
    assert (second.category, second.unit, second.moq, second.lead_time_days) == (bolts, "KGM", Decimal(1), None)
    assert {hit.product_id for hit in matching("六角螺栓", Product.objects.all()).ranked} == {first.pk}


def test_a_blank_cell_empties_and_a_column_left_out_leaves(applied, supplier, bolts):
    product = ProductFactory(supplier=supplier, sku="A", name="Pump", unit="H87", category=bolts, brand="Hanko",
                             description="Blue", lead_time_days=3, attributes={"thread": "M8"})  # fmt: skip

    applied("SKU\tName\tUnit\tBrand\tLead time\nA\tPump\tH87\t\t\n", format="catalogue")

    product.refresh_from_db()
    assert (product.brand, product.lead_time_days) == ("", None)
    assert (product.description, product.category, product.attributes) == ("Blue", bolts, {"thread": "M8"})


def test_a_category_is_found_by_code_name_in_either_language_or_path(brought):
    top = CategoryFactory(code="fasteners", name="Fasteners", native_name="紧固件")
    CategoryFactory(code="f-other", name="Other", parent=top)
    CategoryFactory(code="t-other", name="Other", parent=CategoryFactory(code="tools", name="Tools"))
    rows = ["FASTENERS", "fasteners", "紧固件", "Fasteners / Other", "Tools > other", "Other", "Fastners"]

    upload = brought(
        "SKU\tName\tUnit\tCategory\n" + "".join(f"N-{n}\tThing\tpcs\t{name}\n" for n, name in enumerate(rows)),
        format="catalogue",
    )

    assert told(upload) == {
        **dict.fromkeys(range(2, 7), ("new",)),
        7: ("faulty", "category-unclear"),
        8: ("faulty", "unknown-category"),
    }
    assert suggestions(upload, 7) == [["f-other", "t-other"]]
    assert suggestions(upload, 8) == [["fasteners"]]


def test_what_the_category_does_not_allow_is_a_fault_of_its_cell_with_a_suggestion(brought, bolts):
    upload = brought(
        "SKU\tName\tUnit\tCategory\tThread\tLength\n"
        "A\tBolt\tpcs\tbolts\tm8\t40\nB\tBolt\tpcs\tbolts\tM8\tlong\nC\tBolt\tpcs\tbolts\t\t40\n",
        format="catalogue",
    )

    assert told(upload) == {
        2: ("faulty", "attribute-value"),
        3: ("faulty", "attribute-value"),
        4: ("faulty", "attribute-missing"),
    }
    assert [upload.rows.get(number=number).faults[0]["column"] for number in (2, 3, 4)] == [5, 6, 5]
    assert suggestions(upload, 2)[0][0] == "M8"


def test_a_gtin_with_a_wrong_check_digit_is_refused(brought):
    upload = brought(
        "SKU\tName\tUnit\tEAN\nA\tBolt\tpcs\t4006381333931\nB\tBolt\tpcs\t4006381333932\n", format="catalogue"
    )

    assert told(upload) == {2: ("new",), 3: ("faulty", "identifier-check")}


# --- Variants ----------------------------------------------------------------------------------------
def test_a_variant_names_an_item_of_the_catalogue_or_one_anywhere_in_the_file(applied, supplier):
    there = ProductFactory(supplier=supplier, sku="OLD", name="Shirt", unit="H87")

    applied(
        "SKU\tName\tUnit\tVariant of\nS-RED\tShirt, red\tpcs\tS\nO-RED\tShirt, red\tpcs\tOLD\nS\tShirt\tpcs\t\n",
        format="catalogue",
    )

    found = {product.sku: product.variant_of for product in Product.objects.filter(supplier=supplier)}
    assert found["O-RED"] == there
    assert found["S-RED"].sku == "S"
    assert found["S"] is None


def test_a_variant_may_come_portions_before_its_main_item(applied, undone, supplier, monkeypatch):
    monkeypatch.setattr(CatalogueSession, "chunk_rows", 1)

    upload = applied("SKU\tName\tUnit\tVariant of\nS-RED\tRed\tpcs\tS\nS\tShirt\tpcs\t\n", format="catalogue")

    assert Product.objects.get(sku="S-RED").variant_of.sku == "S"
    undone(upload)
    assert not Product.objects.filter(supplier=supplier).exists()


def test_an_item_that_became_a_variant_since_the_review_stops_the_upload(brought, seller, supplier, do_jobs):
    main, other = (ProductFactory(supplier=supplier, sku=sku, name=sku, unit="H87") for sku in ("MAIN", "OTHER"))
    upload = brought("SKU\tName\tUnit\tVariant of\nA\ta\tpcs\tMAIN\n", format="catalogue")
    Product.objects.filter(pk=main.pk).update(variant_of=other)

    upload.apply(actor=seller)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem["faults"][0]["code"]) == ("reviewed", "variant-of-variant")
    assert not Product.objects.filter(sku="A").exists()


def test_variants_of_nothing_of_themselves_and_of_variants_are_refused(brought, supplier):
    main = ProductFactory(supplier=supplier, sku="MAIN", name="M", unit="H87")
    ProductFactory(supplier=supplier, sku="SIZE", name="S", unit="H87", variant_of=main)
    ProductFactory(sku="THEIRS")

    upload = brought(
        "SKU\tName\tUnit\tVariant of\nA\ta\tpcs\tNOWHERE\nB\tb\tpcs\tB\nC\tc\tpcs\tSIZE\nD\td\tpcs\tTHEIRS\n"
        "MAIN\tM\tpcs\tE\nE\te\tpcs\t\nF\tf\tpcs\tG\nG\tg\tpcs\tE\n",
        format="catalogue",
    )

    assert told(upload) == {
        2: ("faulty", "unknown-product"),
        3: ("faulty", "variant-of-itself"),
        4: ("faulty", "variant-of-variant"),
        5: ("faulty", "unknown-product"),
        6: ("faulty", "variant-has-variants"),
        7: ("new",),
        8: ("faulty", "variant-of-variant"),
        9: ("new",),
    }


def test_new_items_and_their_variants_are_taken_back_together(applied, undone, supplier):
    upload = applied("SKU\tName\tUnit\tVariant of\nS\tShirt\tpcs\t\nS-RED\tShirt\tpcs\tS\n", format="catalogue")

    undone(upload)

    assert upload.state == "undone"
    assert not Product.objects.filter(supplier=supplier).exists()


# --- Which items may change ----------------------------------------------------------------------------
def test_only_what_differs_changes_and_the_upload_tells_what(applied, supplier):
    same = ListedProductFactory(supplier=supplier, sku="A", name="Pump", category=None)
    other = ListedProductFactory(supplier=supplier, sku="B", name="Valve", category=CategoryFactory())
    entries = JournalEntry.objects.filter(document_type="suppliers.product").count()

    upload = applied(HEAD + "A\tPump\tH87\nB\tBall valve\tH87\n", format="catalogue")

    changed = Product.objects.get(pk=other.pk)
    assert (changed.name, changed.state, changed.version) == ("Ball valve", "listed", 2)
    assert Product.objects.get(pk=same.pk).version == 1
    row = upload.rows.get(outcome="changed")
    assert (row.document_id, row.before, row.after) == (other.pk, {"name": "Valve"}, {"name": "Ball valve"})
    assert JournalEntry.objects.filter(document_type="suppliers.product").count() == entries
    assert journal.verify() == []


def test_closed_items_and_reviewed_content_are_left_alone(brought, supplier):
    ProductFactory(supplier=supplier, sku="GONE", name="Old", state="discontinued", category=None)
    reviewed = CategoryFactory(review_required=True)
    ListedProductFactory(supplier=supplier, sku="A", name="Pump", category=reviewed)

    upload = brought("SKU\tName\tUnit\tLead time\nGONE\tNew name\tH87\t1\nA\tBetter pump\tH87\t9\n", format="catalogue")
    allowed = brought("SKU\tName\tUnit\tLead time\nGONE\tOld\tH87\t\nA\tPump\tH87\t9\n", format="catalogue")

    assert told(upload) == {2: ("faulty", "product-closed"), 3: ("faulty", "review-needed")}
    assert told(allowed) == {2: ("unchanged",), 3: ("changed",)}


def test_another_suppliers_item_of_the_same_number_is_left_alone(applied, supplier):
    theirs = ProductFactory(sku="A", name="Theirs")

    applied(HEAD + "A\tOurs\tH87\n", format="catalogue")

    assert Product.objects.get(pk=theirs.pk).name == "Theirs"
    assert Product.objects.get(supplier=supplier).name == "Ours"


def test_only_the_suppliers_sales_may_bring_a_catalogue(brought, supplier):
    with pytest.raises(NotAllowed):
        brought(HEAD + "A\tB\tH87\n", format="catalogue", actor=member(supplier, "finance"))


# --- What is missing -------------------------------------------------------------------------------------
def test_listed_items_missing_from_the_file_are_delisted_only_on_request(applied, undone, supplier):
    kept = ListedProductFactory(supplier=supplier, sku="A", name="Pump")
    gone = ListedProductFactory(supplier=supplier, sku="B", category=None)
    draft = ProductFactory(supplier=supplier, sku="C", category=None)
    file = HEAD + "A\tPump!\tH87\n"

    first = applied(file, format="catalogue")
    assert (first.missing_count, Product.objects.get(pk=gone.pk).state) == (1, "listed")

    second = applied(HEAD + "A\tPump\tH87\n", format="catalogue", inputs={"delist_missing": True})
    assert {p.sku: p.state for p in Product.objects.filter(supplier=supplier)} == {
        kept.sku: "listed", gone.sku: "delisted", draft.sku: "draft",
    }  # fmt: skip
    assert second.rows.get(outcome="missing").key == "B"

    undone(second)
    assert Product.objects.get(pk=gone.pk).state == "listed"
    assert journal.verify() == []


def test_items_whose_rows_have_faults_are_not_taken_for_missing(brought, supplier, seller, do_jobs):
    ListedProductFactory(supplier=supplier, sku="A", name="Pump", category=None)
    ListedProductFactory(supplier=supplier, sku="B", category=None)

    upload = brought(HEAD + "A\tPump\tfurlong\nN\tNew\tH87\n", format="catalogue")
    assert upload.missing_count == 1
    upload.apply(actor=seller, only_valid=True, delist_missing=True)
    do_jobs()
    upload.refresh_from_db()

    assert (upload.state, upload.problem["faults"][0]["code"]) == ("reviewed", "rows-faulty")
    assert set(Product.objects.filter(supplier=supplier).values_list("sku", "state")) == {
        ("A", "listed"),
        ("B", "listed"),
    }


# --- Out and in again ------------------------------------------------------------------------------------
def test_an_export_brought_again_changes_nothing(brought, supplier, bolts):
    parent = ProductFactory(supplier=supplier, name="=cmd|bolt", native_name="螺栓", category=bolts,
                            attributes={"thread": "M8", "length": "40.5"})  # fmt: skip
    ProductFactory(supplier=supplier, lead_time_days=0, moq=Decimal("0.125"), category=None, brand="Hanko")
    ProductFactory(supplier=supplier, sku="00017", name="1e5", variant_of=parent, category=bolts, gtin="no check")
    ListedProductFactory(
        supplier=supplier, sku="+1", description="a\nb", category=CategoryFactory(review_required=True)
    )
    ProductFactory(supplier=supplier, sku="GONE", state="discontinued", category=None, part_number="x-1")

    upload = brought(exported(supplier), format="catalogue")

    assert [row.faults for row in upload.rows.filter(outcome="faulty")] == []
    assert upload.counts == {"unchanged": 5}
    with pytest.raises(Blocked):
        upload.apply(actor=member(supplier, "sales"))


def test_undoing_gives_back_what_was(applied, undone, supplier):
    ProductFactory(supplier=supplier, sku="A", name="Pump", moq=Decimal(5), category=None)
    upload = applied("SKU\tName\tUnit\tMOQ\nA\tBetter\tkg\t7\nB\tNew\tH87\t1\n", format="catalogue")

    undone(upload)

    product = Product.objects.get(supplier=supplier)
    assert (product.sku, product.name, product.unit, product.moq) == ("A", "Pump", "H87", Decimal(5))
    assert journal.verify() == []


def test_a_row_tells_all_that_is_wrong_with_it_at_once(brought, bolts):
    head = "SKU\tName\tUnit\tLead time\tCategory\tGTIN\tThread\n"

    upload = brought(
        head
        + "B-1\tBolt\tpcs\tsoon\tbolds\t4006381333932\tM8\n"
        + "B-2\tBolt\tpcs\t7\tbolts\t4006381333932\tM9\n"
        + "\tBolt\tpcs\t7\tbolds\t4006381333932\t\n",
        format="catalogue",
    )

    assert told(upload) == {
        2: ("faulty", "not-a-number", "unknown-category", "identifier-check"),
        3: ("faulty", "identifier-check", "attribute-value"),
        4: ("faulty", "required", "unknown-category", "identifier-check"),
    }


def test_what_rests_on_an_unreadable_category_is_not_told(brought, bolts, supplier):
    ProductFactory(supplier=supplier, sku="B-1", category=bolts, attributes={"thread": "M8"})

    upload = brought(f"{HEAD.strip()}\tCategory\tThread\nB-1\tBolt\tpcs\t{'x' * 121}\tM9\n", format="catalogue")

    assert told(upload) == {2: ("faulty", "too-long")}


# --- Attributes by what people call them ---------------------------------------------------------------

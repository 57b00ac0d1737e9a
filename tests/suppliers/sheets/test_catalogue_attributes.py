"""Attributes of a catalogue: in columns of their own or in one cell, by the names people know them by."""

from __future__ import annotations

import pytest

from suppliers.models import Product
from tests.factories.suppliers import AttributeFactory, CategoryFactory, ProductFactory
from tests.suppliers.sheets.test_catalogue import exported

pytestmark = pytest.mark.django_db


def test_attributes_may_each_have_a_column_headed_by_name_or_code(applied, supplier, bolts):
    applied(
        "SKU\tName\tUnit\tCategory\t螺纹\tLENGTH (mm)\nA\tBolt\tpcs\tbolts\tM8\t40,5\nB\tBolt\tpcs\tbolts\tM6\t\n",
        format="catalogue",
    )

    assert dict(Product.objects.values_list("sku", "attributes")) == {
        "A": {"thread": "M8", "length": "40.5"},
        "B": {"thread": "M6"},
    }


def test_a_blank_attribute_column_takes_the_attribute_away_and_others_stay(applied, supplier, bolts):
    ProductFactory(supplier=supplier, sku="A", name="Bolt", unit="H87", category=bolts,
                   attributes={"thread": "M8", "length": "40"})  # fmt: skip

    applied("SKU\tName\tUnit\tLength\nA\tBolt\tpcs\t\n", format="catalogue")

    assert Product.objects.get(sku="A").attributes == {"thread": "M8"}


def test_attributes_of_one_name_share_a_column_whatever_their_code(applied, bolts):
    AttributeFactory(category=CategoryFactory(code="cables"), code="run", name="Length", kind="number")

    applied(
        "SKU\tName\tUnit\tCategory\tThread\tLength\nA\tBolt\tpcs\tbolts\tM8\t40\nB\tCable\tm\tcables\t\t9\n",
        format="catalogue",
    )

    assert dict(Product.objects.values_list("sku", "attributes")) == {
        "A": {"thread": "M8", "length": "40"},
        "B": {"run": "9"},
    }


def test_an_attribute_that_is_named_like_a_column_of_the_sheet_takes_nothing_from_it(brought, bolts):
    AttributeFactory(category=bolts, code="unit", name="Unit")

    upload = brought("SKU\tName\tUnit\nA\tBolt\tpcs\n", format="catalogue")

    assert upload.rows.get(number=2).after["unit"] == "H87"


def test_attributes_in_one_cell_may_be_named_in_either_language(applied, brought, supplier, bolts):
    table = "货号\t名称\t类别\t单位\t属性\nHX-1\t螺栓\t螺栓\t件\t螺纹=M8；长度：40\nHX-2\tBolt\tbolts\t件\tThread=M6; LENGTH=20\n"

    applied(table, format="catalogue")

    attributes = Product.objects.order_by("sku").values_list("attributes", flat=True)
    assert list(attributes) == [{"thread": "M8", "length": "40"}, {"thread": "M6", "length": "20"}]
    assert brought(exported(supplier), format="catalogue").counts == {"unchanged": 2}


@pytest.mark.parametrize(
    ("row", "code", "detail"),
    [
        ("bolts\tthread=M8; 颜色=红", "attribute-unknown", "The category has no attribute “颜色”."),
        ("bolts\tthread=M8; 螺纹=M6", "attribute-unknown", "The category has no attribute “螺纹”."),
        ("\t螺纹=M8", "attribute-unknown", "Name the item's category, or the attribute “螺纹” by its code."),
    ],
)
def test_a_name_no_attribute_of_the_category_has_is_refused(brought, bolts, row, code, detail):
    upload = brought(f"SKU\tName\tUnit\tCategory\tAttributes\nHX-1\tBolt\tpcs\t{row}\n", format="catalogue")

    assert [(one["code"], one["detail"]) for one in upload.rows.get().faults] == [(code, detail)]
    assert not Product.objects.exists()


def test_conversions_of_attributes_and_packages_are_readable(brought, bolts):
    table = (
        "SKU\tName\tUnit\tCategory\tAttributes\tPackage contents\n"
        "A\tBolt\tpcs\tbolts\tthread:M8\tctn: 24\nB\tBolt\tpcs\tbolts\tthread=M8\t纸箱=24\n"
    )

    upload = brought(table, format="catalogue")

    told = {row.number: [(one["heading"], one["taken"]) for one in row.conversions] for row in upload.rows.all()}
    assert told == {
        2: [("Unit", "H87"), ("Attributes", "thread=M8"), ("Package contents", "XCT=24")],
        3: [("Unit", "H87")],
    }

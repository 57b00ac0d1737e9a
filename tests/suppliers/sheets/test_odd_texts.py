"""Texts a spreadsheet plays tricks with: dashes, characters nobody sees, separators inside a value."""

from __future__ import annotations

import pytest

from suppliers.models import Product
from suppliers.sheets.attributes import AttributeValues
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.suppliers import AttributeFactory, ProductFactory, PublishedProfileFactory
from tests.suppliers.sheets.test_catalogue import exported, told

pytestmark = pytest.mark.django_db


def test_a_dash_is_blank_and_takes_nothing_away_where_a_dash_stands(applied, brought, supplier):
    dashed = ProductFactory(supplier=supplier, sku="1", brand="-", part_number="X")
    named = ProductFactory(supplier=supplier, sku="2", brand="Hanko", part_number="n/a")
    table = "SKU\tName\tUnit\tBrand\tMPN\n1\tBolt\tpcs\t-\t-\n2\tNut\tpcs\t-\tn/a\n"

    applied(table, format="catalogue")

    dashed.refresh_from_db()
    named.refresh_from_db()
    assert (dashed.brand, dashed.part_number) == ("-", "")
    assert (named.brand, named.part_number) == ("", "n/a")
    assert told(brought(table, format="catalogue")) == {2: ("unchanged",), 3: ("unchanged",)}


def test_an_item_number_is_the_same_with_and_without_what_nobody_sees(brought, supplier):
    ProductFactory(supplier=supplier, sku="HX-1", name="Bolt", category=None)

    upload = brought("SKU\tName\tUnit\n\u200bHX\u00ad-1\ufeff\tBolt\tpcs\n\u200b\tNut\tpcs\n", format="catalogue")

    assert told(upload) == {2: ("unchanged",), 3: ("faulty", "required")}
    assert [one["taken"] for one in upload.rows.get(number=2).conversions if one["column"] == 1] == ["HX-1"]


@pytest.mark.parametrize("number", ["-", "n/a", "/"])
def test_a_dash_is_no_item_number(brought, client_of, supplier, number):
    product = {"sku": number, "name": "Bolt", "unit": "H87"}

    answer = client_of(supplier, "sales").post("/api/v1/products/", product, format="json")
    upload = brought(f"SKU\tName\tUnit\n{number}\tBolt\tpcs\n", format="catalogue")

    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [("#/sku", "no-number")]
    assert told(upload) == {2: ("faulty", "no-number")}
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"note": "M8; M10", "3d": "yes"},
        {"note": 'inch"', "_x-1": '"quoted"'},
        {"note": "one\ntwo；three", "a": "b=c; d=e"},
        {"note": '";"', "a": "thread=M8"},
    ],
)
def test_an_attribute_may_hold_what_separates_attributes(values):
    parse = AttributeValues()

    assert parse(parse.write(values)) == values


def test_attributes_with_separators_come_back_as_they_were(brought, supplier, bolts):
    AttributeFactory(category=bolts, code="note", name="Note")
    AttributeFactory(category=bolts, code="3d", name="Model")
    values = {"thread": "M8", "note": 'M8; length=40 "short"', "3d": "yes\nno"}
    ProductFactory(supplier=supplier, sku="1", category=bolts, attributes=values)

    upload = brought(exported(supplier), format="catalogue")

    assert told(upload) == {2: ("unchanged",)}
    assert Product.objects.get(sku="1").attributes == values


def test_a_supplier_is_known_whatever_the_database_thinks_of_its_capitals(brought):
    PublishedProfileFactory(supplier=SupplierFactory(name="İnşaat Çelik A.Ş.", country="TR"))

    upload = brought(
        "Supplier\tCountry\nİnşaat Çelik A.Ş.\tTR\n", format="suppliers", actor=member(OrganisationFactory(), "buyer")
    )

    assert told(upload) == {2: ("unchanged",)}

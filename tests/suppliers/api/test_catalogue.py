"""Categories, products and their stock over HTTP."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook

from suppliers.models import Category, Product
from tests.clients import faults
from tests.factories.b2b import PlatformFactory
from tests.factories.suppliers import AttributeFactory, CategoryFactory, ListedProductFactory
from tests.suppliers.workbooks import catalogue, upload

pytestmark = pytest.mark.django_db


def test_the_platform_keeps_the_tree_and_everybody_reads_it(client_of, buying):
    staff = client_of(PlatformFactory(), "compliance")

    root = staff.post("/api/v1/categories/", {"code": "fasteners", "name": "Fasteners", "native_name": "紧固件"})
    bolts = staff.post(
        "/api/v1/categories/",
        {"code": "bolts", "name": "Bolts", "parent": root.json()["id"], "codes": [{"scheme": "hs", "code": "731815"}]},
    )
    attribute = staff.post(
        "/api/v1/attributes/",
        {"category": root.json()["id"], "code": "length", "name": "Length", "kind": "number", "unit": "MMT"},
    )
    refused = buying.post("/api/v1/categories/", {"code": "mine", "name": "Mine"})

    assert [one.status_code for one in (root, bolts, attribute, refused)] == [201, 201, 201, 403]
    under = buying.get("/api/v1/categories/", {"under": root.json()["id"]}).json()["results"]
    asked = buying.get("/api/v1/attributes/", {"category": bolts.json()["id"]}).json()["results"]
    assert [(one["code"], one["depth"]) for one in under] == [("bolts", 2), ("fasteners", 1)]
    assert [one["code"] for one in asked] == ["length"]
    assert Category.objects.count() == 2


def test_a_product_is_made_changed_and_listed(sales, buying, supplier):
    category = CategoryFactory()
    AttributeFactory(category=category, code="length", kind="number")
    made = sales.post(
        "/api/v1/products/",
        {"sku": "HX-1", "name": "Bolt", "unit": "H87", "category": str(category.pk), "attributes": {"length": "40.50"}},
    )
    address = f"/api/v1/products/{made.json()['id']}/"

    changed = sales.patch(address, {"moq": "250"}, headers={"If-Match": made["ETag"]})
    assert buying.get(address).status_code == 404
    listed = sales.post(f"{address}publish/")

    assert (made.status_code, made.json()["attributes"]) == (201, {"length": "40.5"})
    assert (changed.status_code, changed.json()["moq"]) == (200, "250.000000")
    assert (listed.status_code, buying.get(address).json()["sku"]) == (200, "HX-1")


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"unit": "furlong"}, "#/unit"),
        ({"moq": "0"}, "#/moq"),
        ({"gtin": "4006381333932"}, "#/gtin"),
        ({"state": "listed"}, "#/state"),
    ],
)
def test_a_product_that_is_not_sound_is_refused(sales, sent, pointer):
    response = sales.post("/api/v1/products/", {"sku": "A", "name": "B", "unit": "H87"} | sent)

    assert response.status_code == 422, response.json()
    assert [place for place, _code in faults(response)] == [pointer]
    assert not Product.objects.exists()


def test_a_catalogue_goes_up_and_comes_down(sales, supplier):
    file = catalogue(
        ["A-1", "Pump", "水泵", None, "件", 1, 3, None], ["A-2", "Valve", None, None, "台", None, None, None]
    )

    up = sales.post("/api/v1/products/upload/", {"file": upload(file)}, format="multipart")
    down = sales.get("/api/v1/products/download/")
    empty = sales.get("/api/v1/products/template/")

    assert (up.status_code, up.json()["created"], up.json()["unknown_columns"]) == (200, 2, [])
    rows = list(load_workbook(BytesIO(b"".join(down.streaming_content))).active.iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == ["A-1", "A-2"]
    assert "Instructions 说明" in load_workbook(BytesIO(b"".join(empty.streaming_content))).sheetnames


def test_a_faulty_catalogue_is_refused_by_cell_and_a_buyer_may_upload_none(sales, buying):
    file = catalogue(["A-1", None, None, None, "blorb", -1, 3, None])

    refused = sales.post("/api/v1/products/upload/", {"file": upload(file)}, format="multipart")
    stranger = buying.post("/api/v1/products/upload/", {"file": upload(file)}, format="multipart")

    assert refused.status_code == 422
    assert [place for place, _code in faults(refused)] == ["Items!B2", "Items!E2", "Items!F2"]
    assert stranger.status_code == 403
    assert not Product.objects.exists()


def test_stock_is_said_by_the_supplier_alone(sales, buying, supplier):
    product = ListedProductFactory(supplier=supplier)

    said = sales.post(f"/api/v1/products/{product.pk}/stock/", {"on_hand": "12.5"})
    refused = buying.post(f"/api/v1/products/{product.pk}/stock/", {"on_hand": "0"})

    assert (said.status_code, said.json()["stock"]["on_hand"]) == (200, "12.500000")
    assert refused.status_code == 403
    assert buying.get(f"/api/v1/products/{product.pk}/").json()["stock"]["on_hand"] == "12.500000"


def test_an_item_says_what_its_packages_hold_in_the_readers_language(sales):
    sent = {"sku": "A-1", "name": "Bolt", "unit": "H87", "packages": {"XPX": "960.0", "XCT": "24"}}

    made = sales.post("/api/v1/products/", sent)
    chinese = sales.get(f"/api/v1/products/{made.json()['id']}/", headers={"accept-language": "zh-hans"})

    assert made.status_code == 201
    assert made.json()["packages"] == {"XCT": "24", "XPX": "960"}
    assert made.json()["packages_label"] == ["1 carton = 24 piece", "1 pallet = 960 piece"]
    assert chinese.json()["packages_label"] == ["1 纸箱 = 24 件", "1 托盘 = 960 件"]


@pytest.mark.parametrize(
    ("packages", "place", "code"),
    [
        ({"DZN": "10"}, "#/packages/DZN", "package-fixed"),
        ({"XCT": "0"}, "#/packages/XCT", "package-content"),
        ({"XCT": "many"}, "#/packages/XCT", "package-content"),
        ({"carton": "24"}, "#/packages/carton", "unknown-unit"),
    ],
)
def test_packages_that_are_none_are_refused_with_their_place(sales, packages, place, code):
    refused = sales.post("/api/v1/products/", {"sku": "A-1", "name": "Bolt", "unit": "H87", "packages": packages})

    assert refused.status_code == 422
    assert faults(refused) == [(place, code)]
    assert not Product.objects.exists()


def test_a_new_unit_that_contradicts_the_packages_is_refused(sales):
    sent = {"sku": "A-1", "name": "Powder", "unit": "KGM", "packages": {"H87": "2"}}
    made = sales.post("/api/v1/products/", sent).json()

    refused = sales.patch(
        f"/api/v1/products/{made['id']}/", {"unit": "DZN"}, headers={"if-match": f'"v{made["version"]}"'}
    )

    assert faults(refused) == [("#/packages/H87", "package-fixed")]
    assert Product.objects.get().unit == "KGM"

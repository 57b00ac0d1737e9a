from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from b2b.clock import database_now
from suppliers.models import BankAccount, Category, PriceList, Product, Qualification, SupplierProfile
from suppliers.scoring.recomputation import rate_everybody
from tests.factories.b2b import OrganisationFactory, PlatformFactory, SupplierFactory
from tests.factories.suppliers import (
    ApprovedFactory,
    AttributeFactory,
    BankAccountFactory,
    CategoryFactory,
    CertificateFactory,
    IdentifierFactory,
    ListedProductFactory,
    PriceFactory,
    PriceListFactory,
    ProductFactory,
    PublishedPriceListFactory,
    PublishedProfileFactory,
    QualificationFactory,
    ScoreFactFactory,
)
from tests.suppliers.workbooks import catalogue, upload, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return SupplierFactory()


@pytest.fixture
def buyer():
    return OrganisationFactory()


@pytest.fixture
def sales(client_of, supplier):
    return client_of(supplier, "sales")


@pytest.fixture
def buying(client_of, buyer):
    return client_of(buyer, "buyer")


def faults(response):
    return sorted((fault["pointer"], fault["code"]) for fault in response.json()["errors"])


# --- Profiles ------------------------------------------------------------------------------------


def test_a_supplier_presents_itself_with_checked_numbers(sales, supplier):
    response = sales.post(
        "/api/v1/suppliers/",
        {
            "legal_name": "Ningbo Haitian Fasteners Co., Ltd.",
            "native_legal_name": "宁波海天紧固件有限公司",
            "identifiers": [{"scheme": "uscc", "value": "9111 0000 6000 3734 1L"}],
        },
    )

    assert response.status_code == 201, response.json()
    told = response.json()
    assert [(one["scheme"], one["value"]) for one in told["identifiers"]] == [("uscc", "91110000600037341L")]
    published = sales.post(f"/api/v1/suppliers/{told['id']}/publish/")
    assert (published.status_code, published.json()["state"]) == (200, "published")
    assert SupplierProfile.objects.get(supplier=supplier).state == "published"


def test_a_number_that_fails_its_check_is_refused_with_the_check(sales):
    response = sales.post(
        "/api/v1/suppliers/",
        {
            "legal_name": "X",
            "identifiers": [
                {"scheme": "uscc", "value": "91110000600037342L"},
                {"scheme": "vat", "country": "DE", "value": "DE136695976"},
                {"scheme": "vat", "country": "DE", "value": "DE136695976"},
            ],
        },
    )

    assert response.status_code == 422
    assert faults(response) == [("#/identifiers/0/value", "identifier-check"), ("#/identifiers/2", "identifier-twice")]
    assert not SupplierProfile.objects.exists()


def test_a_buyer_sees_profile_score_and_standing(buying, buyer, supplier):
    profile = PublishedProfileFactory(supplier=supplier)
    hidden = PublishedProfileFactory(state="hidden")
    ScoreFactFactory(supplier=supplier, buyer=buyer)
    rate_everybody(as_of=database_now().date())

    rows = buying.get("/api/v1/suppliers/").json()["results"]
    told = buying.get(f"/api/v1/suppliers/{profile.pk}/").json()

    assert [(row["id"], row["score"], row["band"]) for row in rows] == [(str(profile.pk), "100.00", "A")]
    assert (told["score"]["total"], told["own_score"]["total"]) == ("100.00", "100.00")
    assert (told["standing"]["state"], told["standing"]["may_be_invited"]) == ("not_qualified", False)
    assert buying.get(f"/api/v1/suppliers/{hidden.pk}/").status_code == 404


def test_a_list_of_suppliers_costs_the_same_queries_for_one_as_for_three(buying, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(30) as seen:
            assert buying.get("/api/v1/suppliers/").status_code == 200
        return len(seen)

    PublishedProfileFactory()
    one = queries()
    for _ in range(2):
        PublishedProfileFactory()

    assert queries() == one


# --- Bank details --------------------------------------------------------------------------------


def test_a_bank_account_is_put_forward_by_one_and_confirmed_by_another(client_of, supplier):
    maker, checker = client_of(supplier, "finance"), client_of(supplier, "finance", second_factor=True)

    made = maker.post("/api/v1/bank-accounts/", {"holder": "X", "country": "DE", "iban": "DE89 3704 0044 0532 0130 00"})
    refused = maker.post(f"/api/v1/bank-accounts/{made.json()['id']}/confirm/")
    confirmed = checker.post(f"/api/v1/bank-accounts/{made.json()['id']}/confirm/")

    assert (made.status_code, made.json()["account"]) == (201, "…3000")
    assert (refused.status_code, confirmed.status_code) == (403, 200)
    assert checker.get(f"/api/v1/bank-accounts/{made.json()['id']}/").json()["account"] == "DE89370400440532013000"


def test_a_wrong_iban_is_refused(client_of, supplier):
    response = client_of(supplier, "finance").post(
        "/api/v1/bank-accounts/", {"holder": "X", "country": "DE", "iban": "DE88370400440532013000"}
    )

    assert (response.status_code, faults(response)) == (422, [("#/iban", "identifier-check")])
    assert not BankAccount.objects.exists()


def test_salespeople_read_only_the_last_digits_and_buyers_nothing(sales, buying, supplier):
    account = BankAccountFactory(supplier=supplier)

    assert sales.get(f"/api/v1/bank-accounts/{account.pk}/").json()["account"] == "…3000"
    assert buying.get(f"/api/v1/bank-accounts/{account.pk}/").status_code == 404
    assert buying.get("/api/v1/bank-accounts/").json()["results"] == []


# --- Qualifications and certificates -------------------------------------------------------------


def test_a_qualification_from_application_to_approval(sales, client_of, supplier, buyer):
    PublishedProfileFactory(supplier=supplier)
    staff = client_of(PlatformFactory(), "compliance")
    client_of(PlatformFactory(name="x"), "compliance").post(
        "/api/v1/document-requirements/", {"kind": "business_licence"}
    )
    made = sales.post("/api/v1/qualifications/", {"statement": "We make bolts."}).json()
    address = f"/api/v1/qualifications/{made['id']}/"

    early = sales.post(f"{address}apply/")
    licence = sales.post("/api/v1/certificates/", {"kind": "business_licence", "issuer": "Ningbo AMR"})
    assert licence.status_code == 201
    applied = sales.post(f"{address}apply/")
    staff.post(f"{address}start-review/")
    approved = staff.post(f"{address}approve/", {"valid_until": "2099-12-31"})

    assert (early.status_code, faults(early)) == (409, [("#/certificates", "document-missing")])
    assert (made["missing_documents"], applied.status_code) == (["Business licence"], 200)
    assert (approved.status_code, approved.json()["state"]) == (200, "approved")
    assert Qualification.objects.get(pk=made["id"]).valid_until.isoformat() == "2099-12-31"


def test_a_buyer_sees_the_certificates_of_those_who_applied_to_it(buying, buyer, supplier):
    certificate = CertificateFactory(supplier=supplier)
    CertificateFactory()
    assert buying.get("/api/v1/certificates/").json()["results"] == []

    QualificationFactory(supplier=supplier, buyer=buyer, state="submitted")

    assert [row["id"] for row in buying.get("/api/v1/certificates/").json()["results"]] == [str(certificate.pk)]


def test_a_certificate_taken_back_counts_no_more(sales, buying, supplier):
    certificate = CertificateFactory(supplier=supplier)

    assert buying.post(f"/api/v1/certificates/{certificate.pk}/withdraw/").status_code == 404
    response = sales.post(f"/api/v1/certificates/{certificate.pk}/withdraw/")

    assert (response.status_code, response.json()["valid_today"]) == (200, False)


# --- Catalogue -----------------------------------------------------------------------------------


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


def test_a_search_answers_in_pages_the_likeliest_first(buying, supplier):
    for number in range(5):
        ListedProductFactory(supplier=supplier, name=f"Hexagon bolt number {'x' * number}", native_name="六角螺栓")
    best = ListedProductFactory(supplier=supplier, name="Hexagon bolt")
    ProductFactory(supplier=supplier, name="Hexagon bolt, draft")
    seen, address = [], "/api/v1/products/?q=hexagon%20bolt&limit=2"

    while address:
        page = buying.get(address).json()
        seen += [row["id"] for row in page["results"]]
        last, address = page, page["next"]

    assert (len(seen), len(set(seen)), seen[0]) == (6, 6, str(best.pk))
    back = buying.get(last["previous"]).json()
    assert [row["id"] for row in back["results"]] == seen[2:4]
    assert (last["mended"], last["more_than_ranked"]) == ("", False)


def test_a_search_is_narrowed_by_category_attribute_price_lead_time_and_certificate(buying, supplier):
    root = CategoryFactory()
    here = ListedProductFactory(
        supplier=supplier,
        name="Bolt",
        category=CategoryFactory(parent=root),
        attributes={"thread": "M8"},
        lead_time_days=5,
    )
    other = ListedProductFactory(name="Bolt", attributes={"thread": "M6"}, lead_time_days=50)
    today = database_now().date()
    for product, price in ((here, 10), (other, 20)):
        price_list = PublishedPriceListFactory(supplier=product.supplier, valid_from=today - timedelta(days=1))
        PriceFactory(product=product, price_list=price_list, unit_price=price)
    CertificateFactory(supplier=supplier, kind="iso_9001")

    for asked in (
        {"category": root.pk},
        {"attribute": "thread:M8"},
        {"lead_time_days_max": 10},
        {"price_max": "15", "currency": "EUR"},
        {"certified": "iso_9001"},
        {"supplier": supplier.pk},
    ):
        for text in ({"q": "bolt"}, {}):
            rows = buying.get("/api/v1/products/", asked | text).json()["results"]
            assert [row["id"] for row in rows] == [str(here.pk)], (asked, text)


def test_numbers_among_attributes_are_filtered_by_range(buying):
    sizes = {"10": "5", "40.5": "6", "100": "7", "long": "8"}
    rows = {
        length: ListedProductFactory(name="Bolt", attributes={"length": length, "head": head})
        for length, head in sizes.items()
    }

    def lengths(*asked):
        found = buying.get("/api/v1/products/", {"attribute": list(asked)}).json()["results"]
        return sorted(key for key, product in rows.items() if str(product.pk) in [row["id"] for row in found])

    assert lengths("length:10..40.5") == ["10", "40.5"]
    assert lengths("length:..40") == ["10"]
    assert lengths("length:40..", "head:..6") == ["40.5"]
    for wrong in ("length", "length:x..y"):
        assert buying.get("/api/v1/products/", {"attribute": wrong}).status_code == 422


def test_a_filter_nobody_declared_is_refused(buying):
    response = buying.get("/api/v1/products/", {"supplier__address": "x"})

    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "unknown-parameter")


def test_suggestions_name_products_and_categories(buying):
    ListedProductFactory(name="Hexagon bolt")
    ProductFactory(name="Hexagon secret")
    CategoryFactory(name="Hexagon things")

    told = buying.get("/api/v1/products/suggestions/", {"q": "hex"}).json()

    assert told == {"products": ["Hexagon bolt"], "categories": ["Hexagon things"]}


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


# --- Prices --------------------------------------------------------------------------------------


def test_a_price_list_is_drawn_up_uploaded_and_published(sales, buying, supplier):
    product = ListedProductFactory(supplier=supplier, sku="A")
    made = sales.post(
        "/api/v1/price-lists/",
        {
            "name": "2026",
            "currency": "CNY",
            "valid_from": "2026-01-01",
            "prices": [{"product": str(product.pk), "unit_price": "12.5"}],
        },
    )
    address = f"/api/v1/price-lists/{made.json()['id']}/"

    up = sales.post(
        f"{address}upload/",
        {"file": upload(workbook(["货号", "起订数量", "单价"], ["A", 1, 12], ["A", 100, 11]))},
        format="multipart",
    )
    published = sales.post(f"{address}publish/")
    asked = {"product": product.pk, "quantity": "150", "currency": "CNY", "on": "2026-06-01"}
    found = buying.get("/api/v1/prices/in-force/", asked).json()

    assert (made.status_code, up.status_code, published.status_code) == (201, 200, 200), up.json()
    assert (up.json()["prices"], up.json()["changed"]) == (2, 2)
    assert (found["price"]["unit_price"], [one["outcome"] for one in found["candidates"]]) == (
        "11.000000",
        ["taken", "tier"],
    )
    assert [row["unit_price"] for row in buying.get("/api/v1/prices/").json()["results"]] == ["11.000000", "12.000000"]


def test_a_price_for_somebody_elses_product_and_a_tier_twice_are_refused(sales, supplier):
    own, strange = ProductFactory(supplier=supplier), ProductFactory()
    price = {"product": str(own.pk), "unit_price": "1"}

    response = sales.post(
        "/api/v1/price-lists/",
        {
            "name": "2026",
            "currency": "EUR",
            "valid_from": "2026-01-01",
            "prices": [price, price, {"product": str(strange.pk), "unit_price": "1"}],
        },
    )

    assert (response.status_code, faults(response)) == (
        422,
        [("#/prices/1/min_quantity", "tier-twice"), ("#/prices/2/product", "unknown-product")],
    )
    assert not PriceList.objects.exists()


def test_two_lists_published_at_once_meet_the_constraint_and_not_a_server_error(sales, supplier):
    lists = [PriceListFactory(supplier=supplier) for _ in range(2)]
    for price_list in lists:
        PriceFactory(price_list=price_list, product=ProductFactory(supplier=supplier))

    answers = [sales.post(f"/api/v1/price-lists/{one.pk}/publish/") for one in lists]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert faults(answers[1]) == [("#/valid_from", "price-lists-overlap")]


# --- Scores --------------------------------------------------------------------------------------


def test_a_score_leads_to_each_of_its_facts(buying, buyer, supplier):
    mine = ScoreFactFactory(supplier=supplier, buyer=buyer, title="PO-2026-000001")
    ScoreFactFactory(supplier=supplier)
    rate_everybody(as_of=database_now().date())

    rows = buying.get("/api/v1/scores/", {"supplier": supplier.pk, "platform": "true"}).json()["results"]
    facts = buying.get(f"/api/v1/scores/{rows[0]['id']}/facts/", {"component": "on_time_in_full"}).json()["results"]

    assert [(row["total"], row["components"][0]["count"]) for row in rows] == [("100.00", 2)]
    assert [(fact["source"], fact["title"]) for fact in facts] == [(mine.source, "PO-2026-000001")]


def test_another_buyers_own_score_is_not_shown(buying, supplier):
    ScoreFactFactory(supplier=supplier)
    rate_everybody(as_of=database_now().date())

    rows = buying.get("/api/v1/scores/").json()["results"]

    assert [row["buyer"] for row in rows] == [None]


def test_what_is_said_is_said_in_the_readers_language(sales, supplier):
    qualification = QualificationFactory(supplier=supplier, buyer=None)
    ApprovedFactory()

    response = sales.post(f"/api/v1/qualifications/{qualification.pk}/apply/", headers={"Accept-Language": "zh-hans"})

    assert [fault["detail"] for fault in response.json()["errors"]] == ["请先发布供应商资料及其登记号码。"]
    assert IdentifierFactory._meta.model.objects.count() == 0

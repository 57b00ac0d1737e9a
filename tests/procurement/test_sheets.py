from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from b2b.models import User
from b2b.uploads.models import Upload
from procurement.models import PurchaseOrder, RequestForQuotation
from tests.factories.b2b import actor_for
from tests.factories.procurement import asked, order_of, published_rfq, rfq_of, tomorrow
from tests.factories.suppliers import ListedProductFactory, PriceFactory
from tests.procurement.workbooks import cells_of, workbook

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
RFQ_HEAD = ("Line", "Item", "Quantity", "Unit", "Estimated unit price")
ORDER_HEAD = ("Line", "Supplier's item number", "Item", "Quantity", "Unit", "Unit price", "Requested for")


@pytest.fixture
def clerk(side, client_of):
    return client_of(side.buyer, "buyer")


def send(client, document, file, *, version=None):
    name = "rfqs" if isinstance(document, RequestForQuotation) else "purchase-orders"
    version = document.version if version is None else version
    return client.post(
        f"{V1}/{name}/{document.pk}/lines/upload/", {"file": file}, format="multipart",
        headers={"If-Match": f'"v{version}"'},
    )  # fmt: skip


def faults(response):
    return [(fault["pointer"], fault["code"]) for fault in response.json()["errors"]]


def test_the_rows_of_a_workbook_become_the_lines_of_the_rfq(side, clerk):
    rfq = rfq_of(side)
    file = workbook(RFQ_HEAD, (1, "Hex bolt M8", 2000, "pcs", 0.12), (2, "圆钢 φ20", "1 250,5", "kg", None))

    response = send(clerk, rfq, file)

    lines = list(rfq.lines.order_by("number").values_list("item", "quantity", "unit", "estimate_unit_price"))
    assert response.status_code == 200
    assert lines == [
        ("Hex bolt M8", 2000, "H87", Decimal("0.12")),
        ("圆钢 φ20", Decimal("1250.5"), "KGM", None),
    ]
    assert (response.json()["line_count"], response.json()["estimate"]) == (2, None)


def test_headings_in_chinese_are_read_as_well(side, clerk):
    rfq = rfq_of(side)

    send(clerk, rfq, workbook(("行号", "品名", "数量", "单位"), (10, "六角螺栓", 2000, "千克")))

    (line,) = rfq.lines.filter(number__gt=2).values_list("number", "item", "quantity", "unit")
    assert line == (10, "六角螺栓", 2000, "KGM")


def test_lines_a_workbook_does_not_name_stay(side, clerk):
    """As in a review; whoever wants them gone asks for it there."""
    rfq = rfq_of(side)

    response = send(clerk, rfq, workbook(RFQ_HEAD, (2, "Nut", 5, "pcs", 1)))

    assert response.json()["line_count"] == 2
    assert list(rfq.lines.order_by("number").values_list("item", flat=True)) == ["Hex bolt M8x40", "Nut"]


def test_what_was_brought_at_once_is_found_and_undone_like_any_upload(side, clerk, do_jobs):
    rfq = rfq_of(side)
    before = list(rfq.lines.order_by("number").values())
    send(clerk, rfq, workbook(RFQ_HEAD, (1, "Nut", 5, "pcs", 1), (3, "Washer", 5, "pcs", 1)))

    upload = Upload.objects.get(target_id=rfq.pk)
    assert (upload.state, upload.counts) == ("applied", {"changed": 1, "new": 1})
    upload.undo(actor=actor_for(User.objects.get(pk=upload.applied_by_id), side.buyer))
    do_jobs()

    assert list(rfq.lines.order_by("number").values()) == before


def test_columns_that_are_not_sure_are_told_and_nothing_is_written(side, clerk):
    rfq = rfq_of(side)

    response = send(clerk, rfq, workbook(("a", "b", "c"), ("Nut", 5, "pcs")))

    assert (response.status_code, response.json()["type"]) == (422, "/problems/sheet-faults")
    assert rfq.lines.count() == 2
    assert not Upload.objects.exists()


def test_every_fault_is_named_by_its_cell_and_nothing_is_written(side, clerk):
    rfq = rfq_of(side)
    file = workbook(
        RFQ_HEAD, (1, "Hex bolt M8", "many", "pcs", 0.12), (2, "", 5, "furlong-ish", -1), (3, "Nut", -4, "pcs", None)
    )

    response = send(clerk, rfq, file)

    assert (response.status_code, response.json()["type"]) == (422, "/problems/sheet-faults")
    assert [pointer for pointer, _ in faults(response)] == [
        "Sheet!C2", "Sheet!B3", "Sheet!D3", "Sheet!E3", "Sheet!C4",
    ]  # fmt: skip
    assert list(rfq.lines.values_list("item", flat=True)) == ["Hex bolt M8x40"] * 2
    rfq.refresh_from_db()
    assert rfq.version == 1


def test_what_the_rules_find_is_named_by_its_cell_too(side, clerk):
    rfq = rfq_of(side)

    response = send(clerk, rfq, workbook(RFQ_HEAD, (7, "Bolt", 1, "pcs", None), (7, "Nut", 1, "pcs", None)))

    assert faults(response) == [("Sheet!A2", "line-twice"), ("Sheet!A3", "line-twice")]
    assert rfq.lines.count() == 2


def test_the_same_file_twice_changes_nothing(side, clerk):
    rfq = rfq_of(side)
    rows = [RFQ_HEAD, (1, "Hex bolt M8", 2000, "pcs", 0.12)]
    send(clerk, rfq, workbook(*rows))
    rfq.refresh_from_db()
    keys = list(rfq.lines.values_list("pk", flat=True))

    again = send(clerk, rfq, workbook(*rows))

    rfq.refresh_from_db()
    assert (again.status_code, rfq.version) == (200, 2)
    assert list(rfq.lines.values_list("pk", flat=True)) == keys


def test_what_is_downloaded_can_be_uploaded_and_says_the_same(side, clerk):
    rfq = rfq_of(side, lines=asked(3, section="Roof", required_by=tomorrow(30), mandatory=False))
    before = list(rfq.lines.order_by("number").values())

    content = clerk.get(f"{V1}/rfqs/{rfq.pk}/lines/download/").getvalue()
    response = send(clerk, rfq, SimpleUploadedFile("back.xlsx", content))

    rfq.refresh_from_db()
    assert response.status_code == 200
    assert list(rfq.lines.order_by("number").values()) == before
    assert rfq.version == 1


def test_the_template_itself_holds_no_rows_to_import(side, clerk):
    rfq = rfq_of(side)
    content = clerk.get(f"{V1}/upload-formats/rfq_lines/template/").getvalue()

    response = send(clerk, rfq, SimpleUploadedFile("template.xlsx", content))

    assert (response.status_code, response.json()["type"]) == (422, "/problems/sheet-empty")
    assert rfq.lines.count() == 2


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        (SimpleUploadedFile("lines.xlsx", b"%PDF-1.7 not a workbook"), "sheet-format"),
        (SimpleUploadedFile("lines.xlsm", b"PK\x03\x04"), "sheet-unreadable"),
        (SimpleUploadedFile("lines.exe", b"MZ"), "sheet-format"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(side, clerk, file, problem):
    rfq = rfq_of(side)

    response = send(clerk, rfq, file)

    assert (response.status_code, response.json()["type"]) == (422, f"/problems/{problem}")
    assert rfq.lines.count() == 2


def test_an_upload_names_the_version_it_saw(side, clerk):
    rfq = rfq_of(side)
    file = [RFQ_HEAD, (1, "Bolt", 1, "pcs", None)]

    unnamed = clerk.post(f"{V1}/rfqs/{rfq.pk}/lines/upload/", {"file": workbook(*file)}, format="multipart")
    stale = send(clerk, rfq, workbook(*file), version=7)

    assert (unnamed.status_code, stale.status_code) == (428, 412)
    assert rfq.lines.count() == 2


def test_a_published_rfq_takes_no_lines(side, clerk):
    rfq = published_rfq(side)

    response = send(clerk, rfq, workbook(RFQ_HEAD, (1, "Bolt", 1, "pcs", None)))

    assert (response.status_code, response.json()["type"]) == (409, "/problems/wrong-state")
    assert rfq.lines.count() == 2


def test_strangers_have_no_lines_to_take_or_give(side, client_of, clerk):
    rfq = rfq_of(side)
    stranger = client_of(order_of(side).supplier, "sales")

    assert send(stranger, rfq, workbook(RFQ_HEAD, (1, "Bolt", 1, "pcs", None))).status_code == 404
    assert stranger.get(f"{V1}/rfqs/{rfq.pk}/lines/download/").status_code == 404
    assert rfq.lines.count() == 2


def test_suppliers_take_published_lines_without_estimates(side, clerk, client_of):
    rfq = published_rfq(side, lines=asked(1, estimate_unit_price=Decimal("7.77")))

    own = clerk.get(f"{V1}/rfqs/{rfq.pk}/lines/download/").getvalue()
    theirs = client_of(side.supplier, "sales").get(f"{V1}/rfqs/{rfq.pk}/lines/download/").getvalue()

    assert 7.77 in cells_of(own)
    assert 7.77 not in cells_of(theirs)


# --- Orders ------------------------------------------------------------------------------------
def test_the_rows_of_a_workbook_become_the_lines_of_the_order(side, clerk):
    order = order_of(side)
    product = ListedProductFactory(supplier=side.supplier, sku="HB-8", name="Hex bolt M8")
    PriceFactory(product=product, unit_price=Decimal("0.11"))
    file = workbook(
        ORDER_HEAD, (1, "HB-8", None, 500, None, None, tomorrow(9)), (2, None, "Nut", 20, "pcs", "2.50", None)
    )

    response = send(clerk, order, file)

    lines = list(
        order.lines.order_by("number").values_list("item", "unit", "unit_price", "source_unit_price", "amount")
    )
    assert response.status_code == 200
    assert lines == [
        ("Hex bolt M8", product.unit, Decimal("0.11"), Decimal("0.11"), 55),
        ("Nut", "H87", Decimal("2.5"), None, 50),
    ]
    assert response.json()["net"] == "105.0000"


@pytest.mark.parametrize(
    ("row", "pointer", "code"),
    [
        ((1, "NO-SUCH", None, 5, None, None, None), "Sheet!B2", "product-not-offered"),
        ((1, None, None, 5, "pcs", 1, None), "Sheet!C2", "required"),
        ((1, None, "Bolt", 5, "pcs", None, None), "Sheet!F2", "required"),
        ((1, None, "Bolt", 5, "pcs", "$1.20", None), "Sheet!F2", "currency-differs"),
        ((1, None, "Bolt", 5, "pcs", 1, "31.02.2027"), "Sheet!G2", "not-a-date"),
    ],
)
def test_a_row_that_cannot_be_ordered_is_named_by_its_cell(side, clerk, row, pointer, code):
    order = order_of(side)

    response = send(clerk, order, workbook(ORDER_HEAD, row))

    assert faults(response) == [(pointer, code)]
    order.refresh_from_db()
    assert (order.version, order.lines.count()) == (1, 2)


def test_a_product_without_a_price_in_force_needs_one(side, clerk):
    order = order_of(side)
    ListedProductFactory(supplier=side.supplier, sku="HB-9")

    response = send(clerk, order, workbook(ORDER_HEAD, (1, "HB-9", None, 5, None, None, None)))

    assert faults(response) == [("Sheet!F2", "no-price")]


def test_an_order_downloaded_says_the_same_when_it_comes_back(side, clerk):
    order = order_of(side)
    before = list(
        order.lines.order_by("number").values("item", "quantity", "unit", "unit_price", "vat_category", "vat_rate")
    )

    content = clerk.get(f"{V1}/purchase-orders/{order.pk}/lines/download/").getvalue()
    response = send(clerk, order, SimpleUploadedFile("back.xlsx", content))

    told = ("item", "quantity", "unit", "unit_price", "vat_category", "vat_rate")
    assert response.status_code == 200
    assert list(order.lines.order_by("number").values(*told)) == before


def test_thousands_of_rows_become_lines_without_a_statement_for_each(side, clerk, django_assert_max_num_queries):
    order = order_of(side, lines=[])
    rows = [(number, None, f"Part {number}", 1, "pcs", 2, None) for number in range(1, 3001)]
    file = workbook(ORDER_HEAD, *rows)

    with django_assert_max_num_queries(130):
        response = send(clerk, order, file)

    assert response.json()["line_count"] == 3000
    assert PurchaseOrder.objects.get(pk=order.pk).net == 6000


def test_what_is_wrong_with_all_lines_together_is_found_once_and_told_at_each(
    side, clerk, django_assert_max_num_queries
):
    """New lines without tax beside lines with it: neither is wrong alone."""
    order = order_of(side)
    rows = [(number, None, f"Part {number}", 1, "pcs", 2, None) for number in range(3, 203)]
    file = workbook(ORDER_HEAD, *rows)

    with django_assert_max_num_queries(70):
        response = send(clerk, order, file)

    assert faults(response) == [(f"Sheet!A{row}", "tax-does-not-fit") for row in range(2, 202)]
    assert order.lines.count() == 2


def test_a_supplier_reads_no_reasons_in_the_order_it_takes(side, client_of):
    order = order_of(side)
    order.lines.update(variance_reason="The director's cousin.")
    order.submit(actor=side.clerk).approve(actor=side.manager).issue(actor=side.clerk)

    content = client_of(side.supplier, "sales").get(f"{V1}/purchase-orders/{order.pk}/lines/download/").getvalue()

    assert "The director's cousin." not in cells_of(content)

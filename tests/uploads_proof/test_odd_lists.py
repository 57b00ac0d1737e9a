"""Lists as suppliers keep them, built here: what made them go wrong once must not again."""

from __future__ import annotations

import pytest

from suppliers.models import Product
from tests.b2b.workbooks import xlsx
from tests.factories.suppliers import CategoryFactory, ProductFactory
from tests.uploads_proof.sending import fault_codes, left_out

pytestmark = pytest.mark.django_db


def test_a_section_that_is_no_category_orders_the_list_and_is_no_fault(sending) -> None:
    CategoryFactory(code="nuts", name="Nuts")
    rows = [
        ("Item number", "Name", "Unit"),
        ("Our bestsellers",), ("HX-8", "Bolt", "pcs"),
        ("Nuts",), ("NU-8", "Nut", "pcs"),
    ]  # fmt: skip

    upload = sending("catalogue").file(xlsx(rows), "list.xlsx")

    assert (upload.state, upload.counts) == ("reviewed", {"new": 2, "left_out": 2})
    assert left_out(upload) == {2: "section", 4: "section"}
    bolt, nut = upload.rows.get(key="HX-8"), upload.rows.get(key="NU-8")
    assert "category_id" not in bolt.after
    assert [(one["shown"], one["column"]) for one in bolt.conversions if one["heading"] == "Category"] == [
        ("Our bestsellers", 0)
    ]
    assert nut.after["category_id"]


def test_a_strange_section_takes_no_category_away(sending, do_jobs) -> None:
    category = CategoryFactory(code="nuts", name="Nuts")
    sales = sending("catalogue")
    upload = sales.file(xlsx([("Item number", "Name", "Unit", "Category"), ("NU-8", "Nut", "pcs", "nuts")]), "a.xlsx")
    upload.apply(actor=sales.actor)
    do_jobs()

    again = sales.file(xlsx([("Item number", "Name", "Unit"), ("New in autumn",), ("NU-8", "Nut", "pcs")]), "b.xlsx")

    assert again.counts == {"unchanged": 1, "left_out": 1}
    assert Product.objects.get(sku="NU-8").category == category


def test_a_category_that_does_not_exist_in_a_cell_of_its_own_stays_a_fault(sending) -> None:
    rows = [("Item number", "Name", "Unit", "Category"), ("HX-8", "Bolt", "pcs", "Our bestsellers")]

    upload = sending("catalogue").file(xlsx(rows), "list.xlsx")

    assert fault_codes(upload) == {"unknown-category": 1}


def test_a_key_that_all_rows_share_is_told_at_once_and_as_the_cell_says_it(sending) -> None:
    rows = [("Item number", "Name", "Unit"), *[("EUR", f"Bolt {number}", "pcs") for number in range(3_000)]]

    upload = sending("catalogue").file(xlsx(rows), "list.xlsx")

    assert upload.counts == {"faulty": 3_000}
    (first,), (last,) = upload.rows.get(number=2).faults, upload.rows.get(number=3_001).faults
    assert (first["value"], first["detail"]) == ("EUR", "Rows 3, 4, 5… have the same key. Keep one of all these.")
    assert last["detail"].startswith("Rows 2, 3, 4…")


def test_a_row_that_says_the_same_again_counts_once_and_one_that_differs_is_a_fault(sending) -> None:
    rows = [
        ("Item number", "Name", "Unit"),
        ("HX-8", "Bolt", "pcs"), ("NU-8", "Nut", "pcs"), ("HX-8", "Bolt", "pcs"), ("NU-8", "Nut, large", "pcs"),
    ]  # fmt: skip

    upload = sending("catalogue").file(xlsx(rows), "list.xlsx")

    assert upload.counts == {"new": 1, "faulty": 2, "left_out": 1}
    assert left_out(upload) == {4: "repeated-row"}
    assert fault_codes(upload) == {"duplicate-key": 2}


def test_a_key_twice_shows_no_key_of_the_database(sending) -> None:
    sales = sending("prices")
    ProductFactory(supplier_id=sales.actor.organisation_id, sku="HX-8", state="listed")

    upload = sales.file(xlsx([("Item number", "Unit price"), ("HX-8", 1), ("HX-8", 2)]), "prices.xlsx", currency="EUR")

    assert [row.faults[0]["value"] for row in upload.rows.filter(outcome="faulty")] == ["HX-8", "HX-8"]

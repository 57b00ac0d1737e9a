"""Lists as suppliers keep them, built here: what made them go wrong once must not again."""

from __future__ import annotations

import pytest

from suppliers.models import Product
from tests.b2b.workbooks import xlsx
from tests.factories.suppliers import CategoryFactory
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

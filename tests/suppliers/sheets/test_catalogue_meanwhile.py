"""A catalogue that changes between its review and being applied, and uploads that follow each other."""

from __future__ import annotations

from unittest.mock import patch

import pytest

from b2b import journal
from b2b.uploads.mending import mend
from b2b.uploads.models import Upload
from suppliers.models import Product
from tests.factories.suppliers import ListedProductFactory

pytestmark = pytest.mark.django_db

HEAD = "SKU\tName\tUnit\n"


def test_what_a_later_upload_changed_and_took_back_does_not_keep_the_first_from_being_undone(applied, undone, supplier):
    first = applied(HEAD + "A\tPump\tH87\n", format="catalogue")
    undone(applied(HEAD + "A\tBetter\tH87\n", format="catalogue"))

    undone(first)

    assert (first.state, Product.objects.filter(supplier=supplier).exists()) == ("undone", False)
    assert journal.verify() == []


@pytest.mark.parametrize("swap", [False, True])
def test_only_what_the_review_named_as_missing_is_delisted(brought, supplier, seller, do_jobs, swap):
    gone = ListedProductFactory(supplier=supplier, sku="B", category=None)
    upload = brought(HEAD + "N\tNew\tH87\n", format="catalogue")
    ListedProductFactory(supplier=supplier, sku="C", category=None)
    if swap:
        Product.objects.filter(pk=gone.pk).update(state="delisted")

    upload.apply(actor=seller, delist_missing=True)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.problem["code"]) == ("reviewed", "changed-since-review")
    assert upload.missing_count == (1 if swap else 2)
    assert dict(Product.objects.values_list("sku", "state")) == {"B": "delisted" if swap else "listed", "C": "listed"}

    upload.apply(actor=seller, delist_missing=True)
    do_jobs()

    assert set(Product.objects.filter(sku__in="BC").values_list("state", flat=True)) == {"delisted"}


def test_an_item_mended_into_the_file_after_a_stopped_attempt_is_not_delisted(brought, supplier, seller, do_jobs):
    ListedProductFactory(supplier=supplier, sku="A", name="Pump", category=None)
    ListedProductFactory(supplier=supplier, sku="B", name="Valve", category=None)
    upload = brought(HEAD + "N\tNew\tH87\nM\tMore\tH87\n", format="catalogue")
    assert upload.missing_count == 2
    upload.apply(actor=seller, delist_missing=True)
    finish = Upload.finish

    def stopped(upload, **inputs):
        Upload.objects.get(pk=upload.pk).stop(actor=seller)
        finish(upload, **inputs)

    with patch.object(Upload, "finish", stopped):
        do_jobs()
    upload.refresh_from_db()
    assert (upload.state, upload.missing_count) == ("reviewed", 2)
    mend(upload, 3, {"sku": "A", "name": "Pump"}, actor=seller, expected_version=None)
    upload.refresh_from_db()
    assert upload.missing_count == 1

    upload.apply(actor=seller, delist_missing=True)
    do_jobs()

    states = dict(Product.objects.filter(supplier=supplier).values_list("sku", "state"))
    assert states == {"A": "listed", "B": "delisted", "N": "draft"}
    assert journal.verify() == []

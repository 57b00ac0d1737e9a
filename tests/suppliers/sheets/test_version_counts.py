"""Uploads move the versions of what they change; whatever becomes of their rows, the journal agrees with that."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings

from b2b import journal
from b2b.clock import database_now
from b2b.uploads import forgetting
from b2b.uploads.mending import mend
from b2b.uploads.models import Upload
from b2b.uploads.starting import pasted, send_again
from suppliers.models import Product
from tests.factories.suppliers import ProductFactory

pytestmark = pytest.mark.django_db

HEAD = "SKU\tName\tUnit\n"


@pytest.fixture
def given_back(brought, supplier, seller, do_jobs):
    """An upload that was applied and stopped at the last moment."""
    ProductFactory(supplier=supplier, sku="A", name="Pump", category=None)
    upload = brought(HEAD + "A\tBetter\tH87\n", format="catalogue")
    upload.apply(actor=seller)
    finish = Upload.finish

    def stopped(upload, **inputs):
        Upload.objects.get(pk=upload.pk).stop(actor=seller)
        finish(upload, **inputs)

    with patch.object(Upload, "finish", stopped):
        do_jobs()
    upload.refresh_from_db()
    assert (upload.state, Product.objects.get().name, Product.objects.get().version) == ("reviewed", "Pump", 3)
    return upload


def test_a_row_mended_after_it_was_taken_back_does_not_unsettle_the_journal(given_back, seller, do_jobs):
    mend(given_back, 2, {"name": "Best"}, actor=seller, expected_version=None)
    assert journal.verify() == []

    Upload.objects.get().apply(actor=seller)
    do_jobs()

    assert (Product.objects.get().name, Product.objects.get().version) == ("Best", 4)
    assert journal.verify() == []


def test_a_file_sent_again_after_it_was_taken_back_does_not_unsettle_the_journal(given_back, seller, do_jobs):
    send_again(given_back, pasted(HEAD + "A\tBest\tH87\n"), actor=seller, expected_version=None)
    do_jobs()

    assert Upload.objects.get().counts == {"changed": 1}
    assert journal.verify() == []


def test_rows_forgotten_after_they_were_undone_do_not_unsettle_the_journal(applied, undone, supplier):
    first = applied(HEAD + "A\tPump\tH87\n", format="catalogue")
    undone(applied(HEAD + "A\tBetter\tH87\n", format="catalogue"))

    forgetting.forget(database_now() + timedelta(days=settings.UPLOAD_ROWS_KEPT_DAYS + 1))

    assert [upload.rows.count() for upload in Upload.objects.order_by("id")] == [1, 0]
    assert journal.verify() == []
    first.refresh_from_db()
    undone(first)
    assert not Product.objects.exists()
    assert journal.verify() == []

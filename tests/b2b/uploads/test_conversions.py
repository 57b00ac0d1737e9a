"""Everything that was read otherwise than written is listed, by column and kind."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from b2b.uploads.mending import mend
from b2b.uploads.models import Upload
from b2b.uploads.starting import pasted, send_again
from tests.factories.b2b import SupplierFactory

pytestmark = pytest.mark.django_db

TABLE = (
    "Part\tName\tWeight\tMade on\n"
    "P-1\tBolt\t1.200,50\t31.12.2025\n"
    "P-2\tNut\t3.450.000,75\t30.12.2025\n"
    "P-3\tPin\t1,5\tn/a\n"
    "P-4\tCap\t１２\t2026-01-02\n"
    "P-5\tEye\t7.5\t2026-01-03\n"
)


@pytest.fixture
def client(client_of, owner):
    return client_of(owner, "buyer")


@pytest.fixture
def upload(brought) -> Upload:
    return brought(TABLE)


def kinds(client, upload: Upload, **chosen: object) -> list[tuple[object, ...]]:
    answer = client.get(f"/api/v1/uploads/{upload.pk}/conversions/", chosen).json()
    return [(one["heading"], one["kind"], one["shown"], one["taken"], one["rows"]) for one in answer["results"]]


def numbers(client, upload: Upload, **chosen: object) -> list[int]:
    answer = client.get(f"/api/v1/uploads/{upload.pk}/rows/", chosen).json()
    assert answer["count"] == len(answer["results"])
    return [row["number"] for row in answer["results"]]


def test_conversions_are_listed_by_column_and_kind_with_the_first_as_the_example(client, upload):
    assert sorted(kinds(client, upload)) == [
        ("Made on", "blank", "n/a", "blank", 1),
        ("Made on", "day:0.0.0", "31.12.2025", "2025-12-31", 2),
        ("Weight", "number:0", "１２", "12", 1),
        ("Weight", "number:0,0", "1,5", "1.5", 1),
        ("Weight", "number:0.0,0", "1.200,50", "1200.50", 2),
    ]


def test_the_list_is_narrowed_by_column_kind_and_nature_and_paged(client, upload):
    assert [one[1] for one in kinds(client, upload, column=4)] == ["day:0.0.0", "blank"]
    assert [one[1] for one in kinds(client, upload, nature="number", column=3, limit=1)] == ["number:0.0,0"]
    assert [one[1] for one in kinds(client, upload, conversion="blank")] == ["blank"]
    said = client.get(f"/api/v1/uploads/{upload.pk}/conversions/", {"offset": 1, "limit": 2}).json()
    assert (said["count"], said["offset"], len(said["results"])) == (5, 1, 2)
    assert client.get(f"/api/v1/uploads/{upload.pk}/conversions/", {"column": "C"}).status_code == 422


def test_the_rows_behind_a_kind_are_shown(client, upload):
    assert numbers(client, upload, column=3, conversion="number:0.0,0") == [2, 3]
    assert numbers(client, upload, column=4) == [2, 3, 4]
    assert numbers(client, upload, nature="number") == [2, 3, 4, 5]
    assert numbers(client, upload, column=3, conversion="number:0.0,0", text="nut") == [3]
    assert numbers(client, upload, column=9, conversion="number:0.0,0") == []


def test_mending_counts_anew(client, upload, clerk):
    mend(upload, 3, {"weight": "3450000.75"}, actor=clerk, expected_version=None)
    mend(upload, 5, {"weight": "1,25"}, actor=clerk, expected_version=None)

    assert sorted(one[1:] for one in kinds(client, upload, column=3)) == [
        ("number:0,0", "1,5", "1.5", 2),
        ("number:0.0,0", "1.200,50", "1200.50", 1),
    ]


def test_another_file_for_the_same_review_is_counted_alone(client, upload, clerk, do_jobs):
    send_again(upload, pasted("Part\tName\tWeight\nP-1\tBolt\t1,5\n"), actor=clerk, expected_version=None)
    do_jobs()

    assert [one[1:] for one in kinds(client, upload)] == [("number:0,0", "1,5", "1.5", 1)]


def test_others_do_not_see_the_conversions_of_an_upload(client_of, upload):
    answer = client_of(SupplierFactory(), "sales").get(f"/api/v1/uploads/{upload.pk}/conversions/")

    assert answer.status_code == 404


def test_neither_the_list_nor_the_number_of_rows_of_a_kind_looks_at_rows(client, upload):
    with CaptureQueriesContext(connection) as listed:
        kinds(client, upload)
    with CaptureQueriesContext(connection) as paged:
        numbers(client, upload, column=3, conversion="number:0.0,0")

    assert not [one["sql"] for one in listed if "uploads_uploadrow" in one["sql"]]
    assert not [one["sql"] for one in paged if "uploads_uploadrow" in one["sql"] and "COUNT" in one["sql"]]


def test_conversions_of_before_are_counted_by_column(client, upload):
    upload.conversion_counts.all().delete()
    for row in upload.rows.filter(conversions__isnull=False):
        old = [{name: value for name, value in one.items() if name != "kind"} for one in row.conversions]
        upload.rows.filter(pk=row.pk).update(conversions=old)

    import_module("b2b.uploads.migrations.0003_conversions_counted").count(apps, connection.schema_editor())

    assert sorted(one[:2] + one[4:] for one in kinds(client, upload)) == [("Made on", "text", 3), ("Weight", "text", 4)]
    assert numbers(client, upload, column=4, conversion="text") == [2, 3, 4]

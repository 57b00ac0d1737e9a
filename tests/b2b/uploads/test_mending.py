from __future__ import annotations

import pytest

from b2b.errors import Invalid, NotFound, StaleVersion, WrongState
from b2b.uploads.mending import mend
from b2b.uploads.starting import choose_columns, pasted, send_again
from tests.sample.models import Part

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\n"


def test_a_cell_mended_in_the_review_is_read_and_judged_again(brought, clerk):
    upload = brought(HEAD + "P-1\tBolt\tmany\n")

    mend(upload, 2, {"weight": "1.5"}, actor=clerk, expected_version=upload.version)

    upload.refresh_from_db()
    row = upload.rows.get()
    assert (row.outcome, row.faults, row.after["weight"]) == ("new", None, "1.5")
    assert (upload.faulty_count, upload.counts, upload.mended_count) == (0, {"new": 1}, 1)


def test_mending_a_key_frees_the_row_it_was_twice_with(brought, clerk):
    upload = brought(HEAD + "P-1\tBolt\t1\nP-1\tNut\t2\n")

    mend(upload, 3, {"part": "P-2"}, actor=clerk, expected_version=None)

    assert list(upload.rows.order_by("number").values_list("outcome", flat=True)) == ["new", "new"]


def test_a_stale_review_is_not_mended(brought, clerk):
    upload = brought(HEAD + "P-1\tBolt\tmany\n")

    with pytest.raises(StaleVersion):
        mend(upload, 2, {"weight": "1"}, actor=clerk, expected_version=upload.version - 1)

    assert upload.rows.get().outcome == "faulty"


def test_only_columns_of_the_table_and_rows_of_the_file_are_mended(brought, clerk):
    upload = brought(HEAD + "P-1\tBolt\t1\n")

    with pytest.raises(Invalid):
        mend(upload, 2, {"made_on": "2026-01-01"}, actor=clerk, expected_version=None)
    with pytest.raises(NotFound):
        mend(upload, 9, {"weight": "1"}, actor=clerk, expected_version=None)


def test_an_applied_upload_is_not_mended(applied, clerk):
    upload = applied(HEAD + "P-1\tBolt\t1\n")

    with pytest.raises(WrongState):
        mend(upload, 2, {"weight": "2"}, actor=clerk, expected_version=None)


def test_a_mended_file_continues_the_same_review(brought, clerk, do_jobs):
    upload = brought(HEAD + "P-1\tBolt\tmany\n")

    send_again(upload, pasted(HEAD + "P-1\tBolt\t3\n"), actor=clerk, expected_version=None)
    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.counts) == ("reviewed", {"new": 1})


def test_unsure_columns_are_asked_and_the_answer_is_remembered(brought, clerk, do_jobs):
    text = "Nr. intern\tWas es ist\nP-1\tBolt\n"
    upload = brought(text)
    assert upload.state == "needs_mapping"

    layout = {"table": "pasted", "header_rows": [1], "columns": {"part": 1, "name": 2}}
    choose_columns(upload, layout, actor=clerk, expected_version=None)
    do_jobs()
    upload.refresh_from_db()
    assert (upload.state, upload.counts) == ("reviewed", {"new": 1})

    again = brought(text.replace("P-1", "P-2"))
    assert (again.state, again.counts) == ("reviewed", {"new": 1})
    assert not Part.objects.exists()


def test_a_layout_without_a_required_column_is_refused_by_name(brought, clerk):
    upload = brought("Nr. intern\tWas es ist\nP-1\tBolt\n")

    with pytest.raises(Invalid) as refused:
        choose_columns(
            upload, {"table": "pasted", "header_rows": [1], "columns": {"part": 1}}, actor=clerk, expected_version=None
        )

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [
        ("#/layout/columns/name", "column-missing")
    ]
    upload.refresh_from_db()
    assert upload.state == "needs_mapping"

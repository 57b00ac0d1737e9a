"""A row tells all that is wrong with it at once, also where one of its cells cannot be read."""

from __future__ import annotations

import pytest

from b2b.uploads.mending import mend
from tests.sample.models import Part

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\tMade on\n"


def faults(upload, number=2):
    return [(fault["heading"], fault["code"]) for fault in upload.rows.get(number=number).faults or ()]


def test_rules_judge_the_other_cells_of_a_row_with_an_unreadable_one(brought):
    upload = brought(HEAD + "P-1\tforbidden\tmany\tsome day\n")

    assert faults(upload) == [
        ("Weight", "not-a-number"),
        ("Made on", "not-a-date"),
        ("Name", "forbidden-name"),
    ]


def test_a_row_with_an_unreadable_cell_counts_as_faulty_only_and_changes_nothing(brought, clerk, do_jobs):
    upload = brought(HEAD + "P-1\tBolt\tmany\t\nP-2\tNut\t2\t\n")

    assert upload.counts == {"faulty": 1, "new": 1}
    row = upload.rows.get(number=2)
    assert (row.key, row.before, row.after, row.document_id) == ("", None, None, None)
    upload.apply(actor=clerk, only_valid=True)
    do_jobs()
    assert list(Part.objects.values_list("code", flat=True)) == ["P-2"]


def test_an_unreadable_cell_is_not_said_to_be_required_as_well(brought):
    upload = brought(HEAD + f"P-1\t{'x' * 101}\t1\t\n")

    assert faults(upload) == [("Name", "too-long")]


def test_a_row_whose_key_cannot_be_read_tells_what_else_is_wrong(brought):
    upload = brought(HEAD + "\tforbidden\tmany\t\n")

    assert faults(upload) == [("Part", "required"), ("Weight", "not-a-number"), ("Name", "forbidden-name")]


def test_of_a_mended_cell_only_what_is_left_is_told(brought, clerk):
    upload = brought(HEAD + "P-1\tforbidden\tmany\t\n")

    mend(upload, 2, {"weight": "1"}, actor=clerk, expected_version=None)

    assert faults(upload) == [("Name", "forbidden-name")]


def test_mending_one_of_two_unreadable_cells_tells_what_the_rules_find_already(brought, clerk):
    upload = brought(HEAD + "P-1\tBolt\tmany\tsome day\n")

    mend(upload, 2, {"weight": "1", "name": "forbidden"}, actor=clerk, expected_version=None)

    assert faults(upload) == [("Made on", "not-a-date"), ("Name", "forbidden-name")]


def test_what_the_rules_try_for_an_unreadable_row_stays_nowhere(brought):
    brought(HEAD + "P-1\tforbidden\tmany\t\n")

    assert not Part.objects.exists()

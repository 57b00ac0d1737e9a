from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from b2b.errors import Blocked
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload
from b2b.uploads.starting import bring
from tests.b2b.workbooks import raw_xlsx, text_cell
from tests.sample.models import Part

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\tMade on\n"


def outcomes(upload: Upload) -> dict[int, str]:
    return dict(upload.rows.order_by("number").values_list("number", "outcome"))


def parts() -> dict[str, tuple[str, Decimal | None]]:
    return {part.code: (part.name, part.weight) for part in Part.objects.all()}


def test_a_review_tells_new_changed_unchanged_and_faulty_rows_apart(brought, applied):
    applied(HEAD + "P-1\tBolt\t1.5\t2026-03-31\nP-2\tNut\t0.2\t\n")

    upload = brought(HEAD + "P-1\tBolt\t1.50\t2026-03-31\nP-2\tHex nut\t0.25\t\nP-3\tWasher\t\t\nP-4\t\t1\t\n")

    assert upload.state == "reviewed"
    assert outcomes(upload) == {2: "unchanged", 3: "changed", 4: "new", 5: "faulty"}
    assert upload.counts == {"unchanged": 1, "changed": 1, "new": 1, "faulty": 1}
    changed = upload.rows.get(number=3)
    assert (changed.before, changed.after) == (
        {"name": "Nut", "weight": "0.2"},
        {"name": "Hex nut", "weight": "0.25"},
    )
    (fault,) = upload.rows.get(number=5).faults
    assert (fault["column"], fault["code"], fault["heading"]) == (2, "required", "Name")


def test_reviewing_writes_nothing_into_the_register(brought):
    brought(HEAD + "P-1\tBolt\t1.5\t\n")

    assert parts() == {}


def test_applying_brings_every_row_into_force(applied):
    upload = applied(HEAD + "P-1\tBolt\t1.5\t2026-03-31\nP-2\tNut\t0.2\t\n")

    assert upload.state == "applied"
    assert parts() == {"P-1": ("Bolt", Decimal("1.500")), "P-2": ("Nut", Decimal("0.200"))}
    assert Part.objects.get(code="P-1").made_on == date(2026, 3, 31)


def test_a_column_that_the_file_does_not_have_stays_as_it_is(applied):
    applied(HEAD + "P-1\tBolt\t1.5\t\n")

    applied("Part\tName\nP-1\tScrew\n")

    assert parts() == {"P-1": ("Screw", Decimal("1.500"))}


def test_the_same_file_again_changes_nothing(applied, brought):
    text = HEAD + "P-1\tBolt\t1.5\t2026-03-31\n"
    first = applied(text)

    again = brought(text)

    assert outcomes(again) == {2: "unchanged"}
    assert list(Upload.objects.same_file(again)) == [first]


def test_a_file_that_changes_nothing_cannot_be_applied(applied, brought, clerk):
    text = HEAD + "P-1\tBolt\t1.5\t\n"
    applied(text)
    upload = brought(text)

    with pytest.raises(Blocked) as refused:
        upload.apply(actor=clerk)

    assert [fault.code for fault in refused.value.faults] == ["nothing-to-apply"]
    upload.refresh_from_db()
    assert upload.state == "reviewed"


def test_what_is_missing_alone_is_nothing_to_apply_unless_it_shall_be_delisted(applied, brought, clerk):
    applied(HEAD + "P-1\tBolt\t1\t\nP-2\tNut\t1\t\n")
    upload = brought(HEAD + "P-2\tNut\t1\t\n")

    with pytest.raises(Blocked) as refused:
        upload.apply(actor=clerk)

    assert [fault.code for fault in refused.value.faults] == ["nothing-to-apply"]
    assert Upload.objects.get(pk=upload.pk).state == "reviewed"


def test_a_file_with_faults_is_applied_only_without_the_faulty_rows_and_only_when_asked(brought, clerk, do_jobs):
    upload = brought(HEAD + "P-1\tBolt\t1.5\t\nP-2\tNut\tmany\t\n")

    with pytest.raises(Blocked) as refused:
        upload.apply(actor=clerk)
    assert [fault.code for fault in refused.value.faults] == ["rows-faulty"]
    assert parts() == {}

    upload.apply(actor=clerk, only_valid=True)
    do_jobs()
    assert parts() == {"P-1": ("Bolt", Decimal("1.500"))}


def test_a_key_that_stands_twice_is_a_fault_of_both_rows(brought):
    upload = brought(HEAD + "P-1\tBolt\t1\t\nP-2\tNut\t1\t\nP-1\tScrew\t2\t\n")

    assert outcomes(upload) == {2: "faulty", 3: "new", 4: "faulty"}
    assert [row.faults[0]["code"] for row in upload.rows.filter(outcome="faulty")] == ["duplicate-key"] * 2


def test_what_is_there_and_not_in_the_file_is_named_and_kept(applied, brought):
    applied(HEAD + "P-1\tBolt\t1\t\nP-2\tNut\t1\t\n")

    upload = brought(HEAD + "P-2\tNut\t2\t\n")

    assert upload.missing_count == 1
    (missing,) = format_of("parts").session(upload).missing()
    assert (missing["key"], missing["label"]) == ("P-1", "Bolt")


def test_what_the_rules_find_stands_at_its_cell_with_a_suggestion(brought):
    upload = brought(HEAD + "P-1\tforbidden\t1\t\n")

    (fault,) = upload.rows.get().faults
    assert (fault["column"], fault["code"], fault["suggestions"]) == (2, "forbidden-name", ["allowed"])


def test_a_file_that_is_no_table_is_rejected_with_the_reason(brought):
    upload = brought("")

    assert (upload.state, upload.problem["code"]) == ("rejected", "sheet-empty")


def test_headings_without_rows_are_no_success(brought):
    upload = brought(HEAD)

    assert (upload.state, upload.problem["code"]) == ("rejected", "sheet-empty")


def test_a_character_no_database_keeps_ends_no_review(clerk, do_jobs):
    rows = f'<row r="1">{text_cell("A1", "Part")}{text_cell("B1", "Name")}</row>'
    rows += f'<row r="2">{text_cell("A2", "P-1")}{text_cell("B2", "Bo_x0000_lt")}</row>'
    upload = bring(ContentFile(raw_xlsx(rows), name="parts.xlsx"), format="parts", actor=clerk)

    do_jobs()

    upload.refresh_from_db()
    assert (upload.state, upload.rows.get().after["name"]) == ("reviewed", "Bo\ufffdlt")

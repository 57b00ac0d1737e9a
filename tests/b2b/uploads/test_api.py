from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.dateparse import parse_datetime
from openpyxl import load_workbook

from b2b.models import JournalEntry, User
from b2b.uploads.models import Upload
from tests.clients import machine
from tests.factories.b2b import OrganisationFactory
from tests.sample.models import Part

pytestmark = pytest.mark.django_db

HEAD = "Part\tName\tWeight\n"
TABLE = b"Part,Name,Weight\nP-1,Bolt,1.5\nP-2,Nut,heavy\n"


@pytest.fixture
def client(client_of, owner):
    return client_of(owner, "buyer")


@pytest.fixture
def reviewed(client, do_jobs):
    """The address of an upload that was brought over HTTP and read."""

    def bring(content: bytes = TABLE, name: str = "parts.csv") -> str:
        sent = {"file": SimpleUploadedFile(name, content), "format": "parts"}
        answer = client.post("/api/v1/uploads/", sent, format="multipart")
        assert answer.status_code == 201, answer.json()
        do_jobs()
        return answer["Location"]

    return bring


def test_an_upload_goes_from_file_to_applied_over_http(client, reviewed, do_jobs):
    url = reviewed(TABLE.replace(b"heavy", b"0.2"))

    said = client.get(url).json()
    assert (said["state"], said["counts"], said["progress"]["state"]) == ("reviewed", {"new": 2}, "done")
    assert client.post(f"{url}apply/", {}, format="json").status_code == 200
    do_jobs()

    assert client.get(url).json()["state"] == "applied"
    assert dict(Part.objects.values_list("code", "weight")) == {"P-1": Decimal("1.500"), "P-2": Decimal("0.200")}


def test_a_range_pasted_from_a_spreadsheet_is_read_like_a_file(client, do_jobs):
    sent = {"text": "Part\tName\nP-1\tBolt\n", "format": "parts"}

    answer = client.post("/api/v1/uploads/", sent, format="json")
    do_jobs()

    said = client.get(answer["Location"]).json()
    assert (said["filename"], said["state"], said["counts"]) == ("pasted.tsv", "reviewed", {"new": 1})


def test_rows_are_shown_by_outcome_with_their_faults_and_by_page(client, reviewed):
    url = reviewed()

    faulty = client.get(f"{url}rows/", {"outcome": "faulty"}).json()
    second = client.get(f"{url}rows/", {"offset": 1, "limit": 1}).json()

    (row,) = faulty["results"]
    assert (faulty["count"], row["number"], row["cells"]) == (1, 3, {"part": "P-2", "name": "Nut", "weight": "heavy"})
    (fault,) = row["faults"]
    assert (fault["code"], fault["heading"], fault["value"]) == ("not-a-number", "Weight", "heavy")
    assert (second["count"], second["offset"], [row["number"] for row in second["results"]]) == (2, 1, [3])
    assert client.get(f"{url}faults/").json() == [
        {"code": "not-a-number", "heading": "Weight", "detail": fault["detail"], "rows": 1}
    ]


def test_what_changes_is_shown_field_by_field(client, reviewed, owner):
    Part.objects.create(owner=owner, code="P-1", name="Screw", weight=Decimal("1.5"))

    url = reviewed()

    (row,) = client.get(f"{url}rows/", {"outcome": "changed"}).json()["results"]
    assert row["changes"] == [{"column": "name", "heading": "Name", "old": "Screw", "new": "Bolt"}]


def test_a_cell_is_mended_in_place(client, reviewed):
    url = reviewed()
    tag = client.get(url)["ETag"]

    answer = client.patch(f"{url}rows/3/", {"cells": {"weight": "2"}}, format="json", headers={"If-Match": tag})

    assert (answer.status_code, answer.json()["outcome"]) == (200, "new")
    assert client.get(url).json()["faulty_count"] == 0


def test_the_users_own_file_comes_back_with_its_faults(client, reviewed):
    url = reviewed()

    answer = client.get(f"{url}annotated/")

    sheet = load_workbook(BytesIO(answer.getvalue())).worksheets[0]
    assert sheet["C3"].comment is not None
    assert [cell.value for cell in sheet[3]][:3] == ["P-2", "Nut", "heavy"]
    assert "not a number" in str(sheet["D3"].value)


def test_columns_are_proposed_with_samples_and_questions(client, reviewed):
    url = reviewed(b"Nr. intern,Was es ist\nP-1,Bolt\n")

    assert client.get(url).json()["state"] == "needs_mapping"
    said = client.get(f"{url}columns/").json()
    (table,) = said["tables"]
    assert table["sample"][1]["cells"] == ["P-1", "Bolt"]
    assert {question["code"] for question in table["questions"]} <= {"column-missing", "column-unsure", "no-headings"}
    assert table["questions"]


def test_a_file_that_is_no_table_says_so_in_the_readers_language(client, do_jobs):
    sent = {"file": SimpleUploadedFile("table.xlsx", b"PK\x03\x04 half of it"), "format": "parts"}
    url = client.post("/api/v1/uploads/", sent, format="multipart")["Location"]
    do_jobs()

    said = client.get(url).json()

    assert (said["state"], said["problem"]["code"]) == ("rejected", "sheet-unreadable")
    assert said["problem"]["detail"]


def test_an_unknown_format_is_refused_with_those_there_are(client):
    answer = client.post("/api/v1/uploads/", {"text": "a\tb\n", "format": "nonsense"}, format="json")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/unknown-format")
    assert "parts" in answer.json()["detail"]


def test_who_may_not_keep_the_register_may_not_bring_a_table(client_of, owner):
    receiver = client_of(owner, "receiver")

    answer = receiver.post("/api/v1/uploads/", {"text": "Part\tName\nP-1\tBolt\n", "format": "parts"}, format="json")

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    assert receiver.get("/api/v1/uploads/").json()["results"] == []


def test_a_stranger_sees_no_upload_and_no_row_of_it(client_of, reviewed):
    url = reviewed()
    stranger = client_of(OrganisationFactory(is_buyer=True), "buyer")

    asked = [
        stranger.get(url + part) for part in ("", "rows/", "missing/", "faults/", "columns/", "annotated/", "file/")
    ]

    assert {answer.status_code for answer in asked} == {404}


def test_a_template_and_an_export_come_from_the_declaration(client, owner):
    Part.objects.create(owner=owner, code="P-9", name="Pin", weight=Decimal("0.125"))

    template = client.get("/api/v1/upload-formats/parts/template/")
    export = client.get("/api/v1/upload-formats/parts/export/")

    assert load_workbook(BytesIO(template.getvalue())).sheetnames[0] == "Parts"
    rows = list(load_workbook(BytesIO(export.getvalue())).worksheets[0].iter_rows(values_only=True))
    assert (rows[1][0], rows[1][1], Decimal(str(rows[1][2]))) == ("P-9", "Pin", Decimal("0.125"))


def test_an_export_brought_back_changes_nothing(client, reviewed, owner):
    for number in range(1, 8):
        Part.objects.create(owner=owner, code=f"=P-{number}", name=f"+Bolt {number}", weight=Decimal("0.001") * number)

    export = client.get("/api/v1/upload-formats/parts/export/").getvalue()

    url = reviewed(export, "parts.xlsx")
    assert client.get(url).json()["counts"] == {"unchanged": 7}


def test_what_uploads_changed_is_found_by_the_thing_they_changed(client, reviewed, do_jobs):
    url = reviewed(TABLE.replace(b"heavy", b"2"))
    client.post(f"{url}apply/", {}, format="json")
    do_jobs()

    (change,) = client.get("/api/v1/upload-changes/", {"document": Part.objects.get(code="P-2").pk}).json()["results"]

    assert (change["filename"], change["row"], change["outcome"]) == ("parts.csv", 3, "new")


def test_a_change_is_dated_by_when_it_was_applied_and_the_latest_comes_first(applied, brought, clerk, client, do_jobs):
    first_brought = brought(HEAD + "P-1\tBolt\t1.5\n")
    second = applied(HEAD + "P-2\tNut\t2\nP-3\tNut\t3\n")
    first_brought.apply(actor=clerk)
    do_jobs()
    finished = JournalEntry.objects.get(document_id=first_brought.pk, step="finish").at
    Upload.objects.filter(pk=first_brought.pk).update(job=second.job)

    changes = client.get("/api/v1/upload-changes/").json()["results"]

    assert [(change["upload"], change["row"]) for change in changes] == [
        (str(first_brought.pk), 2), (str(second.pk), 2), (str(second.pk), 3),
    ]  # fmt: skip
    assert parse_datetime(changes[0]["at"]) == finished


def test_of_many_changes_the_latest_two_hundred_are_told_in_a_few_statements(
    applied, client, django_assert_max_num_queries
):
    applied(HEAD + "".join(f"P-{number}\tBolt\t1\n" for number in range(150)))
    applied(HEAD + "".join(f"Q-{number}\tBolt\t1\n" for number in range(150)))

    with django_assert_max_num_queries(20):
        changes = client.get("/api/v1/upload-changes/").json()["results"]

    assert len(changes) == 200
    assert len({change["upload"] for change in changes[:150]}) == 1


def test_a_token_brings_and_reads_only_tables_its_scopes_are_about(clerk, owner, reviewed):
    user = User.objects.get(pk=clerk.user_id)
    narrow = machine(user, owner, "uploads:write", "b2b:write")
    wide = machine(user, owner, "uploads:write", "sample:write")
    url = reviewed()

    refused = narrow.post("/api/v1/uploads/", {"text": "Part\tName\nP-1\tBolt\n", "format": "parts"}, format="json")

    assert (refused.status_code, refused.json()["detail"]) == (403, "It needs the scope sample:write.")
    assert narrow.get("/api/v1/upload-formats/parts/export/").status_code == 403
    for page in ("", "rows/", "file/", "annotated/", "columns/", "faults/"):
        assert narrow.get(url + page).status_code == 404, page
    assert narrow.post(f"{url}apply/", {}).status_code == 404
    assert narrow.get("/api/v1/upload-changes/").json()["results"] == []
    assert wide.get(f"{url}rows/").status_code == 200
    assert wide.get("/api/v1/upload-formats/parts/export/").status_code == 200
    reader = machine(user, owner, "uploads:write", "sample:read")
    assert reader.get(f"{url}rows/").status_code == 200
    assert reader.post(f"{url}apply/", {"only_valid": True}, format="json").status_code == 403


def test_a_currency_that_is_none_is_refused_before_anything_is_kept(client):
    sent = {"text": "Part\tName\nP-1\tBolt\n", "format": "parts", "currency": "XQX"}

    refused = client.post("/api/v1/uploads/", sent, format="json")

    assert refused.status_code == 422
    assert [(error["pointer"], error["code"]) for error in refused.json()["errors"]] == [
        ("#/currency", "unknown-currency")
    ]
    assert not Upload.objects.exists()

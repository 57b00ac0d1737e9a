"""A review is read in the reader's language, whoever had it made."""

from __future__ import annotations

from io import BytesIO, StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils.translation import override
from openpyxl import load_workbook

from b2b.uploads.mending import mend
from b2b.uploads.models import UploadRow

pytestmark = pytest.mark.django_db

TABLE = "Part\tName\tWeight\nP-1\tBolt\theavy\nP-2\tNut\t1\nP-2\tNut\t2\nP-3\tPin\t１２\n"
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture
def client(client_of, owner):
    return client_of(owner, "buyer")


@pytest.fixture
def url(client, do_jobs):
    sent = {"text": TABLE, "format": "parts"}
    answer = client.post("/api/v1/uploads/", sent, format="json", HTTP_ACCEPT_LANGUAGE="en")
    with override("en"):
        do_jobs()
    return answer["Location"]


def faults(client, url: str, **headers: str) -> list[tuple[str, str]]:
    rows = client.get(f"{url}rows/", {"outcome": "faulty"}, **headers).json()["results"]
    return [(fault["heading"], fault["detail"]) for row in rows for fault in row["faults"]]


def test_each_reader_reads_the_faults_in_their_language(client, url):
    assert faults(client, url, HTTP_ACCEPT_LANGUAGE="en")[:2] == [
        ("Weight", "This is not a number. Write a number such as 1234.5."),
        ("Part", "Row 4 has the same key. Keep one of the two."),
    ]
    assert faults(client, url, **CHINESE)[:2] == [
        ("重量", "这不是数字。请填写数字，例如 1234.5。"),
        ("零件号", "与第 4 行的关键字段相同。这些行中只保留一行。"),
    ]


def test_kinds_of_faults_and_the_rows_behind_them_are_found_in_either_language(client, url):
    (kind,) = [one for one in client.get(f"{url}faults/", **CHINESE).json() if one["code"] == "not-a-number"]

    assert (kind["heading"], kind["detail"], kind["rows"]) == ("重量", "这不是数字。请填写数字，例如 1234.5。", 1)
    for heading in ("重量", "Weight"):
        found = client.get(f"{url}rows/", {"fault": "not-a-number", "heading": heading}).json()
        assert [row["number"] for row in found["results"]] == [2]


def test_rows_read_in_two_languages_count_as_one_kind(client, url, clerk):
    upload = UploadRow.objects.first().upload
    with override("zh-hans"):
        mend(upload, 5, {"weight": "light"}, actor=clerk, expected_version=None)

    kinds = client.get(f"{url}faults/", HTTP_ACCEPT_LANGUAGE="en").json()

    assert [(one["heading"], one["rows"]) for one in kinds if one["code"] == "not-a-number"] == [("Weight", 2)]


def test_the_annotated_copy_is_in_the_language_of_who_takes_it(client, url):
    answer = client.get(f"{url}annotated/", **CHINESE)

    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert "这不是数字。请填写数字，例如 1234.5。" in sheet["C2"].comment.text


def test_why_an_upload_was_refused_is_told_in_the_language_of_who_asks(client, do_jobs):
    sent = {"file": SimpleUploadedFile("broken.xlsx", b"PK\x03\x04 half"), "format": "parts"}
    answer = client.post("/api/v1/uploads/", sent, format="multipart")
    with override("en"):
        do_jobs()

    english = client.get(answer["Location"], HTTP_ACCEPT_LANGUAGE="en").json()["problem"]
    chinese = client.get(answer["Location"], **CHINESE).json()["problem"]

    assert (english["title"], chinese["title"]) == ("The spreadsheet cannot be read.", "无法读取该表格。")
    assert english["code"] == chinese["code"]


def test_rows_of_before_say_what_they_said(client, url):
    old = [{"column": 3, "code": "not-a-number", "detail": "Keine Zahl.", "heading": "Weight", "value": "heavy",
            "suggestions": []}]  # fmt: skip
    UploadRow.objects.filter(number=2).update(faults=old)

    assert faults(client, url, **CHINESE)[0] == ("重量", "Keine Zahl.")


def test_the_command_speaks_the_language_it_is_called_in(clerk, tmp_path):
    path, told = tmp_path / "parts.tsv", StringIO()
    path.write_text(TABLE)

    with override("zh-hans"), pytest.raises(CommandError):
        call_command("import_sheet", "parts", str(path), "--dry-run", stdout=told)

    assert "  C2 重量: 这不是数字。请填写数字，例如 1234.5。 [heavy]" in told.getvalue().splitlines()

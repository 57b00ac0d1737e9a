"""Files over HTTP: brought as a form, hung on a document, saved and never opened by a browser."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from b2b import readers
from b2b.api.attachments import disposition
from b2b.models import Attachment
from tests.factories.b2b import MembershipFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db

FILES = "/api/v1/attachments/"
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture(autouse=True)
def _memos_may_have_files(monkeypatch):
    monkeypatch.setattr(readers, "_readable", {})
    readers.read_through(Memo)


def upload(api, name="drawing.pdf", content=PDF, **more):
    file = SimpleUploadedFile(name, content, "application/pdf")
    return api.post(FILES, {"file": file, **more}, format="multipart")


def test_a_file_is_brought_and_fetched_again(api, membership):
    answer = upload(api, "图纸 Ø12.pdf")

    assert answer.status_code == 201
    kept = answer.json()
    assert (kept["name"], kept["size"], kept["media_type"]) == ("图纸 Ø12.pdf", len(PDF), "application/pdf")
    fetched = api.get(f"{FILES}{kept['id']}/content/")
    assert b"".join(fetched.streaming_content) == PDF
    assert fetched["Content-Type"] == "application/pdf"


def test_a_browser_saves_it_and_never_opens_it(api):
    fetched = api.get(f"{FILES}{upload(api, '图纸.pdf').json()['id']}/content/")

    assert fetched["Content-Disposition"] == "attachment; filename=\"__.pdf\"; filename*=UTF-8''%E5%9B%BE%E7%BA%B8.pdf"
    assert fetched["X-Content-Type-Options"] == "nosniff"
    assert fetched["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert fetched["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ['a"b.pdf', "a\\b.pdf", "a\r\nSet-Cookie: x.pdf", "50%.pdf", "é.pdf"])
def test_no_name_breaks_the_header(name):
    header = disposition(name)

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("drawing.pdf", b"MZ\x90\x00 this is a program", 422, "name-mismatch"),
        ("run.exe", b"MZ\x90\x00", 415, "file-type"),
        ("drawing.pdf", b"", 422, "empty-file"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(api, name, content, status, code):
    answer = upload(api, name, content)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{code}")
    assert not Attachment.objects.exists()


def test_a_file_that_is_too_large_is_refused_unread(api, settings):
    settings.UPLOAD_LIMIT_BYTES = 1000

    answer = upload(api, content=PDF * 100)

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


def test_a_form_without_a_file_and_with_more_is_refused(api):
    missing = api.post(FILES, {}, format="multipart")
    more = upload(api, colour="red")

    assert (missing.status_code, missing.json()["errors"][0]["pointer"]) == (422, "#/file")
    assert (more.status_code, more.json()["errors"][0]["code"]) == (422, "unknown-field")
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("body", [b"", b"nonsense", b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n'])
def test_a_form_that_is_none_is_refused(api, body):
    answer = api.generic("POST", FILES, body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code in {400, 422}
    assert api.generic("POST", FILES, body, content_type="multipart/form-data").status_code in {400, 422}


def test_a_strangers_file_is_not_there(api, client_for):
    kept = upload(api).json()
    stranger = client_for(MembershipFactory().user)

    assert stranger.get(f"{FILES}{kept['id']}/").status_code == 404
    assert stranger.get(f"{FILES}{kept['id']}/content/").status_code == 404
    assert stranger.get(FILES).json()["results"] == []


def test_a_file_is_hung_on_a_document_and_listed_there(api, memo):
    path, kept = f"/api/v1/memos/{memo['id']}/attachments/", upload(api).json()

    hung = api.post(path, {"attachment": kept["id"]})

    assert (hung.status_code, hung.json()["document_id"]) == (201, memo["id"])
    assert [row["id"] for row in api.get(path).json()["results"]] == [kept["id"]]


def test_who_may_not_add_to_a_document_hangs_nothing_on_it(api, memo, membership, client_for):
    kept = upload(api).json()
    auditor = MembershipFactory(organisation=membership.organisation, roles=["auditor"])

    answer = client_for(auditor.user).post(f"/api/v1/memos/{memo['id']}/attachments/", {"attachment": kept["id"]})

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    assert Attachment.objects.get().document_id is None


def test_a_strangers_file_is_hung_on_nothing(api, memo, client_for):
    kept = upload(client_for(MembershipFactory().user)).json()

    answer = api.post(f"/api/v1/memos/{memo['id']}/attachments/", {"attachment": kept["id"]})

    assert answer.status_code == 404
    assert Attachment.objects.get().document_id is None

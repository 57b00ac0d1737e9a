"""Only what is what it says is kept, once, unharmed, and for nobody but the readers of its document."""

from __future__ import annotations

import io
import itertools
import threading
import zipfile
from pathlib import Path

import openpyxl
import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import IntegrityError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from b2b import contents, readers
from b2b.attachments import AlreadyAttached, EmptyFile, FileTooLarge, attach, open_attachment, store
from b2b.contents import ContentDamaged
from b2b.errors import NotAllowed, NotFound
from b2b.file_names import LONGEST_NAME, safe_name
from b2b.file_types import ACCEPTED, FileTypeRefused, NameMismatch
from b2b.models import Attachment, Organisation
from b2b.policy import CLOCK
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
CSV = b"item,quantity\nHex bolt M8x40,2000\n"


def xlsx() -> bytes:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def zipped(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return buffer.getvalue()


def docx() -> bytes:
    return zipped(**{"[Content_Types].xml": "<Types/>", "word__document_dot_xml": "<document/>"})


def ods() -> bytes:
    return zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_dot_xml="<office/>")


def xls() -> bytes:
    return bytes.fromhex("D0CF11E0A1B11AE1") + bytes(1000) + "Workbook".encode("utf-16-le") + bytes(500)


def picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, kind)
    return buffer.getvalue()


GOOD = {
    ".pdf": PDF,
    ".png": picture("PNG"),
    ".jpg": picture("JPEG"),
    ".jpeg": picture("JPEG"),
    ".xlsx": xlsx(),
    ".docx": docx(),
    ".xls": xls(),
    ".ods": ods(),
    ".csv": CSV,
    ".txt": "螺栓 M8\r\n".encode(),
}


@pytest.fixture
def actor():
    return member(OrganisationFactory(), "buyer")


@pytest.fixture(autouse=True)
def _memos_may_have_files(monkeypatch):
    monkeypatch.setattr(readers, "_readable", {})
    readers.read_through(Memo)


def file(name: str, content: bytes) -> File:
    return ContentFile(content, name=name)


def files_kept() -> list[Path]:
    root = Path(default_storage.location)
    return [path for path in root.rglob("*") if path.is_file()]


def nothing_was_kept() -> bool:
    return not Attachment.objects.exists() and not files_kept()


def test_every_accepted_type_has_its_example_here():
    assert set(GOOD) == set(ACCEPTED)


@pytest.mark.parametrize("suffix", sorted(ACCEPTED))
def test_a_file_that_is_what_it_says_is_kept_under_its_hash(suffix, actor):
    kept = store(file(f"Lines{suffix}", GOOD[suffix]), actor)

    assert (kept.name, kept.size, kept.media_type) == (f"Lines{suffix}", len(GOOD[suffix]), ACCEPTED[suffix].media_type)
    assert (kept.organisation_id, kept.uploaded_by_id) == (actor.organisation_id, actor.user_id)
    shown, content = open_attachment(kept.pk, actor)
    assert (shown, content.read()) == (kept, GOOD[suffix])


SAME = [{".jpg", ".jpeg"}, {".csv", ".txt"}]
MISMATCHED = [pair for pair in itertools.permutations(sorted(ACCEPTED), 2) if set(pair) not in SAME]


@pytest.mark.parametrize(("suffix", "content_of"), MISMATCHED)
def test_a_file_that_says_what_it_is_not_is_refused(suffix, content_of, actor):
    with pytest.raises(NameMismatch) as refusal:
        store(file(f"Lines{suffix}", GOOD[content_of]), actor)

    assert (refusal.value.status, refusal.value.code) == (422, "name-mismatch")
    assert nothing_was_kept()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("drawing.csv", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("text.txt", b"MZ\x90\x00\x03\x00\x00\x00"),
        ("text.csv", b"a,b\x00,c"),
        ("text.txt", b"\xff\xfeA"),
        ("lines.xlsx", zipped(readme_dot_txt="not a workbook")),
        ("lines.xlsx", b"PK\x03\x04 xl/workbook [Content_Types].xml"),
        (
            "macros.xlsx",
            zipped(**{"[Content_Types].xml": "", "xl__workbook_dot_xml": "", "xl__vbaProject_dot_bin": ""}),
        ),
        ("letter.xls", bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600) + "WordDocument".encode("utf-16-le")),
    ],
)
def test_a_file_in_disguise_is_refused(name, content, actor):
    with pytest.raises(NameMismatch):
        store(file(name, content), actor)

    assert nothing_was_kept()


@pytest.mark.parametrize(
    "content",
    [
        b"BM,Index: a heading that looks like a mark\n1,2\n",
        b"From,To\n",
        "品名,数量\n螺栓,2000\n".encode("gb18030"),
        "品名,数量\n".encode("utf-16"),
        b"\xef\xbb\xbfitem\n",
        "Stück;Größe\n".encode("cp1252"),
    ],
)
def test_a_table_in_any_usual_encoding_is_text(content, actor):
    assert store(file("lines.csv", content), actor).media_type == "text/csv"


@pytest.mark.parametrize("name", ["run.exe", "archive.zip", "page.html", "noextension", "lines.xlsm", "x.svg", ""])
def test_other_types_are_refused_whatever_they_hold(name, actor):
    with pytest.raises(FileTypeRefused) as refusal:
        store(file(name, PDF), actor)

    assert (refusal.value.status, refusal.value.code) == (415, "file-type")
    assert "pdf" in refusal.value.detail
    assert nothing_was_kept()


def test_an_empty_file_is_refused(actor):
    with pytest.raises(EmptyFile) as refusal:
        store(file("empty.csv", b""), actor)

    assert (refusal.value.status, refusal.value.code, nothing_was_kept()) == (422, "empty-file", True)


def test_a_file_may_be_as_large_as_the_limit_and_no_larger(actor, settings):
    settings.UPLOAD_LIMIT_BYTES = len(CSV)
    store(file("fits.csv", CSV), actor)

    with pytest.raises(FileTooLarge) as refusal:
        store(file("larger.csv", CSV + b"1"), actor)

    assert (refusal.value.status, refusal.value.code) == (413, "file-too-large")
    assert [kept.name for kept in Attachment.objects.all()] == ["fits.csv"]


def test_who_acts_for_nobody_brings_nothing():
    with pytest.raises(NotAllowed):
        store(file("lines.csv", CSV), CLOCK)

    assert nothing_was_kept()


@pytest.mark.parametrize(
    ("given_name", "kept_name"),
    [
        ("../../etc/passwd.CSV", "passwd.csv"),
        ("C:\\Users\\Wang\\报价 单.xlsx", "报价 单.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("gnp\u202efdp.csv", "gnpfdp.csv"),
        ("...hidden.txt", "hidden.txt"),
        ("e\u0301tude.pdf", "étude.pdf"),
        ('"; rm -rf *.txt', "_; rm -rf _.txt"),
        ("", "file"),
        ("..", "file"),
    ],
)
def test_a_name_is_made_safe_and_stays_readable(given_name, kept_name):
    assert safe_name(given_name) == kept_name


@given(st.text())
def test_no_name_is_unsafe_and_a_safe_one_stays(name):
    safe = safe_name(name)

    assert 0 < len(safe) <= LONGEST_NAME
    assert not set(safe) & set('<>:"/\\|?*\r\n\0')
    assert safe.isprintable()
    assert not safe.startswith(".")
    assert safe_name(safe) == safe


def test_the_same_content_lies_once(actor):
    other = member(SupplierFactory(), "sales")

    first, second = store(file("a.csv", CSV), actor), store(file("b.csv", CSV), other)

    assert (first.sha256, first.pk != second.pk) == (second.sha256, True)
    assert [path.name for path in files_kept()] == [first.sha256]


def test_a_content_half_written_by_a_writer_that_died_is_written_again(actor):
    sha256 = contents.digest(file("a.csv", CSV))
    default_storage.save(contents.path_of(sha256), ContentFile(CSV[:7]))

    kept = store(file("a.csv", CSV), actor)

    assert open_attachment(kept.pk, actor)[1].read() == CSV
    assert len(files_kept()) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_bring_the_same_content_and_it_lies_once_and_whole():
    actor = member(OrganisationFactory(), "buyer")
    content, ready = CSV * 20_000, threading.Barrier(8)

    def bring() -> None:
        ready.wait()
        try:
            store(file("a.csv", content), actor)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Attachment.objects.count() == 8
    assert [path.read_bytes() == content for path in files_kept()] == [True]


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(CSV[:-1] + b"!")])
def test_a_content_that_was_lost_or_changed_is_not_handed_out(damage, actor):
    kept = store(file("a.csv", CSV), actor)
    damage(files_kept()[0])

    with pytest.raises(ContentDamaged):
        open_attachment(kept.pk, actor)


def test_a_loose_upload_is_seen_by_its_own_organisation_only(actor):
    kept = store(file("a.csv", CSV), actor)
    stranger = member(OrganisationFactory(), "admin")

    assert list(Attachment.objects.visible_to(actor)) == [kept]
    for nobody in (stranger, CLOCK):
        assert not Attachment.objects.visible_to(nobody).exists()
        with pytest.raises(NotFound):
            open_attachment(kept.pk, nobody)


def test_an_attached_file_is_seen_by_who_may_read_the_document_and_nobody_else(actor):
    theirs = MemoFactory()
    kept = store(file("a.csv", CSV), actor)

    attached = attach(kept.pk, theirs, actor=actor)

    reader = member(theirs.buyer, "auditor")
    assert (attached.document_type, attached.document_id) == ("sample.memo", theirs.pk)
    assert list(Attachment.objects.of(theirs)) == [kept]
    assert open_attachment(kept.pk, reader)[1].read() == CSV
    with pytest.raises(NotFound):
        open_attachment(kept.pk, actor)


def test_an_app_may_show_the_files_of_fewer_documents_than_the_documents(actor):
    memo = MemoFactory(buyer=actor_organisation(actor))
    kept = store(file("a.csv", CSV), actor)
    attach(kept.pk, memo, actor=actor)
    readers.read_through(Memo, lambda reader: Memo.objects.visible_to(reader).filter(state="approved"))

    assert Memo.objects.visible_to(actor).exists()
    assert not Attachment.objects.visible_to(actor).exists()


def actor_organisation(actor):
    return Organisation.objects.get(pk=actor.organisation_id)


def test_a_file_belongs_to_one_document_for_good(actor):
    buyer = actor_organisation(actor)
    first, second = MemoFactory(buyer=buyer), MemoFactory(buyer=buyer)
    kept = store(file("a.csv", CSV), actor)
    attach(kept.pk, first, actor=actor)

    attach(kept.pk, first, actor=actor)
    with pytest.raises(AlreadyAttached):
        attach(kept.pk, second, actor=actor)

    assert Attachment.objects.get().document_id == first.pk


def test_nobody_attaches_a_strangers_file(actor):
    kept = store(file("a.csv", CSV), actor)
    memo = MemoFactory()

    with pytest.raises(NotFound):
        attach(kept.pk, memo, actor=member(memo.buyer, "buyer"))

    assert Attachment.objects.get().document_id is None


def test_a_document_that_does_not_say_who_reads_its_files_gets_none(actor, monkeypatch):
    kept = store(file("a.csv", CSV), actor)
    monkeypatch.setattr(readers, "_readable", {})

    with pytest.raises(LookupError):
        attach(kept.pk, MemoFactory(buyer=actor_organisation(actor)), actor=actor)


def test_the_database_refuses_an_empty_attachment_and_half_an_address(actor):
    kept = store(file("a.csv", CSV), actor)

    for columns in ({"size": 0}, {"document_type": "sample.memo"}, {"document_id": kept.pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.update(**columns)

"""Each hostile file is built here; each is refused with its own sentence, and none is parsed."""

from __future__ import annotations

import logging
import random
import re
import struct
import time
import zipfile
from io import BytesIO

import pytest
from pytest_django.fixtures import Settings

from b2b.sandbox import MIB, Limits, Refused
from b2b.sheets import survey
from b2b.sheets.faults import SheetEmpty, SheetFormat, SheetHostile, SheetRefused, SheetUnreadable
from b2b.sheets.files import gate
from b2b.sheets.workbook import open as open_workbook
from tests.b2b.workbooks import compound, number, raw_xlsx, record, saved, text_cell, xls, xlsx, zipped

ROW = f'<row r="1">{text_cell("A1", "x")}</row>'
GOOD = raw_xlsx(ROW)


def refused(data: bytes, name: str = "list.xlsx") -> SheetRefused:
    with pytest.raises(SheetRefused) as caught:
        open_workbook(data, name)
    assert caught.value.status == 422
    assert caught.value.detail
    return caught.value


def with_parts(*parts: tuple[str, bytes | str]) -> bytes:
    """The good workbook with parts added, duplicates too."""
    target = BytesIO(GOOD)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/embeddings/Microsoft_Excel_Sheet1.xlsx", "embedded"),
        ("xl/activeX/activeX1.bin", "embedded"),
        ("../../etc/cron.d/x", "outside itself"),
        ("/etc/passwd", "outside itself"),
        ("C:/windows/x", "outside itself"),
        ("xl\\..\\..\\x", "outside itself"),
        ("XL/Workbook.xml", "same name"),
    ],
)
def test_what_no_plain_workbook_needs_is_refused_by_name(part: str, said: str) -> None:
    refusal = refused(with_parts((part, "<x/>")))

    assert isinstance(refusal, SheetHostile)
    assert said in refusal.detail


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    refusal = refused(with_parts(("xl/worksheets/sheet1.xml", "<worksheet/>")))

    assert (refusal.code, refusal.detail) == ("sheet-hostile", "The archive holds two parts of the same name.")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused_in_any_encoding(encoding: str) -> None:
    bomb = '<?xml version="1.0"?><!-- long --><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    assert "document type" in refused(with_parts(("xl/comments1.xml", bomb.encode(encoding)))).detail


def test_a_document_type_across_the_border_of_two_reads_is_found() -> None:
    noise = random.Random(1).randbytes(MIB // 2).hex()  # noqa: S311 — padding, not a secret
    padded = f"<!--{noise[9:]}--><!DOCTYPE x><x/>"

    assert "document type" in refused(with_parts(("xl/comments1.xml", padded))).detail


LINK = '<Relationships><Relationship Id="r9" Type="http://x/{kind}" Target="http://a.example/" TargetMode="External"/></Relationships>'
RELATIONS_PART = "xl/worksheets/_rels/sheet1.xml.rels"


@pytest.mark.parametrize(
    ("part", "content", "notes"),
    [
        ("xl/externalLinks/externalLink1.xml", "<externalLink/>", ["links-not-followed"]),
        (RELATIONS_PART, LINK.format(kind="image"), ["links-not-followed"]),
        (RELATIONS_PART, LINK.format(kind="hyperlink"), []),
    ],
)
def test_links_to_other_files_are_not_followed_and_that_is_said(part: str, content: str, notes: list[str]) -> None:
    with survey.survey(with_parts((part, content)), "a.xlsx") as found:
        assert [note.code for note in found.notes] == notes
        assert [row.cells for row in found.rows(found.tables[0])] == [("x",)]


def test_a_workbook_with_macros_is_read_without_them_under_its_own_name_only() -> None:
    parts = [("xl/vbaProject.bin", b"\xd0\xcf"), ("xl/macrosheets/sheet1.xml", "<x/>")]

    with survey.survey(with_parts(*parts), "a.xlsm") as found:
        assert [note.code for note in found.notes] == ["macros-ignored"]
        assert [table.name for table in found.tables] == ["Sheet1"]
    assert "macros" in refused(with_parts(*parts), "a.xlsx").detail


def test_a_part_packed_too_tightly_is_refused() -> None:
    assert "100 times" in refused(with_parts(("xl/comments1.xml", b" " * (30 * MIB)))).detail


def test_a_comment_of_three_hundred_megabytes_is_refused_at_once() -> None:
    packed = BytesIO(GOOD)
    with (
        zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/comments1.xml", "w") as part,
    ):
        for _chunk in range(300):
            part.write(b"<t>aaaaa</t>" * (MIB // 12))
    refused(GOOD[:100])  # The first child of a process also waits for its libraries.

    began = time.perf_counter()
    refusal = refused(packed.getvalue())

    assert (isinstance(refusal, SheetHostile), "MB" in refusal.detail or "100 times" in refusal.detail) == (True, True)
    assert time.perf_counter() - began < 5


def test_an_archive_that_unpacks_too_large_is_refused() -> None:
    noise = random.Random(1).randbytes(MIB // 64) * 64  # noqa: S311 — padding, not a secret
    parts = [(f"xl/media/{place}.png", noise) for place in range(205)]

    assert "more than 200 MB" in refused(with_parts(*parts)).detail


def test_an_archive_of_too_many_parts_is_refused() -> None:
    assert "more than 2000 parts" in refused(with_parts(*((f"xl/media/{n}.png", b"") for n in range(2000)))).detail


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(zipped({"xl/workbook.xml": b"<workbook/>" + b" " * 5000}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 20)

    assert isinstance(refused(bytes(data)), SheetUnreadable)


@pytest.mark.parametrize("kept", [100, 700, -10])
def test_a_half_downloaded_file_is_refused(kept: int) -> None:
    refusal = refused(GOOD[:kept])

    assert (refusal.code, refusal.detail) == (
        "sheet-unreadable",
        "The file is damaged or incomplete. Save it again and send it once more.",
    )


def test_a_flipped_byte_is_noticed() -> None:
    workbook_bytes = bytearray(xlsx([["x" * 50, number] for number in range(500)]))
    place = workbook_bytes.index(b"xl/worksheets/sheet1.xml") + 200
    workbook_bytes[place] ^= 0xFF

    assert isinstance(refused(bytes(workbook_bytes)), SheetUnreadable)


OTHER = '<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="{}"/></Relationships>'


@pytest.mark.parametrize(
    ("data", "name", "kind", "said"),
    [
        (b"%PDF-1.7", "a.xlsx", SheetFormat, "a PDF document"),
        (b"<html><table>", "a.xls", SheetEmpty, "any value"),
        (GOOD, "a.xls", SheetFormat, "a .xlsx workbook"),
        (GOOD, "a.ods", SheetFormat, "a .xlsx workbook"),
        (GOOD, "a.csv", SheetFormat, "a .xlsx workbook"),
        (b"\x89PNG\r\n\x1a\n", "a.csv", SheetFormat, "a picture"),
        (b"a,b\0c\x01\0", "a.csv", SheetFormat, "no text has"),
        (b"MZ", "a.exe", SheetFormat, "not read"),
        (GOOD, "a", SheetFormat, "not read"),
        (GOOD, "a.xlam", SheetHostile, "may hold macros"),
        (GOOD, "a.xlsb", SheetFormat, "a binary workbook"),
        (zipped({"_rels/.rels": OTHER.format("xl/workbook.bin")}), "a.xlsx", SheetFormat, "a binary workbook"),
        (zipped({"_rels/.rels": OTHER.format("word/document.xml")}), "a.xlsx", SheetFormat, "a text document"),
        (zipped({"hello.txt": "x"}), "a.xlsx", SheetFormat, "a compressed archive"),
        (b"PK", "a.numbers", SheetFormat, "Apple Numbers"),
        (b"x", "a.docx", SheetFormat, "a text document"),
        (b"x", "a.jpg", SheetFormat, "a picture"),
        (b"\x1f\x8b\x08", "a.csv", SheetFormat, "a compressed archive"),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00\x00\x00", "a.xls", SheetFormat, "Excel 4 or older"),
        (b"MZ\x90\x00\x03", "a.xls", SheetFormat, "of another kind"),
        (b"<svg/>", "a.xls", SheetFormat, "of another kind"),
        (b"", "a.xlsx", SheetEmpty, "empty"),
        (xls(number(0, 0, 1)), "a.xlsx", SheetFormat, "a .xls workbook"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    data: bytes, name: str, kind: type[SheetRefused], said: str
) -> None:
    refusal = refused(data, name)

    assert (type(refusal), said in refusal.detail) == (kind, True)


def test_a_file_over_the_upload_limit_is_refused_unread(settings: Settings) -> None:
    settings.SHEET_LIMIT_BYTES = 1000

    assert refused(b"PK\x03\x04" + bytes(2000)).code == "sheet-hostile"


def test_passwords_are_named_as_the_reason() -> None:
    encrypted = compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})

    assert "password" in refused(encrypted, "a.xlsx").detail


def test_macros_and_objects_in_an_old_workbook_are_refused() -> None:
    assert "macros" in refused(xls(number(0, 0, 1), streams=["_VBA_PROJECT_CUR"]), "a.xls").detail
    assert "embedded" in refused(xls(number(0, 0, 1), streams=["MBD0001"]), "a.xls").detail


def test_what_a_file_says_of_its_size_is_not_believed() -> None:
    (table,) = open_workbook(raw_xlsx(ROW, dimension="A1:XFD1048576"), "a.xlsx")

    assert table.rows == [("x",)]


def test_filled_cells_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(survey, "MOST_CELLS", 10)
    blank = [[None] * 50 + ["x"]] * 10

    assert len(open_workbook(xlsx(blank), "a.xlsx")[0].rows) == 10
    assert "more than 10 filled cells" in refused(xlsx([*blank, ["x"]])).detail


def test_a_cell_far_outside_the_table_costs_no_more_than_itself() -> None:
    far = f'<row r="1">{text_cell("A1", "x")}</row><row r="1048576">{text_cell("XFD1048576", "y")}</row>'

    with survey.survey(raw_xlsx(far), "a.xlsx") as found:
        assert [(row.number, len(row.cells)) for row in found.rows(found.tables[0])] == [(1, 1), (1_048_576, 16_384)]


@pytest.mark.parametrize("address", ["XFE1", "ZZZ1", "A1048577", "A9999999", "A0"])
def test_a_cell_beyond_the_last_row_or_column_is_refused(address: str) -> None:
    number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    assert "beyond the last row" in refused(raw_xlsx(f'<row r="{number}">{text_cell(address, "y")}</row>')).detail


def test_parts_that_share_their_bytes_are_refused() -> None:
    data = bytearray(zipped({"xl/workbook.xml": random.Random(1).randbytes(5000), "xl/styles.xml": b"x"}))  # noqa: S311
    place = data.rindex(b"PK\x01\x02")
    data[place + 20 : place + 24] = struct.pack("<I", 5000)

    assert "share the same bytes" in refused(bytes(data)).detail


def test_only_what_is_read_piece_by_piece_may_unpack_to_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MOST_UNPACKED_BYTES", 2000)
    rows = "".join(f'<row r="{number}">{text_cell(f"A{number}", "x")}</row>' for number in range(1, 100))
    large = raw_xlsx(rows)

    gate.opened(large, streamed=re.compile(r"xl/worksheets/.*"))
    with pytest.raises(Refused, match="unpacks-too-large"):
        gate.opened(large)
    monkeypatch.setattr(gate, "MOST_STREAMED_BYTES", 2000)
    with pytest.raises(Refused, match="unpacks-too-large"):
        gate.opened(large, streamed=re.compile(r"xl/worksheets/.*"))


def test_no_value_at_all_is_a_refusal_not_an_empty_success() -> None:
    assert isinstance(refused(raw_xlsx("")), SheetEmpty)
    assert isinstance(refused(raw_xlsx('<row r="1"><c r="A1"/></row>')), SheetEmpty)
    assert isinstance(refused(b"\n\n", "a.csv"), SheetEmpty)


def test_strict_open_xml_is_read_or_refused_but_never_silently_empty() -> None:
    strict = raw_xlsx(
        ROW,
        namespace="http://purl.oclc.org/ooxml/spreadsheetml/main",
        relations="http://purl.oclc.org/ooxml/officeDocument/relationships",
    )

    assert open_workbook(strict, "a.xlsx")[0].rows == [("x",)]


def test_a_workbook_without_sheets_is_refused() -> None:
    assert isinstance(refused(zipped({"hello.txt": "hello"})), SheetRefused)


@pytest.mark.parametrize(
    "cells",
    [
        number(0, 0, 1) + number(65535, 65535, 1),
        record(0x0200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 0xFFFF, 0)) + number(0, 0, 1),
    ],
    ids=["far cell", "boundless dimensions"],
)
def test_an_old_workbook_that_kills_its_parser_is_a_refusal(cells: bytes, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        refusal = refused(xls(cells), "a.xls")

    assert (refusal.code, "damaged" in refusal.detail) == ("sheet-unreadable", True)
    assert "SIGABRT" in str([vars(record)["reason"] for record in caplog.records if "reason" in vars(record)])


def test_malformed_old_workbooks_end_in_a_refusal_and_never_here() -> None:
    """Calamine aborts its process on some of these."""
    whole = xls(b"".join(number(row, 0, row) for row in range(50)))
    dice = random.Random(7)  # noqa: S311 — the same files in every run
    outcomes = set()

    for _file in range(150):
        data = bytearray(whole)
        for _byte in range(dice.randint(1, 12)):
            data[dice.randrange(8, len(data))] = dice.randrange(256)
        try:
            open_workbook(bytes(data), "a.xls")
            outcomes.add("read")
        except SheetRefused as refusal:
            outcomes.add(refusal.code)

    assert outcomes <= {"read", "sheet-unreadable", "sheet-hostile", "sheet-empty"}
    assert "sheet-unreadable" in outcomes


def test_a_parser_that_hangs_or_swells_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    many = xlsx([[f"{row}-{column}" for column in range(20)] for row in range(3000)])

    monkeypatch.setattr(survey, "limits_for", lambda _size: Limits(memory_bytes=2 * MIB))
    assert refused(many).code in ("sheet-hostile", "sheet-unreadable")
    monkeypatch.setattr(survey, "limits_for", lambda _size: Limits(answer_bytes=1000))
    assert "more memory than allowed" in refused(many).detail


def test_logs_tell_the_reason_and_nothing_of_the_content(caplog: pytest.LogCaptureFixture) -> None:
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "price 4711"
    with caplog.at_level(logging.INFO):
        refused(saved(book)[:-30], "secret name.xlsx")

    (record,) = [entry for entry in caplog.records if entry.name == "b2b.sheets.survey"]
    assert vars(record)["reason"] == "damaged"
    assert "4711" not in str(vars(record))
    assert "secret" not in str(vars(record))


# --- Deep, slow and nameless things ------------------------------------------------------------------------
def nested(count: int, tag: str) -> str:
    """Elements within each other, each with something of its own, so that they pack no tighter than a table does."""
    numbers = random.Random(3)  # noqa: S311 — padding, not a secret
    return "".join(f'<{tag} q="{numbers.getrandbits(160):x}">' for _ in range(count)) + f"</{tag}>" * count


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_elements_a_hundred_thousand_deep_are_passed_over_or_refused(part: str) -> None:
    source = zipfile.ZipFile(BytesIO(GOOD))
    parts = {name: source.read(name).decode() for name in source.namelist()}
    head, _mark, tail = parts.get(part, "<sst></sst>").rpartition("</")
    parts[part] = f"{head}{nested(100_000, 'a')}</{tail}"

    try:
        with survey.survey(zipped(parts), "a.xlsx") as found:
            rows = [row.cells for row in found.rows(found.tables[0])]
    except SheetRefused:
        return
    assert rows == [("x",)]


def test_an_archive_within_the_archive_is_not_opened() -> None:
    with survey.survey(with_parts(("xl/media/inner.zip", GOOD)), "a.xlsx") as found:
        assert [table.name for table in found.tables] == ["Sheet1"]
    assert "archive" in refused(zipped({"inner.xlsx": GOOD}), "a.zip").detail


def test_a_cell_with_a_character_no_database_keeps_is_read_without_it() -> None:
    data = raw_xlsx(f'<row r="1">{text_cell("A1", "a_x0000_b_xD800_")}</row>')

    with survey.survey(data, "a.xlsx") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [("a\ufffdb\ufffd",)]


@pytest.mark.parametrize("before", [b"", b"Name,Price\nbolt,1\n" * 20_000])
def test_a_line_longer_than_any_table_has_is_not_taken_apart(before: bytes) -> None:
    refusal = refused(before + b"a," * 10_000_000, "list.csv")

    assert refusal.detail == "A row of the file holds more than 16 MB of text."

"""Half downloads and damaged bytes of text files: what can be read is, and what is wrong is said."""

from __future__ import annotations

from typing import Any

import pytest

from b2b.sheets.cells import Unreadable
from b2b.sheets.faults import SheetUnreadable
from b2b.sheets.notes import sentence
from b2b.sheets.parsers import text
from b2b.sheets.survey import Survey, survey

ROWS = "\r\n".join(["料号,品名,单位", *(f"A-{number},六角螺栓和平垫圈,个" for number in range(40))]) + "\r\n"


def read(data: bytes) -> tuple[list[str], list[list[Any]]]:
    with survey(data, "list.csv") as found:
        return [note.code for note in found.notes], cells(found)


def cells(found: Survey) -> list[list[Any]]:
    return [list(row.cells) for row in found.rows(found.tables[0])]


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_chinese_text_may_be_cut_off_anywhere(cut: int) -> None:
    notes, rows = read(ROWS.encode("gbk")[:-cut])

    assert notes[0] == "encoding"
    assert set(notes[1:]) <= {"cut-off", "open-end"}
    assert len(rows) == 41
    assert rows[39] == ["A-38", "六角螺栓和平垫圈", "个"]


def test_a_damaged_byte_does_not_make_another_encoding_of_a_text() -> None:
    lines = ["Kod;Nazwa", *(f"{number};Śruba sześciokątna, ocynkowana" for number in range(30))]
    data = "\n".join(lines).encode() + b"\n"
    place = data.index("ś".encode(), 500)

    notes, rows = read(data[:place] + b"\xff" + data[place + 1 :])

    assert notes == ["damaged-text", "delimiter"]
    assert sum("\x1a" in str(row[1]) for row in rows) == 1
    assert rows[1] == ["0", "Śruba sześciokątna, ocynkowana"]


def test_a_damaged_character_is_a_fault_of_its_cell() -> None:
    _notes, rows = read(f"Kod;Nazwa\n{'1;Śruba zwykła mała żółta' * 9}\n2;Zażółć".encode() + b"\xc5 gwint\n")

    with pytest.raises(Unreadable) as refused:
        text(80)(rows[2][1])

    assert refused.value.code == "control-characters"


def test_a_few_letters_of_another_encoding_are_not_taken_for_damage() -> None:
    notes, rows = read("sku,name\nA,Größe über alles\nB,Änderung für Öl\n".encode("cp1252"))

    assert (notes, rows[1]) == (["encoding"], ["A", "Größe über alles"])


def test_letters_that_stand_apart_are_no_character_together() -> None:
    r"""\xe4 and twice \xa0 are one character of UTF-8, and so seemed to be a damaged text in it."""
    notes, rows = read(
        "Artikelnr;Benämning;Pris\r\nA;Bult;1\u00a0234,56\r\nB;Mutter;2\u00a0500,00\r\n".encode("cp1252")
    )

    assert notes == ["encoding", "delimiter"]
    assert [row[2] for row in rows] == ["Pris", "1\u00a0234,56", "2\u00a0500,00"]


@pytest.mark.parametrize("end", ['C,"Bolt', 'C,"Bolt, long\nD,Nut,7\n', 'C,"Bolt","12'])
def test_a_quotation_mark_that_is_open_at_the_end_is_refused_as_it_may_have_swallowed_rows(end: str) -> None:
    with pytest.raises(SheetUnreadable) as refusal:
        survey(f"sku,name,price\nA,Bolt,12\n{end}".encode(), "list.csv")
    assert "quotation mark" in refusal.value.detail


def test_an_inch_sign_in_the_last_line_is_no_quotation_mark() -> None:
    assert read(b'sku,name\nA,Bolt 3/8"\n')[1][1] == ["A", 'Bolt 3/8"']


@pytest.mark.parametrize("name", ["list.txt", "list.tsv", "list.xls"])
def test_a_last_line_without_its_end_is_told_of_every_text(name: str) -> None:
    with survey(b"sku\tweight\nA\t12\nB\t2", name) as found:
        assert "open-end" in [note.code for note in found.notes]


@pytest.mark.parametrize(
    ("data", "notes"),
    [(b"sku,weight\nA,12\nB,2", ["open-end"]), (b"sku,weight\nA,12\nB,25\n", []), (b"sku,weight\r\nA,12", [])],
)
def test_a_last_line_without_its_end_is_told(data: bytes, notes: list[str]) -> None:
    with survey(data, "list.csv") as found:
        assert [note.code for note in found.notes] == notes
        assert all(sentence(note).endswith(".") for note in found.notes)


@pytest.mark.parametrize("words", ["Śruba sześciokątna", "Болт шестигранный", "六角螺栓"])
def test_a_wide_text_that_a_program_named_a_workbook_is_read(words: str) -> None:
    data = f"No\tName\r\n1\t{words}\r\n".encode("utf-16")

    with survey(data, "export.xls") as found:
        assert cells(found)[1] == ["1", words]
        assert "plain-text" in [note.code for note in found.notes]


@pytest.mark.parametrize(
    ("words", "encoding", "name"),
    [
        ("Schraube für Möbel", "cp850", "DOS 850"),
        ("Śruba łączna źdźbło", "cp852", "DOS 852"),
        ("Schraube für Möbel", "mac-roman", "Mac Roman"),
        ("Βίδα εξάγωνη", "cp1253", "Windows-1253"),
        ("Çelik cıvata, altı köşe", "cp1254", "Windows-1254"),
        ("六角螺絲 鍍鋅鋼板", "cp950", "Big5"),
    ],
)
def test_a_text_of_an_older_program_is_read_as_it_was_meant(words: str, encoding: str, name: str) -> None:
    lines = ["sku;name", *(f"{number};{words}" for number in range(6))]

    with survey("\r\n".join([*lines, ""]).encode(encoding), "list.csv") as found:
        assert cells(found)[1] == ["0", words]
        assert {note.values["taken"] for note in found.notes} == {name, ";"}


@pytest.mark.parametrize(
    ("line", "sku"),
    [(b'="0815";1', "0815"), (b'"=""0815""";1', "0815"), (b"'0042;1", "0042"), (b"'t Hooft;1", "'t Hooft")],
)
def test_what_a_program_did_to_keep_zeros_is_no_part_of_the_number(line: bytes, sku: str) -> None:
    _notes, rows = read(b"sku;price\n" + line + b"\n")

    assert rows[1] == [sku, "1"]


def test_spaces_before_quotation_marks_do_not_make_them_text() -> None:
    _notes, rows = read(b'"sku", "name", "price"\n"A-1", "Bolt, long", "1.5"\n')

    assert rows == [["sku", "name", "price"], ["A-1", "Bolt, long", "1.5"]]


# --- The last line ------------------------------------------------------------------------------
PRICES = "Item;Unit;Price\n" + "".join(f"A-{number};pcs;1{number},50\n" for number in range(6))


@pytest.mark.parametrize(
    "end",
    ["A-9;pcs;17,5", "A-9;pcs;17,", "A-9;pcs;17", "A-9;pc"],
)
def test_a_last_line_that_was_cut_off_has_a_fault_in_its_last_cell(end: str) -> None:
    notes, rows = read((PRICES + end).encode())

    assert "open-end" in notes
    assert rows[-1] == [*end.split(";")[:-1], end.rsplit(";", maxsplit=1)[-1] + "\x1a"]
    with pytest.raises(Unreadable):
        text(20)(rows[-1][-1])


@pytest.mark.parametrize("end", ["A-9;pcs;17,50", "A-9;pcs;1.017,50", "A-9;pcs;on request", "Total"])
def test_a_last_line_that_only_lacks_its_end_is_read(end: str) -> None:
    assert read((PRICES + end).encode())[1][-1] == end.split(";")


def test_numbers_of_a_column_that_are_written_in_several_ways_prove_nothing() -> None:
    several = PRICES.replace("10,50", "10").replace("11,50", "1.100")

    assert read((several + "A-9;pcs;17").encode())[1][-1] == ["A-9", "pcs", "17"]

"""Text tables as programs of five languages write them: the encoding is found by its letters, or the doubt is said."""

from __future__ import annotations

import pytest

from b2b.sheets.faults import SheetFormat, SheetUnreadable
from b2b.sheets.notes import sentence
from b2b.sheets.survey import Note, survey

TEXTS = {
    "German": "Artikelnr;Bezeichnung;Größe;Preis\nHX-1;Sechskantschraube verzinkt für Außen;M8;1,20\n"
    "HX-3;Türöffner Schließblech;links;8,00\n",
    "French": "Référence;Désignation;Unité;Prix\nA1;Vis à tête hexagonale zinguée;pièce;1,20\n"
    "A2;Écrou frein à bague nylon, première qualité;boîte;3,40\n",
    "Spanish": "Código;Descripción;Tamaño\n1;Tornillo hexagonal galvanizado pequeño;M8\n2;Arandela de presión;M10\n",
    "Polish": "Indeks;Nazwa;Ilość;Cena\nS1;Śruba sześciokątna ocynkowana;100;1,20\n"
    "S2;Nakrętka samohamowna z wkładką;50;0,30\n",
    "Czech": "Číslo;Název zboží;Množství;Cena\nS1;Šroub se šestihrannou hlavou žárově zinkovaný;100;1,20\n"
    "S2;Matice samojistná s nylonovým kroužkem, ťažná;50;0,30\n",
    "Hungarian": "Cikkszám;Megnevezés;Mennyiség;Egységár\n1;Hatlapfejű csavar horganyzott;100;120\n",
    "Russian": "Артикул;Наименование;Количество;Цена\n1;Болт шестигранный оцинкованный М8;100;1,20\n",
    "Russian capitals": "АРТИКУЛ;НАИМЕНОВАНИЕ;КОЛИЧЕСТВО\n1;БОЛТ ШЕСТИГРАННЫЙ ОЦИНКОВАННЫЙ;100\n",
    "Chinese": "料号;名称;单位;单价\nHX-1;六角螺栓镀锌;个;1.20\nHX-2;自锁螺母尼龙;盒;0.30\n",
}


@pytest.mark.parametrize(
    ("language", "encoding", "name"),
    [
        ("German", "cp1252", "Windows-1252"),
        ("German", "latin-1", "Windows-1252"),
        ("French", "cp1252", "Windows-1252"),
        ("Spanish", "cp1252", "Windows-1252"),
        ("Polish", "cp1250", "Windows-1250"),
        ("Polish", "iso8859-2", "ISO 8859-2"),
        ("Czech", "cp1250", "Windows-1250"),
        ("Czech", "iso8859-2", "ISO 8859-2"),
        ("Hungarian", "cp1250", "Windows-1250"),
        ("Russian", "cp1251", "Windows-1251"),
        ("Russian", "koi8-r", "KOI8-R"),
        ("Russian", "cp866", "DOS 866"),
        ("Russian capitals", "cp1251", "Windows-1251"),
        ("Chinese", "gbk", "GB 18030"),
        ("Chinese", "gb18030", "GB 18030"),
    ],
)
def test_an_eight_bit_text_is_read_in_the_encoding_that_makes_words_of_it(
    language: str, encoding: str, name: str
) -> None:
    text = TEXTS[language]

    with survey(text.encode(encoding), "list.csv") as found:
        rows = [";".join(str(cell) for cell in row.cells) for row in found.rows(found.tables[0])]

    assert rows == text.splitlines()
    assert found.notes == (Note("encoding", {"taken": name}), Note("delimiter", {"taken": ";"}))


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_no_guess(language: str, encoding: str) -> None:
    with survey(TEXTS[language].encode(encoding), "list.csv") as found:
        rows = [";".join(str(cell) for cell in row.cells) for row in found.rows(found.tables[0])]

    assert rows == TEXTS[language].splitlines()
    assert [note.code for note in found.notes] == ["delimiter"]


def test_a_word_that_may_be_two_is_named_in_both() -> None:
    text = "Item,Description\n1,Crème holder\n"

    with survey(text.encode("cp1252"), "list.csv") as found:
        assert [row.cells for row in found.rows(found.tables[0])][1] == ("1", "Crème holder")

    (note,) = found.notes
    assert (note.code, note.values["taken"]) == ("encoding-unsure", "Windows-1252")
    assert sentence(note) == (
        "The text was read as Windows-1252, but may be in Windows-1250: “Crème” would then be “Crčme”. "
        "To be sure, save it as “CSV UTF-8”."
    )


@pytest.mark.parametrize(
    ("text", "encoding"), [("ボルト;価格\n", "shift-jis"), ("料號,名稱,單位\n1,六角螺栓,個\n", "big5")]
)
def test_a_text_that_makes_no_words_is_refused_rather_than_guessed(text: str, encoding: str) -> None:
    with pytest.raises(SheetUnreadable, match="CSV UTF-8"):
        survey(text.encode(encoding), "a.csv")


def test_a_stray_byte_in_a_long_text_does_not_keep_it_from_being_read() -> None:
    text = b"Item,Description\n" + b"1,Hexagon bolt made of steel\n" * 50 + b"2,Karen\xe4\xf3\xbbs bolt\n"

    with survey(text, "list.csv") as found:
        assert found.tables[0].filled_rows == 52
        (note,) = found.notes
        assert sentence(note) == (
            "The text was read as ISO 8859-2, but some of its words make no sense so, such as “Karenäóťs”. Check them."
        )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_delimiter_excel_was_told_is_taken_at_its_word(line_end: str) -> None:
    text = line_end.join(["sep=|", "a,b|c", '"x|y"|"line one', 'line two"', ""])

    with survey(text.encode(), "list.csv") as found:
        assert [(row.number, row.cells) for row in found.rows(found.tables[0])] == [
            (1, ("a,b", "c")),
            (2, ("x|y", f"line one{line_end}line two")),
        ]
        assert found.notes == (Note("delimiter", {"taken": "|"}),)


def test_ragged_and_blank_rows_keep_their_numbers() -> None:
    with survey(b"a,b,c\n\n , \n1\n2,3,4,5,,\n", "list.csv") as found:
        (table,) = found.tables
        assert [(row.number, row.cells) for row in found.rows(table)] == [
            (1, ("a", "b", "c")),
            (4, ("1",)),
            (5, ("2", "3", "4", "5")),
        ]
        assert (table.row_count, table.width, table.filled_rows) == (5, 4, 3)


def test_a_long_text_is_decoded_across_every_border_of_its_blocks() -> None:
    lines = [f"{number}\t{'螺' * (number % 7)}x" for number in range(20_000)]

    with survey("\r\n".join(lines).encode("utf-16"), "list.tsv") as found:
        assert ["\t".join(map(str, row.cells)) for row in found.rows(found.tables[0])] == lines


def test_a_text_cut_off_in_a_character_is_read_and_said_to_be() -> None:
    with survey("料号,名称\nHX-1,螺栓\n".encode()[:-2], "list.csv") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [("料号", "名称"), ("HX-1", "螺")]
        assert [note.code for note in found.notes] == ["cut-off"]


@pytest.mark.parametrize("data", [b"a,b\0c\n", b"\x00\x01\x02\x03\x04\x05", b"a" * 5000 + b"\0" + b"a" * 5000])
def test_bytes_that_no_text_has_are_refused(data: bytes) -> None:
    with pytest.raises(SheetFormat, match="no text has"):
        survey(data, "list.csv")


def test_rows_that_a_stray_quotation_mark_swallowed_are_missed() -> None:
    rows = "".join(f"{number},bolt,1.20\n" for number in range(500))

    with pytest.raises(SheetUnreadable, match="never closed"):
        survey(f'Number,Name,Price\n1,"3/4 inch bolt,1.20\n{rows}2,"nut",3\n'.encode(), "list.csv")


def test_a_list_for_printers_whose_columns_only_spaces_part_is_named() -> None:
    with pytest.raises(SheetUnreadable) as refusal:
        survey(b"Item number   Name     Price\nA-1           Bolt     12.50\nA-2           Nut       3.50\n", "a.txt")
    assert "parted by spaces" in refusal.value.detail


def test_a_list_of_one_column_is_a_list() -> None:
    with survey("Name\nMüller  GmbH\nSmith Ltd\n".encode(), "names.csv") as found:
        assert [row.cells for row in found.rows(found.tables[0])] == [("Name",), ("Müller  GmbH",), ("Smith Ltd",)]
        assert found.notes == ()

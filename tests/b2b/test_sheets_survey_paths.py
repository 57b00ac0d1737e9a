"""Plain rows of an .xlsx are read by pattern, others by expat: both must see the same, however the bytes arrive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from b2b.sandbox import Refused
from b2b.sheets.files import ooxml_cells
from b2b.sheets.files.formats import Form
from b2b.sheets.files.ooxml import Book
from b2b.sheets.files.ooxml_cells import Cells
from b2b.sheets.files.strings import Strings
from b2b.sheets.files.telling import Budget, Telling
from b2b.sheets.files.worksheet import Worksheet

FORMS = [Form.NUMBER, Form.PERCENT, Form.DAY, Form.MOMENT, Form.SPAN]
SHARED = ["Bolt", "", "1,5", "#N/A", "25/03/2026", "螺栓 & co", "  ", '"quoted"\t']
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=["Cc", "Cs"]), max_size=6)
LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)
"""As long as the texts that are known to be no numbers by their length."""
TEXTS = st.one_of(
    TEXT,
    LATIN,
    st.sampled_from(["_x000D_", "_xD83D__xDE00_", " a ", "a\tb", "1.234,5", "#REF!", "]] >", "&amp;"]),
    st.sampled_from(["DIN 933-1", "M8 ", "Bolt 1.5", "EUR 1,5", "Hex bolt M8 x 40, zinc plated, strength class 8.8"]),
)
NUMBERS = st.one_of(
    st.integers(-(10**17), 10**17).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.integers(0, 60_000).map(str),
    st.sampled_from(
        [
            "-0",
            "0.10",
            "007",
            "1e5",
            "+5",
            ".5",
            "5.",
            "1E-7",
            "1e999",
            "abc",
            "1_0",
            " 5 ",
            "60",
            "-1",
            "0.5",
            "１",
            "é",
        ]
    ),
)


@pytest.fixture(autouse=True, scope="module")
def rows_alike_from_the_first() -> Iterator[None]:
    """A pattern for whole rows is tried at once, not only in long tables."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ooxml_cells, "ALIKE_ROWS", 1)
        yield


@st.composite
def cells(draw: st.DrawFn, address: str) -> str:
    """One ``<c>`` element as some program might write it."""
    style = draw(st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="4"', ' s="99"']))
    named = f'r="{address}"{style}'
    formula = draw(st.sampled_from(["", "", "", "<f>A1+1</f>", '<f t="shared" si="0"/>', "<f>A1&gt;1</f>"]))
    kind = draw(st.sampled_from(["n", "n", "s", "s", "str", "inlineStr", "b", "e", "empty", "slash", "mixed", "d"]))
    if kind == "slash":
        return f"<c {named}{draw(st.sampled_from(['', ' ']))}/>"
    if kind == "mixed":
        return draw(st.sampled_from([f'<c {named} t="inlineStr"><v>1</v></c>', f"<c {named}><is><t>1</t></is></c>"]))
    if kind == "inlineStr":
        space = draw(st.sampled_from(["", ' xml:space="preserve"']))
        return f'<c {named} t="inlineStr"><is><t{space}>{escape(draw(TEXTS))}</t></is></c>'
    value = {
        "n": NUMBERS,
        "s": st.integers(0, len(SHARED) - 1).map(str),
        "str": TEXTS,
        "b": st.sampled_from(["0", "1", "true"]),
        "e": st.sampled_from(["#REF!", "#N/A"]),
        "d": st.sampled_from(["2026-03-04", "2026-03-04T05:06:07", "05:06", "soon"]),
        "empty": st.just(""),
    }[kind]
    told = "" if kind in ("n", "empty") else f' t="{kind}"'
    return f"<c {named}{told}>{formula}<v>{escape(draw(value))}</v></c>"


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """The rows of a sheet; now and then without addresses, or out of order."""
    rows = []
    numbers = draw(st.lists(st.integers(1, 40), unique=True, max_size=8))
    for number in numbers:
        places = sorted(draw(st.lists(st.integers(1, 90), unique=True, max_size=6)))
        body = "".join(draw(cells(f"{get_column_letter(place)}{number}")) for place in places)
        extra = draw(st.sampled_from(["", ' spans="1:3"', ' hidden="1"', ' hidden="0"', f" foo={quoteattr('a b')}"]))
        rows.append(f'<row r="{number}"{extra}/>' if not body else f'<row r="{number}"{extra}>{body}</row>')
    return draw(st.sampled_from(["", "\n"])).join(rows)


@st.composite
def tables(draw: st.DrawFn) -> str:
    """Rows that all look alike, as in nearly every table."""
    kinds = draw(st.lists(st.sampled_from(["s", "0", "1", "2", "3", "inline", "blank"]), min_size=1, max_size=5))
    plain = st.one_of(st.sampled_from(["45000", "45000.5", "0.25", "12.5", "19.989999999999998", "-3"]), NUMBERS)
    days = st.sampled_from(["45000", "45000.5"])
    shared = st.sampled_from(["0", "0", "0", "2", "4", "5", "3"])
    rows = []
    for number in range(1, draw(st.integers(2, 12))):
        body = ""
        for place, kind in enumerate(kinds, 1):
            named = f'<c r="{get_column_letter(2 * place)}{number}"'
            if kind == "blank":
                body += f'{named} s="1"/>'
            elif kind == "inline":
                space = draw(st.sampled_from(["", ' xml:space="preserve"']))
                body += f'{named} t="inlineStr"><is><t{space}>{escape(draw(TEXTS))}</t></is></c>'
            else:
                value = draw({"s": shared, "2": days, "3": days}.get(kind, plain))
                body += f'{named} {"t" if kind == "s" else "s"}="{kind}"><v>{value}</v></c>'
        hidden = draw(st.sampled_from(["", "", ' hidden="1"']))
        rows.append(f'<row r="{number}"{hidden}>{body}</row>')
    return "".join(rows)


def said(sheet: str, *, cuts: Iterable[int] = ()) -> object:
    """Everything the reader says of a sheet, or the reason it gives for refusing."""
    data = sheet.encode()
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    chunks = [data[start:end] for start, end in pairwise(edges)]
    strings = Strings()
    for text in SHARED:
        strings.add(text)
    telling = Telling(Budget(10_000), "a")
    try:
        for _piece in Worksheet(telling, Cells(Book(forms=FORMS), strings)).read(iter(chunks)):
            pass
        return b"".join(telling.ended())
    except Refused as refused:
        return refused.code


def worksheet(rows: str, *, before: str = "", prefix: str = "") -> str:
    inside = rows.replace("</", f"\0{prefix}").replace("<", f"<{prefix}").replace("\0", "</")
    end = f"</{prefix}sheetData></{prefix}worksheet>"
    return f'<?xml version="1.0"?>\n<{prefix}worksheet xmlns:x="x"><{prefix}sheetData>{before}{inside}{end}'


@settings(max_examples=80, deadline=None)
@given(st.one_of(sheets(), tables()), st.lists(st.integers(0, 10_000), max_size=3))
def test_the_pattern_never_sees_anything_else_than_the_parser(rows: str, cuts: list[int]) -> None:
    by_parser = said(worksheet(rows, before="<!-- only a parser reads on from here -->"))

    assert said(worksheet(rows)) == by_parser
    assert said(worksheet(rows), cuts=cuts) == by_parser
    assert said(worksheet(rows, prefix="x:")) == by_parser


@pytest.mark.parametrize(
    "rows",
    [
        '<!-- <row r="1"><c r="A1"><v>1</v></c></row> -->',
        '<row r="2"><c r="A2"><v>2</v></c></row><!-- <row r="3"><c r="A3"><v>1</v></c></row> -->',
        '<row r="2"><c r="A2" t="str"><v><![CDATA[</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>]]></v></c></row>',
        '<?x <row r="3"><c r="A3"><v>1</v></c></row>?>',
    ],
)
def test_rows_that_are_no_rows_are_not_read(rows: str) -> None:
    found = said(worksheet(rows))

    assert isinstance(found, bytes)
    assert b"\n3\t" not in found
    assert b"1\t\t[1]" not in found


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="B1"><v>1</v></c></row>', None),
        ('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "row-twice"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "damaged"),
        ('<row r="1"><c r="a1"><v>1</v></c></row>', "damaged"),
        ('<row r="x"><c r="A1"><v>1</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1" t="s"><v>99</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1" t="s"><v>x</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1"><v>1</c></row>', "damaged"),
        ('<row r="1"><c r="A1"/><v>1</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1"><v>&nonsense;</v></c></row>', "damaged"),
        ('<row r="1"><c r="A1" t="str"><v>\x01</v></c></row>', "damaged"),
    ],
)
def test_what_no_program_writes_is_refused(rows: str, code: str | None) -> None:
    assert code is None or said(worksheet(rows)) == code


def test_rows_and_cells_without_addresses_follow_each_other() -> None:
    rows = '<row r="5"><c r="A5"><v>1</v></c></row><row><c><v>2</v></c><c r="D6"><v>3</v></c><c><v>4</v></c></row>'

    found = said(worksheet(rows))

    assert isinstance(found, bytes)
    assert found.startswith(b"R5\t\t[1]\n6\t\t[2,null,null,3,4]\nE")


def test_what_is_said_about_how_a_word_is_pronounced_is_no_text() -> None:
    cell = '<c r="A1" t="inlineStr"><is><r><t>螺</t></r><rPh sb="0" eb="1"><t>ら</t></rPh><r><t>栓</t></r></is></c>'

    found = said(worksheet(f'<row r="1">{cell}</row>'))

    assert isinstance(found, bytes)
    assert found.decode().startswith('R1\t\t["螺栓"]\n')

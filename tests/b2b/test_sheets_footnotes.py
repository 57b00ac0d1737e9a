"""Raised digits and numbers no program of ours would write: never digits of another number."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.sheets.cells import Unreadable
from b2b.sheets.parsers import unit, unit_price
from b2b.sheets.survey import survey
from tests.b2b.workbooks import raw_xlsx

RAISED = '<r><rPr><vertAlign val="superscript"/></rPr><t>%s</t></r>'


RELATIONS = (
    '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
    '<Relationship Id="r3" Type="x/sharedStrings" Target="strings.xml"/></Relationships>'
)


def strings(*runs: str) -> dict[str, str]:
    shared = "".join(f"<si>{run}</si>" for run in runs)
    return {"xl/strings.xml": f"<sst>{shared}</sst>", "xl/_rels/workbook.xml.rels": RELATIONS}


def read(data: bytes, name: str) -> list[tuple[object, ...]]:
    with survey(data, name) as found:
        return [tuple(row.cells) for row in found.rows(found.tables[0])]


def test_a_raised_footnote_behind_a_price_is_no_decimal() -> None:
    more = strings(f"<r><t>12,50</t></r>{RAISED % 1}", f"<r><t>m</t></r>{RAISED % 2}", "<r><t>12,50</t></r>")
    row = "".join(f'<c r="{column}1" t="s"><v>{place}</v></c>' for place, column in enumerate("ABC"))

    ((price, square, plain),) = read(raw_xlsx(f'<row r="1">{row}</row>', more=more), "a.xlsx")

    assert isinstance(price, str)
    assert isinstance(square, str)
    assert (price, square, plain) == ("12,50¹", "m²", "12,50")
    with pytest.raises(Unreadable):
        unit_price()(price)
    assert unit()(square) == "MTK"


def test_a_raised_footnote_of_a_web_page_is_no_decimal() -> None:
    page = b"<table><tr><td>A-1</td><td>1.5<sup>1</sup></td><td>2.5</td></tr></table>"

    assert read(page, "a.xls") == [("A-1", "1.5¹", "2.5")]


def test_a_number_written_with_a_comma_is_one_cell_and_no_two() -> None:
    row = '<c r="A1"><v>1,5</v></c><c r="B1"><v>2</v></c>'

    assert read(raw_xlsx(f'<row r="1">{row}</row>'), "a.xlsx") == [("1,5", Decimal(2))]

"""What made real price lists go wrong: titles, sections and headings where a reader does not expect them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from b2b.sheets.cells import Cell
from b2b.sheets.mapping import propose
from b2b.sheets.parsers import quantity, text, whole_number
from b2b.sheets.sheet import Column, Sheet
from tests.b2b.surveyed_tables import read_all, surveyed
from tests.b2b.workbooks import HEADINGS, Parts

BOLT: tuple[Cell, ...] = ("HX-8", "Bolt", "kg", Decimal("1.5"), "CNY")
NUT: tuple[Cell, ...] = ("NU-8", "Nut", "pcs", Decimal("0.5"), "CNY")


def test_a_title_right_above_the_headings_is_no_half_of_them() -> None:
    this_year = propose(Parts, surveyed(("Price list 2026",), HEADINGS, BOLT))
    next_year = propose(Parts, surveyed(("Price list 2027, valid for dealers",), HEADINGS, BOLT))

    assert (this_year.is_sure, this_year.layout.header_rows) == (True, (2,))
    assert {match.heading for match in this_year.matches.values()} == set(HEADINGS)
    assert this_year.layout.fingerprint == next_year.layout.fingerprint


def test_headings_repeated_below_a_section_are_not_taken_for_the_first() -> None:
    table = surveyed(HEADINGS, ("Bolts",), BOLT, ("Nuts",), HEADINGS, NUT)

    rows = read_all(Parts, table)

    assert propose(Parts, table).layout.header_rows == (1,)
    assert [(row.number, row.left_out) for row in rows] == [
        (2, "section"), (3, ""), (4, "section"), (5, "repeated-headings"), (6, ""),
    ]  # fmt: skip


class Positions(Sheet):
    """Lines known by their number, which some call an item number."""

    number = Column(("Line", "行号"), whole_number(), aliases=("Item no.",), required=False)
    item = Column(("Item", "品名"), text(200))
    quantity = Column(("Quantity", "数量"), quantity())


@pytest.mark.parametrize(
    ("numbers", "asked"), [(("1-001", "1-002", "1-003"), ["number"]), (("0001", "0002", "n/a"), [])]
)
def test_a_column_of_another_name_that_holds_another_kind_of_thing_is_asked(
    numbers: tuple[str, ...], asked: list[str]
) -> None:
    rows = [(number, "Bolt", Decimal(5)) for number in numbers]

    proposal = propose(Positions, surveyed(("Item No.", "Item", "Quantity"), *rows))

    assert [question.about["column"] for question in proposal.questions] == asked
    assert ("number" in proposal.layout.columns) == (not asked)

"""What made real price lists go wrong: titles, sections and headings where a reader does not expect them."""

from __future__ import annotations

from decimal import Decimal

from b2b.sheets.cells import Cell
from b2b.sheets.mapping import propose
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

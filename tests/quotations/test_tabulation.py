"""The layout of published tabulations: what may drift, what must not, and what is told."""

from __future__ import annotations

import pytest

from quotations.tabulation.files import day_in_name
from quotations.tabulation.proposals import proposals_of
from quotations.tabulation.rows import Reading, read_sheet
from tests.quotations.tabulations import NUMBERED, TWO, numbered, only, proposals, told


def test_prices_as_text_are_read_and_the_estimate_is_nobodys_bid():
    proposal = only(numbered(TWO))

    assert (proposal.name, str(proposal.opened_on)) == ("call 101, 11000-100", "2022-05-11")
    assert [(line.number, line.unit, line.quantity) for line in proposal.lines] == [(10, "FOT", 100), (20, "FOT", 100)]
    assert proposal.estimates == {10: 5, 20: 6}
    assert [(bid.bidder, bid.rank, bid.prices[10].unit_price) for bid in proposal.bids] == [
        ("Alpha, Inc.", 1, 4),
        ("Beta Co", 2, 5),
    ]
    assert (proposal.faults, proposal.remarks) == ([], [])


def test_the_table_may_start_lower_and_have_its_headings_again_and_a_total():
    rows = numbered(TWO)
    rows.insert(3, list(NUMBERED))
    rows.append(["", "", "", "", "Total", "", "", "", "", "$1,000.00", ""])

    found, remarks = proposals(rows, above=4)

    assert [len(bid.prices) for bid in found[0].bids] == [2, 2]
    assert [str(remark) for remark in remarks] == ["Sheet1, row 13: A row of totals; it was left out."]


def test_what_is_invisible_in_a_text_is_left_out():
    rows = numbered(TWO)
    for row in rows[2:4]:
        row[7] = "Alpha,\x07 Inc."

    assert [bid.bidder for bid in rows_as_read(rows).bids] == ["Alpha, Inc.", "Beta Co"]


def rows_as_read(rows):
    """Without a file in between: no spreadsheet program writes such cells, and other programs do."""
    reading = Reading()
    read_sheet(reading, "Sheet1", [NUMBERED, *rows])
    return proposals_of(reading)[0]


def test_missing_columns_are_named():
    heading = tuple("Whatever" if name == "Vendor Name" else name for name in NUMBERED)

    found, remarks = proposals(numbered(TWO), heading=heading)

    assert (found, [str(remark) for remark in remarks]) == ([], ["Sheet1, row 1: No column is headed “Vendor Name”."])


def test_a_sheet_without_a_table_is_left_out_and_the_others_are_read():
    found, remarks = proposals([["a note"]], numbered(TWO), heading=("Read me",))
    assert found == []

    assert len(remarks) == 2


def test_a_proposal_may_go_on_on_the_next_sheet():
    rows = numbered(TWO)

    proposal = only(rows[:4], rows[4:])

    assert [len(bid.prices) for bid in proposal.bids] == [2, 2]


def test_a_hole_in_the_table_is_told_to_both_its_neighbours():
    blank = [[""] * len(NUMBERED)] * 3

    found, _remarks = proposals([*numbered(TWO), *blank, *numbered(TWO, proposal="22000-200")])

    assert [told(proposal) for proposal in found] == [
        ["Sheet1, row 8: Rows 8 to 10 are empty although the table goes on below them."]
    ] * 2


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2022-05-11.xlsx", "2022-05-11"),
        ("tab_20220511.xls", "2022-05-11"),
        ("2022-13-40.xlsx", "None"),
        ("may.xlsx", "None"),
        ("2022-02-31.xlsx", "None"),
    ],
)
def test_the_day_of_a_letting_may_stand_in_the_name(name, day):
    assert str(day_in_name(name)) == day


def test_the_digest_is_of_what_is_said_not_of_where():
    first, second = only(numbered(TWO)), only(numbered(TWO), above=3, name="other.xlsx")
    dearer = only(numbered({**TWO, "Beta Co": (2, {10: 5, 20: 8})}))

    assert first.digest() == second.digest()
    assert first.digest() != dearer.digest()

"""Which lines a published tabulation has, and which of its rows say the same twice."""

from __future__ import annotations

from tests.quotations.tabulations import NUMBERED, TWO, UNNUMBERED, numbered, only, told, unnumbered, wrong


def test_line_numbers_that_start_again_in_each_section_are_two_lines():
    rows = [*numbered(TWO), *numbered({name: (rank, {10: 1}) for name, (rank, _) in TWO.items()}, section="2")]

    proposal = only(rows)

    assert [(line.number, line.label, line.section) for line in proposal.lines] == [
        (1, "0010", "1"),
        (2, "0020", "1"),
        (3, "0010", "2"),
    ]


def test_the_same_row_twice_counts_once_and_is_told():
    rows = numbered(TWO)
    rows.append(list(rows[2]))

    proposal = only(rows)

    assert proposal.bids[0].printed_total == 1000
    assert told(proposal) == ["Sheet1, row 8: Repeats row 4; it is counted once."]


def test_one_line_at_two_prices_is_a_fault():
    rows = numbered(TWO)
    rows.append([*rows[2][:8], "$9.00", "$900.00", "1"])

    (fault,) = wrong(only(rows))
    assert fault == (
        "Sheet1, row 8: Line 0010 of Alpha, Inc. stands in row 4 with another price. "
        "Two bidders of one name need a column “Vendor ID”."
    )


def test_another_quantity_for_one_bidder_is_a_fault():
    rows = numbered(TWO)
    rows[4][6], rows[4][9] = "101.000", "$505.00"

    assert wrong(only(rows)) == ["Sheet1, row 6: The quantity of line 0010 is 101 here and 100 in row 4."]


def test_another_unit_for_one_bidder_is_a_fault_and_another_spelling_is_not():
    spelt = numbered(TWO)
    spelt[4][5] = "LFT"
    changed = numbered(TWO)
    changed[4][5] = "Syd"

    assert wrong(only(spelt)) == []
    assert wrong(only(changed)) == ["Sheet1, row 6: The unit of line 0010 is “Syd” here and “Ft” in row 4."]


def test_an_unknown_unit_is_kept_in_the_item_and_told():
    proposal = only(numbered(TWO, unit="Flurbs"))

    assert {(line.unit, line.item) for line in proposal.lines} == {
        ("ZZ", "Item 10 [Flurbs]"),
        ("ZZ", "Item 20 [Flurbs]"),
    }
    assert len(told(proposal)) == 2


def test_lines_without_numbers_are_told_apart_by_their_order():
    proposal = only(
        unnumbered(
            {
                "Alpha": (1, [("A", 1, 5.0), ("A", 1, 7.0), ("B", 1, 1.0)]),
                "Beta": (2, [("A", 1, 6.0), ("A", 1, 8.0), ("B", 1, 2.0)]),
            }
        ),
        heading=UNNUMBERED,
    )

    assert [[price.unit_price for price in bid.prices.values()] for bid in proposal.bids] == [[5, 7, 1], [6, 8, 2]]
    assert str(proposal.opened_on) == "2023-04-05"


def test_a_bidder_whose_list_is_printed_backwards_is_turned_round():
    proposal = only(
        unnumbered(
            {
                "Alpha": (1, [("A", 1, 5.0), ("A", 1, 7.0), ("B", 1, 1.0)]),
                "Beta": (2, [("B", 1, 2.0), ("A", 1, 8.0), ("A", 1, 6.0)]),
            }
        ),
        heading=UNNUMBERED,
    )

    assert [[bid.prices[number].unit_price for number in (1, 2, 3)] for bid in proposal.bids] == [[5, 7, 1], [6, 8, 2]]


def test_of_an_alternate_set_the_cheapest_member_counts_for_each_bidder():
    heading = (*NUMBERED, "Alt Set", "Alt Mbr")
    rows = [
        ["1", "P", line, "1", f"Item {line}", "Ft", 1, bidder, price, price, rank, alternate, member]
        for bidder, rank, base, first, second in (("Alpha", 1, 10, 5, 6), ("Beta", 2, 10, 9, 7))
        for line, price, alternate, member in ((1, base, "", ""), (2, first, "AA", "1"), (3, second, "AA", "2"))
    ]

    proposal = only(rows, heading=heading)

    assert [sorted(bid.prices) for bid in proposal.bids] == [[1, 2], [1, 3]]


def test_a_line_that_asks_for_nothing_is_left_out():
    rows = numbered(TWO)
    for row in rows[::2]:
        row[6], row[9] = "0.000", "$0.00"

    proposal = only(rows)

    assert [line.number for line in proposal.lines] == [20]

"""Reading published tabulations: what may drift, what must not, and what is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quotations.tabulation.bidders import canonical, is_estimate, without_form
from quotations.tabulation.files import day_in_name, read_file
from quotations.tabulation.prices import priced
from quotations.tabulation.proposals import proposals_of
from quotations.tabulation.rows import Reading, read_sheet
from tests.quotations.tabulations import NUMBERED, UNNUMBERED, numbered, unnumbered, workbook

TWO = {"Eng Est": (0, {10: 5, 20: 6}), "Alpha, Inc.": (1, {10: 4, 20: 6}), "Beta Co": (2, {10: 5, 20: 7})}

TOO_LONG = "The number has more than 12 digits before the decimal point."


def proposals(*sheets, name="2022-05-11.xlsx", **values):
    return read_file(workbook(*sheets, **values), name)


def only(*sheets, **values):
    found, remarks = proposals(*sheets, **values)
    assert len(found) == 1, remarks
    return found[0]


def told(proposal):
    return [str(remark) for remark in proposal.remarks]


def wrong(proposal):
    return [str(fault) for fault in proposal.faults]


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


@pytest.mark.parametrize(
    "name", ["Eng Est", "ENG. EST.", "Engineer's Estimate", "Engineers Est", "ENGINEER'S ESTIMATE", "Estimate"]
)
def test_the_engineers_estimate_has_many_names(name):
    assert is_estimate(name)


@pytest.mark.parametrize(
    "name", ["Engineered Estimates LLC", "Best Estimating, Inc.", "Engineering Co", "Eastern Paving"]
)
def test_a_company_is_not_an_estimate(name):
    assert not is_estimate(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("E & B PAVING, INC.", "E&B Paving Inc"),
        ("Dan's Excavating, Inc.", "DANS EXCAVATING INC"),
        ("Smith Company", "Smith Co."),
        ("Fahrner, L.L.C.", "Fahrner LLC"),
        ("Peña Bros", "PENA BROS"),
    ],
)
def test_a_company_under_two_spellings_is_one(one, other):
    assert canonical(one) == canonical(other)


def test_the_legal_form_alone_does_not_make_another_company():
    assert without_form("Alpha, Inc.") == without_form("ALPHA") == without_form("Alpha Co. LLC")
    assert without_form("Company") == "co"


def test_a_bidder_spelt_two_ways_is_one_bidder():
    rows = numbered(
        {"E & B Paving, Inc.": (1, {10: 4}), "E&B PAVING INC": (1, {20: 6}), "Beta Co": (2, {10: 5, 20: 7})}
    )

    proposal = only(rows)

    assert [(bid.bidder, len(bid.prices)) for bid in proposal.bids] == [("E & B Paving, Inc.", 2), ("Beta Co", 2)]
    assert told(proposal) == [
        "Sheet1, row 2: One bidder under several spellings: “E & B Paving, Inc.”, “E&B PAVING INC”."
    ]


def test_a_misspelt_bidder_who_continues_another_is_that_one():
    rows = numbered(
        {"Rieth-Riley Construction": (1, {10: 4}), "Reith-Riley Constructon": (1, {20: 6}), "Beta": (2, {10: 5, 20: 7})}
    )

    assert [(bid.bidder, len(bid.prices)) for bid in only(rows).bids] == [("Rieth-Riley Construction", 2), ("Beta", 2)]


def test_two_bidders_on_one_rank_stay_two():
    rows = numbered({"Alpha": (1, {10: 4, 20: 6}), "Alpho": (1, {10: 6, 20: 4}), "Beta": (3, {10: 5, 20: 7})})

    assert [(bid.bidder, bid.rank) for bid in only(rows).bids] == [("Alpha", 1), ("Alpho", 1), ("Beta", 3)]


# --- Lines --------------------------------------------------------------------------------------
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

    assert wrong(only(rows)) == ["Sheet1, row 8: Line 0010 of Alpha, Inc. stands in row 4 with another price."]


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


# --- Wrong numbers ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (8, "four", "price: “four” is not a number."),
        (8, "-$4.00", "price: -4.00 is less than zero."),
        (8, "$4,00.00", "price: “$4,00.00” is not a number."),
        (6, "-100", "quantity: -100 is less than zero."),
        (6, "about 100", "quantity: “about 100” is not a number."),
        (6, "", "The quantity is blank."),
        (7, "", "No bidder is named."),
        (9, "n/a", "amount: “n/a” is not a number."),
        (8, True, "price: “TRUE” is not a number."),
        (8, 999999999999, "The quantity times the price is too large."),
        (8, "9" * 30, f"price: {TOO_LONG}"),
    ],
)
def test_a_wrong_number_is_a_sentence_with_its_place(column, value, said):
    rows = numbered(TWO)
    rows[2][column] = value

    assert f"Sheet1, row 4: {said}" in wrong(only(rows))


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


def test_a_fault_spoils_its_own_proposal_only():
    bad = numbered(TWO, proposal="22000-200")
    bad[2][8] = "four"

    found, _remarks = proposals([*numbered(TWO), *bad])

    assert [bool(proposal.faults) for proposal in found] == [False, True]


def test_a_blank_price_is_no_bid_and_told():
    rows = numbered(TWO)
    rows[2][8] = rows[2][9] = ""

    found, remarks = proposals(rows)

    assert sorted(found[0].bids[0].prices) == [20]
    assert [str(remark) for remark in remarks] == [
        "Sheet1, row 4: There is no price: this bidder did not bid on the line."
    ]


def test_a_bidder_with_two_ranks_is_a_fault():
    rows = numbered(TWO)
    rows[3][10] = "2"

    assert wrong(only(rows)) == ["Sheet1, row 5: Alpha, Inc. has rank 2 here and 1 in row 4."]


@pytest.mark.parametrize(
    ("text", "rank"),
    [("1", 1), ("1.0", 1), ("01", 1), ("T1", 1), ("1 (tie)", 1), ("", None), ("0", None), ("Rejected", None)],
)
def test_what_a_rank_may_look_like(text, rank):
    rows = numbered(TWO)
    for row in rows[2:4]:
        row[10] = text

    assert only(rows).bids[0].rank == rank


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


# --- Prices -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("quantity", "price", "amount", "unit_price", "recovered"),
    [
        ("15050", "0.14", "2031.75", "0.135", True),
        ("4.87", "2164.52", "10541.19", "2164.515", True),
        ("100", "5", "500", "5", False),
        ("3", "0.333", "1.00", "0.333", False),
        ("1000000", "0.01", "12345.67", "0.012346", True),
        ("10", "5", None, "5", False),
    ],
)
def test_a_price_rounded_for_printing_is_found_again(quantity, price, amount, unit_price, recovered):
    found = priced(
        quantity=Decimal(quantity), price=Decimal(price), places=max(2, -Decimal(price).as_tuple().exponent),
        amount=None if amount is None else Decimal(amount),
    )  # fmt: skip

    assert (found.unit_price, found.recovered, found.contradiction) == (Decimal(unit_price), recovered, "")


def test_where_no_rounding_explains_it_the_unit_price_counts_and_the_contradiction_is_told():
    found = priced(quantity=Decimal(10), price=Decimal(5), places=2, amount=Decimal(500))

    assert (found.unit_price, found.recovered) == (5, False)
    assert found.contradiction == "10 × 5 is 50.00, but the file says 500.00; the unit price counts."


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

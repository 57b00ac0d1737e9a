"""Who bids in a published tabulation: estimates, companies under several spellings, ranks."""

from __future__ import annotations

import pytest

from quotations.tabulation.bidders import canonical, is_estimate, without_form
from tests.quotations.tabulations import NUMBERED, TWO, numbered, only, told, wrong


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


def test_a_bidder_with_two_ranks_is_a_fault():
    rows = numbered(TWO)
    rows[3][10] = "2"

    assert wrong(only(rows)) == [
        "Sheet1, row 5: Alpha, Inc. has rank 2 here and 1 in row 4. Two bidders of one name need a column “Vendor ID”."
    ]


@pytest.mark.parametrize(
    ("text", "rank"),
    [("1", 1), ("1.0", 1), ("01", 1), ("T1", 1), ("1 (tie)", 1), ("", None), ("0", None), ("Rejected", None)],
)
def test_what_a_rank_may_look_like(text, rank):
    rows = numbered(TWO)
    for row in rows[2:4]:
        row[10] = text

    assert only(rows).bids[0].rank == rank


def with_ids(rows, ids):
    return [[*row, ids[row[NUMBERED.index("Vend Rank")]]] for row in rows]


def test_two_bidders_of_one_name_are_told_apart_by_their_identifiers():
    rows = numbered({"Alpha, Inc.": (1, {10: 4, 20: 6}), "ALPHA INC": (2, {10: 5, 20: 6}), "Beta": (3, {10: 6, 20: 7})})

    proposal = only(with_ids(rows, {"1": "V-17", "2": 4711, "3": ""}), heading=(*NUMBERED, "Vendor ID"))

    assert wrong(proposal) == []
    assert [(bid.bidder, bid.rank, len(bid.prices)) for bid in proposal.bids] == [
        ("Alpha, Inc. (V-17)", 1, 2), ("ALPHA INC (4711)", 2, 2), ("Beta", 3, 2),
    ]  # fmt: skip
    assert [len(line.rows) for line in proposal.lines] == [3, 3]


def test_an_identifier_is_no_part_of_a_name_that_only_one_bidder_has():
    rows = numbered({"Alpha, Inc.": (1, {10: 4, 20: 6}), "Beta": (2, {10: 6, 20: 7})})

    proposal = only(with_ids(rows, {"1": "V-17", "2": "V-18"}), heading=(*NUMBERED, "Vendor ID"))

    assert [bid.bidder for bid in proposal.bids] == ["Alpha, Inc.", "Beta"]

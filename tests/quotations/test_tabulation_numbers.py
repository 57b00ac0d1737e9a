"""Wrong numbers in a published tabulation, and prices rounded for printing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quotations.tabulation.prices import priced
from tests.quotations.tabulations import TWO, numbered, only, proposals, wrong

TOO_LONG = "The number has more than 12 digits before the decimal point."


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

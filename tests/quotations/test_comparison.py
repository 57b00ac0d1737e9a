"""Comparing: ranks, best prices, what is missing, and currencies."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from b2b.clock import database_now
from b2b.models.rate import ExchangeRate
from quotations.comparison import Bidder, comparison, rank
from quotations.models import Quotation, QuotationLine
from quotations.sheets.comparison import LEADING, write_comparison
from tests.factories.b2b import SupplierFactory
from tests.factories.procurement import asked
from tests.factories.quotations import bid, open_all, opened_tender, tender

pytestmark = pytest.mark.django_db


def by_place(side, compared):
    keys = [side.quotation(place).pk for place in range(len(side.bidders))]
    return [compared.bidder(key) for key in keys]


def test_bidders_are_ranked_by_their_totals():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 20}, {1: 30, 2: 1})

    compared = comparison(side.rfq)

    assert [bidder.rank for bidder in by_place(side, compared)] == [2, 1, 3]
    assert [bidder.compared_total for bidder in by_place(side, compared)] == [3000, 2900, 3100]
    assert [bidder.above_best for bidder in by_place(side, compared)] == [100, 0, 200]
    assert [bidder.rank for bidder in compared.bidders] == [1, 2, 3]


def test_equal_totals_share_a_rank_and_the_next_counts_both():
    side = opened_tender({1: 10, 2: 20}, {1: 20, 2: 10}, {1: 30, 2: 10})

    assert [bidder.rank for bidder in by_place(side, comparison(side.rfq))] == [1, 1, 3]


def test_the_best_price_of_each_line_is_marked():
    side = opened_tender({1: 10, 2: 20}, {1: 9, 2: 21}, {1: 9, 2: None})

    compared = comparison(side.rfq)

    best = {(line.number, cell.quotation_id) for line in compared.lines for cell in line.cells if cell.is_best}
    first, second, third = (side.quotation(place).pk for place in range(3))
    assert best == {(1, second), (1, third), (2, first)}


def test_who_leaves_a_mandatory_line_unpriced_is_shown_and_not_ranked():
    side = opened_tender({1: 10, 2: 20}, {1: 1, 2: None})

    second = by_place(side, comparison(side.rfq))[1]

    assert (second.rank, second.unranked, second.missing, second.no_bid) == (None, "incomplete", [2], [2])


def test_an_optional_line_left_out_does_not_cost_the_rank():
    lines = [asked(1)[0], replace(asked(1)[0], number=2, mandatory=False)]
    side = opened_tender({1: 10}, {1: 9, 2: 5}, lines=lines)

    first, second = by_place(side, comparison(side.rfq))

    assert (first.rank, first.optional_missing, second.rank) == (1, [2], 2)


def test_the_disqualified_are_shown_without_a_rank_and_without_best_prices():
    side = opened_tender({1: 1, 2: 1}, {1: 2, 2: 2})
    out = side.quotation(0)
    out.propose_disqualification(actor=side.clerk, criterion="Certificate", reason="Forged")
    out.disqualify(actor=side.controller)

    first, second = by_place(side, comparison(side.rfq))

    assert (first.rank, first.unranked, first.best_lines) == (None, "disqualified", 0)
    assert (second.rank, second.best_lines) == (1, 2)


def test_a_discount_lowers_every_price():
    side = tender(1)
    bid(side, 0, {1: "3.33", 2: 10}, discount_percent=Decimal("2.5"))
    open_all(side)

    cells = [line.cells[0] for line in comparison(side.rfq).lines]

    assert [(cell.unit_price, cell.net_unit_price, cell.amount) for cell in cells] == [
        (Decimal("3.33"), Decimal("3.24675"), Decimal("324.68")),
        (Decimal(10), Decimal("9.75"), Decimal(975)),
    ]


def test_currencies_are_converted_at_the_rates_frozen_at_opening():
    today = database_now().date()
    ExchangeRate.objects.create(source="ECB", base="EUR", quote="USD", day=today, rate=Decimal("1.25"))
    side = tender(2, quotation_currencies=["USD"])
    bid(side, 0, {1: 10, 2: 10})
    bid(side, 1, {1: 12, 2: 12}, currency="USD")
    open_all(side)
    ExchangeRate.objects.update(rate=Decimal(99))

    compared = comparison(side.rfq)

    second = by_place(side, compared)[1]
    assert (second.rank, second.total, second.compared_total, second.rate) == (1, 2400, 1920, Decimal("0.8"))
    cell = next(cell for cell in compared.lines[0].cells if cell.quotation_id == second.quotation_id)
    assert (cell.currency, cell.amount, cell.compared_amount, cell.compared_unit_price) == (
        "USD",
        1200,
        960,
        Decimal("9.6"),
    )
    assert compared.rates_on == today


def test_the_estimate_stands_beside():
    side = opened_tender({1: 10, 2: 20})

    compared = comparison(side.rfq)

    assert (compared.estimate_total, [line.estimate_amount for line in compared.lines]) == (400, [200, 200])


def test_before_opening_there_is_nobody_to_compare():
    side = tender(2)

    compared = comparison(side.rfq)

    assert (len(compared.lines), compared.bidders) == (2, [])


def filled(lines, bidders):
    """As many opened quotations with a price for each line, written in bulk."""
    side = opened_tender({1: 1}, lines=asked(1))
    rfq_lines = side.rfq.lines.bulk_create(
        [
            type(side.rfq.lines.get())(rfq=side.rfq, number=n, item=f"Item {n}", quantity=n, unit="C62")
            for n in range(2, lines + 1)
        ]
    )
    for place in range(bidders):
        quotation = Quotation.objects.create(
            state="opened",
            rfq=side.rfq,
            buyer=side.buyer,
            supplier=SupplierFactory(),
            currency="EUR",
            opened_at=database_now(),
        )
        QuotationLine.objects.bulk_create(
            QuotationLine(
                quotation=quotation,
                rfq_line=line,
                number=line.number,
                quantity=line.quantity,
                unit_price=place + 1,
                net_unit_price=place + 1,
                amount=line.quantity * (place + 1),
            )
            for line in rfq_lines
        )
    return side.rfq


@pytest.mark.parametrize(("lines", "bidders"), [(3, 2), (60, 12)])
def test_the_number_of_queries_does_not_grow(lines, bidders):
    rfq = filled(lines, bidders)

    with CaptureQueriesContext(connection) as queries:
        compared = comparison(rfq)

    assert len(queries) == 3
    assert (len(compared.lines), len(compared.bidders)) == (lines, bidders + 1)


def test_the_workbook_never_writes_a_formula():
    side = opened_tender({1: 10, 2: 20}, lines=[replace(line, item="=1+1") for line in asked(2)])

    sheet = written(side.rfq).worksheets[0]

    assert (sheet.cell(3, 3).value, sheet.cell(3, 3).data_type) == ("=1+1", "s")
    assert (sheet.cell(3, 11).value, sheet.cell(5, 11).value, sheet.cell(6, 11).value) == (1000, 3000, 1)


def test_the_workbook_shows_who_is_best_and_what_is_missing():
    side = opened_tender({1: 12, 2: None}, {1: 10, 2: 20})

    first, second = written(side.rfq).worksheets
    rows = list(first.iter_rows(values_only=True))

    assert [row[LEADING:] for row in rows[2:]] == [
        (10, 10, 1000, 12, 12, 1200),
        (20, 20, 2000, "no bid", None, None),
        (None, None, 3000, None, None, 1200),
        (None, None, 1, None, None, "Incomplete"),
        (None, None, 0, None, None, None),
        (None, None, "–", None, None, "2"),
    ]
    assert [row[2] for row in rows[4:]] == ["Total", "Rank", "Above the best", "Mandatory lines missing"]
    assert (first.cell(3, 9).fill.fgColor.rgb[-6:], first.cell(3, 12).fill.fgColor.rgb[-6:]) == ("E2F0D9", "000000")
    assert (first.freeze_panes, first.column_dimensions["C"].width, second.max_row) == ("I3", 48, 7)


def written(rfq):
    file = BytesIO()
    write_comparison(file, comparison(rfq))
    return load_workbook(file)


@given(st.lists(st.integers(min_value=0, max_value=6), min_size=1, max_size=8))
def test_a_rank_is_one_more_than_the_number_of_lower_totals(totals):
    bidders = [
        Bidder(quotation_id=None, number="", state="opened", supplier_id=None, supplier="", currency="EUR",
               valid_until=date(2030, 1, 1), rate=Decimal(1), total=Decimal(total), compared_total=Decimal(total))
        for total in totals
    ]  # fmt: skip

    rank(bidders)

    assert [bidder.rank for bidder in bidders] == [1 + sum(other < total for other in totals) for total in totals]

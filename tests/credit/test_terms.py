from datetime import date

import pytest

from credit.terms import discount_until, due_date, on_account


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ("prepaid", date(2026, 1, 31)),
        ("net_30", date(2026, 3, 2)),
        ("net_60", date(2026, 4, 1)),
        ("net_90", date(2026, 5, 1)),
        ("eom_30", date(2026, 3, 2)),
        ("2_10_net_30", date(2026, 3, 2)),
    ],
)
def test_an_invoice_of_the_end_of_january_falls_due(terms, due):
    assert due_date(terms, date(2026, 1, 31)) == due


def test_end_of_month_terms_run_from_the_months_end():
    assert due_date("eom_30", date(2026, 1, 5)) == date(2026, 3, 2)


def test_only_the_discount_terms_reward_paying_early():
    assert discount_until("2_10_net_30", date(2026, 1, 31)) == date(2026, 2, 10)
    assert discount_until("net_30", date(2026, 1, 31)) is None


def test_only_prepaid_goods_need_no_credit():
    assert not on_account("prepaid")
    assert on_account("net_30")

import csv

import pytest
from django.utils import translation

from b2b.currency import UnknownCurrency, currencies, currency
from tests.b2b.shared_data import shared_data


@pytest.mark.parametrize(
    ("code", "places", "numeric"), [("CNY", 2, "156"), ("JPY", 0, "392"), ("KWD", 3, "414"), ("CLF", 4, "990")]
)
def test_a_currency_knows_its_minor_unit(code, places, numeric):
    assert (currency(code).places, currency(code).numeric) == (places, numeric)


@pytest.mark.parametrize("bad", ["cny", "XXX", "XAU", "RMB", "DEM", "", "CNY ", "￥", "A" * 1000, None])
def test_what_nobody_can_pay_in_is_refused_in_a_short_sentence(bad):
    with pytest.raises(UnknownCurrency, match=r"is not an ISO 4217 currency in use\.") as refusal:
        currency(bad)

    assert len(str(refusal.value)) < 80


def test_a_currency_is_named_in_the_readers_language():
    with translation.override("zh-hans"):
        assert currency("CNY").name() == "人民币"
    with translation.override("en"):
        assert currency("CNY").name() == "Chinese Yuan"
    assert currency("EUR").symbol("en") == "€"


def test_codes_and_minor_units_are_those_of_iso_4217():
    with shared_data("codelists/currency-codes.csv").open(encoding="utf-8-sig") as file:
        published = {
            row["AlphabeticCode"]: int(row["MinorUnit"])
            for row in csv.DictReader(file)
            if row["AlphabeticCode"] and not row["WithdrawalDate"] and row["MinorUnit"].isdigit()
        }

    assert {known.code: known.places for known in currencies()} == published

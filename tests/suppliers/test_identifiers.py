from __future__ import annotations

import pytest

from suppliers.identifiers import NotANumber, checked, checked_bic, checked_gtin, checked_iban


@pytest.mark.parametrize(
    ("scheme", "country", "written", "compact"),
    [
        ("vat", "DE", "DE 136,695 976", "136695976"),
        ("vat", "FR", "Fr 40 303 265 045", "40303265045"),
        ("uscc", "", "9111 0000 6000 3734 1L", "91110000600037341L"),
        ("lei", "", "213800kud8lajwsq9d15", "213800KUD8LAJWSQ9D15"),
        ("gln", "", "4006381333931", "4006381333931"),
        ("duns", "", "15-048-3782", "150483782"),
        ("ein", "", "91-1144442", "911144442"),
    ],
)
def test_a_sound_number_is_kept_in_compact_form(scheme, country, written, compact):
    assert checked(scheme, written, country=country) == compact


@pytest.mark.parametrize(
    ("scheme", "country", "written", "says"),
    [
        ("uscc", "", "91110000600037342L", "check digit"),
        ("uscc", "", "91110000600037341", "number of characters"),
        ("lei", "", "213800KUD8LAJWSQ9D16", "check digit"),
        ("vat", "DE", "136695978", "check digit"),
        ("vat", "US", "911144442", "“US”"),
        ("vat", "", "911144442", "country"),
        ("gln", "", "40170725", "13 digits"),
        ("duns", "", "1234567", "9 digits"),
        ("duns", "", "१२३४५६७८९", "9 digits"),
        ("ein", "", "07-1144442", "parts"),
        ("lei", "", "x" * 100, "too long"),
    ],
)
def test_a_refusal_says_which_check_failed(scheme, country, written, says):
    with pytest.raises(NotANumber, match=says):
        checked(scheme, written, country=country)


def test_account_and_article_numbers_are_checked_by_their_standards():
    assert checked_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert checked_bic("deutdeff") == "DEUTDEFF"
    assert checked_gtin("4006381333931") == "4006381333931"
    with pytest.raises(NotANumber, match="check digit"):
        checked_iban("DE88 3704 0044 0532 0130 00")

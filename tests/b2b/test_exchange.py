import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from b2b.exchange import DEMO, NoRate, PublishedRate, RateTable, convert, rate, rates_on
from b2b.models.rate import ExchangeRate
from b2b.money import Money
from b2b.number import InvalidNumber
from tests.b2b.shared_data import shared_data

FRIDAY, MONDAY = date(2026, 10, 30), date(2026, 11, 2)
QUOTED = ["CNY", "JPY", "KWD", "USD"]
currencies = st.sampled_from(["EUR", *QUOTED])
published_rates = st.decimals(min_value=Decimal("0.0001"), max_value=30_000, places=4)
tables = st.lists(published_rates, min_size=4, max_size=4).map(
    lambda rates: RateTable(
        FRIDAY, "ECB", "EUR", tuple(PublishedRate(code, rate, FRIDAY) for code, rate in zip(QUOTED, rates, strict=True))
    )
)
moneys = st.decimals(min_value=-(10**6), max_value=10**6, places=2)


def eur_table(**rates):
    return RateTable(
        FRIDAY, "ECB", "EUR", tuple(PublishedRate(c, Decimal(r), FRIDAY) for c, r in sorted(rates.items()))
    )


@given(tables, currencies, currencies)
def test_a_rate_and_its_inverse_multiply_to_one(table, base, quote):
    product = Fraction(table.rate(base, quote)) * Fraction(table.rate(quote, base))

    assert abs(product - 1) < Fraction(2, 10**11)
    assert table.rate(base, base) == 1


@given(tables, currencies, currencies, currencies)
def test_a_cross_rate_is_the_product_of_its_legs(table, a, b, c):
    direct, legs = table.rate(a, c), Fraction(table.rate(a, b)) * Fraction(table.rate(b, c))

    assert abs(Fraction(direct) / legs - 1) < Fraction(2, 10**11)


@given(tables, moneys, currencies, currencies)
def test_converted_money_is_rounded_once_and_right_to_half_a_minor_unit(table, amount, base, quote):
    money = Money(amount, base).rounded()
    expected = Fraction(money.amount) * Fraction(table.rate(base, quote))

    converted = table.convert(money, quote)

    assert converted.currency == quote
    assert converted.is_rounded()
    tolerance = Fraction(1, 2 * 10**converted.unit.places) + abs(expected) / 10**11
    assert abs(Fraction(converted.amount) - expected) <= tolerance
    assert table.convert(-money, quote) == -converted


@given(tables)
def test_a_frozen_table_survives_json(table):
    text = json.dumps(table.as_json())

    assert RateTable.from_json(json.loads(text)) == table
    assert hash(RateTable.from_json(json.loads(text))) == hash(table)


def test_rates_by_hand():
    table = eur_table(USD="1.1172", CNY="7.9926", JPY="175.68")

    assert table.rate("EUR", "USD") == Decimal("1.1172")
    assert table.rate("USD", "CNY") == Decimal("7.15413533835")
    assert table.rate("JPY", "EUR") == Decimal("0.00569216757741")
    assert table.convert(Money(Decimal(100), "USD"), "CNY") == Money(Decimal("715.41"), "CNY")
    assert table.convert(Money(Decimal(100), "USD"), "JPY") == Money(Decimal(15725), "JPY")


def test_money_already_in_the_currency_is_left_alone():
    money = Money(Decimal("1.23456"), "CHF")

    assert eur_table().convert(money, "CHF") is money


def test_a_currency_without_rate_is_refused_by_name():
    with pytest.raises(NoRate, match="CHF on 2026-10-30"):
        eur_table(USD="1.1").rate("USD", "CHF")


@pytest.mark.parametrize("bad", ["0", "-1", "NaN", "1E+1000000", "0.00000000001"])
def test_a_rate_is_a_positive_number_of_ten_places(bad):
    with pytest.raises(InvalidNumber):
        PublishedRate("USD", Decimal(bad), FRIDAY)


@pytest.mark.django_db
class TestPublished:
    def publish(self, quote, value, day, **fields):
        return ExchangeRate.objects.create(
            **{"source": "ECB", "base": "EUR", "quote": quote, "rate": Decimal(value), "day": day} | fields
        )

    def test_the_last_rate_on_or_before_the_day_is_in_force(self):
        self.publish("USD", "1.1000", FRIDAY - timedelta(days=1))
        self.publish("USD", "1.2000", FRIDAY)
        self.publish("USD", "1.3000", MONDAY + timedelta(days=1))

        assert rate("EUR", "USD", MONDAY) == Decimal("1.2")
        assert rates_on(MONDAY).rates == (PublishedRate("USD", Decimal("1.2"), FRIDAY),)

    def test_a_rate_too_old_is_no_rate(self):
        self.publish("USD", "1.2000", FRIDAY)

        assert rate("USD", "EUR", FRIDAY + timedelta(days=10)) == Decimal("0.833333333333")
        with pytest.raises(NoRate):
            rate("USD", "EUR", FRIDAY + timedelta(days=11))
        with pytest.raises(NoRate):
            rate("USD", "EUR", FRIDAY + timedelta(days=1), max_age_days=0)

    def test_another_source_is_another_rate(self):
        self.publish("USD", "1.2000", FRIDAY)
        self.publish("CNY", "7.1000", FRIDAY, source="PBOC", base="USD")

        with pytest.raises(NoRate):
            rate("USD", "CNY", FRIDAY)
        assert rates_on(FRIDAY, source="PBOC", pivot="USD").rate("USD", "CNY") == Decimal("7.1")

    def test_invented_rates_count_only_where_the_bank_has_none(self):
        self.publish("CNY", "7.5", FRIDAY, source=DEMO)

        assert rates_on(FRIDAY, currencies=["CNY"]).source == DEMO
        assert rate("EUR", "CNY", FRIDAY) == Decimal("7.5")

        self.publish("CNY", "8.1", FRIDAY)

        assert rates_on(FRIDAY, currencies=["CNY"]).source == "ECB"
        assert rate("EUR", "CNY", FRIDAY) == Decimal("8.1")

    def test_money_is_converted_at_the_rate_of_the_day(self, django_assert_num_queries):
        self.publish("USD", "1.1172", FRIDAY)
        self.publish("CNY", "7.9926", FRIDAY)

        with django_assert_num_queries(1):
            converted = convert(Money(Decimal(100), "USD"), "CNY", MONDAY)

        assert converted == Money(Decimal("715.41"), "CNY")

    def test_a_frozen_table_does_not_follow_later_corrections(self):
        published = self.publish("USD", "1.2000", FRIDAY)
        frozen = rates_on(FRIDAY)
        published.rate = Decimal("1.5")
        published.save()

        assert frozen.rate("EUR", "USD") == Decimal("1.2")
        assert rates_on(FRIDAY).rate("EUR", "USD") == Decimal("1.5")

    @pytest.mark.parametrize(
        ("fields", "constraint"),
        [
            ({"rate": Decimal(0)}, "rate_positive"),
            ({"rate": Decimal(-1)}, "rate_positive"),
            ({"quote": "EUR"}, "rate_between_two_currencies"),
            ({"quote": "USD"}, "rate_once_per_day"),
        ],
    )
    def test_the_database_refuses_nonsense(self, fields, constraint):
        self.publish("USD", "1.2000", FRIDAY)
        row = {"source": "ECB", "base": "EUR", "quote": "CNY", "rate": Decimal(7), "day": FRIDAY} | fields

        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            ExchangeRate.objects.create(**row)

        assert ExchangeRate.objects.count() == 1


@pytest.mark.django_db
class TestLoading:
    TABLE = "Date,USD,JPY,BGN,\n2026-10-30,1.1172,175.68,N/A,\n2026-10-29,1.1100,175.00,1.9558,\n"

    def write(self, folder, text, name="rates.csv"):
        path = folder / name
        path.write_text(text, encoding="utf-8-sig")
        return path

    def test_a_file_is_loaded_and_loading_it_again_changes_nothing(self, tmp_path, capsys):
        path = self.write(tmp_path, self.TABLE)

        call_command("load_rates", path)
        before = list(ExchangeRate.objects.order_by("pk").values())
        call_command("load_rates", path)

        assert capsys.readouterr().out.startswith("5 rates are loaded.")
        assert list(ExchangeRate.objects.order_by("pk").values()) == before
        assert len(before) == 5
        assert rate("EUR", "JPY", FRIDAY) == Decimal("175.68")

    def test_a_corrected_rate_replaces_the_old_one(self, tmp_path):
        call_command("load_rates", self.write(tmp_path, self.TABLE))

        call_command("load_rates", self.write(tmp_path, self.TABLE.replace("1.1172", "1.1173")))

        assert rate("EUR", "USD", FRIDAY) == Decimal("1.1173")
        assert ExchangeRate.objects.count() == 5

    def test_only_the_days_since_are_loaded(self, tmp_path):
        call_command("load_rates", self.write(tmp_path, self.TABLE), "--since", "2026-10-30")

        assert set(ExchangeRate.objects.values_list("day", flat=True)) == {FRIDAY}

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "must be headed"),
            ("Day,USD\n2026-10-30,1.1\n", "must be headed"),
            ("Date,USD\n30.10.2026,1.1\n", "line 2"),
            ("Date,USD\n2026-10-30,1.1\n2026-10-29,abc\n", "line 3"),
            ("Date,USD\n2026-10-30,-1\n", "greater than zero"),
            ("Date,USD\n2026-10-30,1e999999\n", "not a plain decimal number"),
        ],
    )
    def test_a_faulty_file_is_refused_by_line_and_nothing_is_kept(self, tmp_path, text, sentence):
        with pytest.raises(CommandError, match=sentence):
            call_command("load_rates", self.write(tmp_path, text))

        assert not ExchangeRate.objects.exists()

    @pytest.mark.parametrize("name", ["missing.csv", "missing.zip"])
    def test_a_missing_file_is_one_sentence(self, tmp_path, name):
        with pytest.raises(CommandError, match="cannot be loaded"):
            call_command("load_rates", tmp_path / name)

    def test_a_zip_that_is_none_is_one_sentence(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be loaded"):
            call_command("load_rates", self.write(tmp_path, self.TABLE, "rates.zip"))

    def test_a_zip_with_another_content_is_refused(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "rates.zip", "w") as archive:
            archive.writestr("readme.txt", "nothing here")

        with pytest.raises(CommandError, match="exactly one CSV file"):
            call_command("load_rates", tmp_path / "rates.zip")

    def test_the_banks_own_zip_is_loaded(self):
        call_command("load_rates", shared_data("codelists/eurofxref-hist.zip"), "--since", "2026-10-01")

        assert rate("EUR", "CNY", FRIDAY) == Decimal("7.4326")
        assert rate("USD", "CNY", MONDAY) == Decimal("6.65288220551")

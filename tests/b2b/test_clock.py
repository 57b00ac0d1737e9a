import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from b2b.clock import UnknownCalendar, add_working_days, database_now, is_working_day, today

days = st.dates(date(2020, 1, 1), date(2026, 12, 31))
countries = st.sampled_from(["CN", "DE", "US"])


@pytest.mark.django_db
def test_the_clock_stands_still_within_a_transaction():
    first = database_now()
    time.sleep(0.01)

    assert database_now() == first
    assert first.tzinfo is UTC


@pytest.mark.django_db(transaction=True)
def test_the_next_transaction_is_later():
    with transaction.atomic():
        first = database_now()
    with transaction.atomic():
        second = database_now()

    assert second > first
    assert abs(datetime.now(UTC) - second) < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_after_one_undone_has_a_time_of_its_own():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        first = database_now()
        _ = 1 / 0
    with transaction.atomic():
        second = database_now()

    assert second > first


@pytest.mark.django_db
def test_a_transaction_asks_for_the_time_once(django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(1):
        database_now()
        database_now()


@pytest.mark.django_db
def test_today_depends_on_where_one_is():
    now = database_now()

    assert today(ZoneInfo("Asia/Shanghai")) == (now + timedelta(hours=8)).date()
    assert today(UTC) == now.date()


@pytest.mark.parametrize(
    ("day", "country", "worked"),
    [
        (date(2025, 1, 26), "CN", True),  # a Sunday worked to make up for Spring Festival
        (date(2025, 1, 27), "CN", True),
        (date(2025, 1, 29), "CN", False),  # Spring Festival
        (date(2025, 10, 1), "CN", False),  # National Day
        (date(2025, 10, 3), "DE", False),
        (date(2025, 7, 4), "US", False),
        (date(2025, 10, 1), "DE", True),
    ],
)
def test_days_worked_differ_by_country(day, country, worked):
    assert is_working_day(day, country=country) is worked


@pytest.mark.parametrize(
    ("start", "count", "country", "end"),
    [
        (date(2025, 9, 30), 1, "CN", date(2025, 10, 9)),  # over the golden week
        (date(2025, 1, 24), 1, "CN", date(2025, 1, 26)),  # to the worked Sunday
        (date(2025, 10, 9), -1, "CN", date(2025, 9, 30)),
        (date(2025, 12, 24), 1, "DE", date(2025, 12, 29)),
        (date(2025, 10, 4), 0, "DE", date(2025, 10, 6)),
    ],
)
def test_working_days_are_counted(start, count, country, end):
    assert add_working_days(start, count, country=country) == end


@given(days, st.integers(0, 40), st.integers(0, 40), countries)
def test_counting_on_from_where_one_stopped_is_counting_on(start, first, then, country):
    stopped = add_working_days(start, first, country=country)

    assert is_working_day(stopped, country=country)
    assert add_working_days(stopped, then, country=country) == add_working_days(
        add_working_days(start, 0, country=country) if not first else start, first + then, country=country
    )


@given(days, st.integers(1, 40), countries)
def test_counting_back_returns_to_a_worked_start(start, count, country):
    worked = add_working_days(start, 0, country=country)

    assert add_working_days(add_working_days(worked, count, country=country), -count, country=country) == worked


def test_a_country_without_calendar_is_refused():
    with pytest.raises(UnknownCalendar, match="“ZZ”"):
        is_working_day(date(2026, 1, 1), country="ZZ")


@pytest.mark.parametrize("count", [2_501, -(10**9)])
def test_nobody_counts_for_ever(count):
    with pytest.raises(ValueError, match="At most 2500 working days"):
        add_working_days(date(2026, 1, 1), count, country="CN")

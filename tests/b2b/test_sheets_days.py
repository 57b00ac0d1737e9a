from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from b2b.sheets.cells import Unreadable
from b2b.sheets.days import day_of_serial, days_of, order_of, possible_days
from b2b.sheets.marks import marks_of
from b2b.sheets.parser import Around
from b2b.sheets.parsers import day

MARCH_4 = date(2026, 3, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-04",
        "2026/3/4",
        "2026.03.04",
        "2026年3月4日",
        "２０２６年３月４日",
        "20260304",
        "04.03.2026",
        "4 Mar 2026",
        "4 March 2026",
        "4th March, 2026",
        "Mar 4, 2026",
        "04-Mar-26",
        "2026-03-04 00:00:00",
        "2026-03-04T00:00:00",
        "2026-03-04T00:00:00Z",
        "4. 3. 2026",
        "2026年3月4日 星期三",
        "2026年03月04号",
        "2026-Mar-04",
        "4. März 2026",
        "Mi, 4. März 2026",
        "Mo. 04.03.2026",
        "04-Mrz-26",
        "4 mars 2026",
        "4 mar. 2026",
        "4 de marzo de 2026",
        "4 marca 2026 r.",
        "4 марта 2026 г.",
        "4. března 2026",
        "Wednesday, March 4, 2026",
        "2026-3-4 12:00:00 AM",
        "04.03.26",
        "4. 3. 26",
        "26年3月4日",
        "2６年３月４日",
        "Mar 4, 26",
        "令和8年3月4日",
        "民國115年3月4日",
    ],
)
def test_a_day_with_one_reading_is_read(text: str) -> None:
    assert days_of(text) == (MARCH_4,)


def test_day_and_month_that_can_be_swapped_are_two_days() -> None:
    assert days_of("04/03/2026") == (MARCH_4, date(2026, 4, 3))
    assert days_of("03/03/2026") == (date(2026, 3, 3),)
    assert days_of("11/19/2025") == (date(2025, 11, 19),)


def test_a_column_may_say_how_it_writes_days() -> None:
    assert days_of("04/03/2026", "day-month") == (MARCH_4,)
    assert days_of("03/04/2026", "month-day") == (MARCH_4,)
    assert days_of("19/11/2025", "month-day") == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "Pre-PQ Process",
        "2026-02-30",
        "13/13/2026",
        "2026-03/04",
        "2026年3-4",
        "March 2026",
        "2026",
        "2026-03-04 10:30",
        "0000-01-01",
        "26. 3. 4.",
        "平成40年3月4日",
        "²026-03-04",
        "the 4 Mar 2026",
        "before 4 Mar 2026",
        "4 Foo 2026",
        "32 Mar 2026",
        "4-2026-03",
        "2026-03-04 - 2026-03-08",
    ],
)
def test_what_is_no_whole_day_is_none(text: str) -> None:
    assert days_of(text) == ()


def test_two_digits_of_a_year_are_read_where_one_sense_is_left() -> None:
    assert days_of("25.12.21") == days_of("25-Dec-21") == days_of("12/25/21") == (date(2021, 12, 25),)
    assert days_of("25.12.68") == (date(2068, 12, 25),)
    assert days_of("25.12.69") == (date(1969, 12, 25),)
    assert days_of("昭和64年1月7日") == (date(1989, 1, 7),)
    assert days_of("令和元年5月1日") == (date(2019, 5, 1),)
    assert days_of("11/13/06") == (date(2006, 11, 13),)
    assert days_of("31/12/99") == (date(1999, 12, 31),)
    assert days_of("04/03/26", "day-month") == (MARCH_4,)
    assert days_of("03/04/26", "month-day") == (MARCH_4,)
    assert days_of("04.03.26", "day-month") == (MARCH_4,)


def test_two_digits_of_a_year_that_may_be_several_days_are_all_of_them() -> None:
    assert days_of("04/03/26") == (MARCH_4, date(2026, 4, 3), date(2004, 3, 26))
    assert days_of("25/12/21") == (date(2021, 12, 25), date(2025, 12, 21))
    assert days_of("04-03-26") == days_of("04/03/26")


def test_a_day_number_can_be_offered() -> None:
    assert possible_days("46085") == (MARCH_4,)
    assert possible_days("soon") == ()


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("25/03/2026", "day-month"),
        ("03/25/2026", "month-day"),
        ("25.03.2026", "day-month"),
        ("03/04/2026", None),
        ("12/25/21", "month-day"),
        ("25/12/99", "day-month"),
        ("25/12/21", None),
        ("25.12.21", "day-month"),
        ("2026-03-25", None),
        ("25 Mar 2026", None),
        ("soon", None),
    ],
)
def test_a_day_in_one_order_only_gives_the_order_away(text: str, order: str | None) -> None:
    assert order_of(text) == order


@pytest.mark.parametrize(
    ("number", "from_1904", "day"),
    [
        ("46085", False, MARCH_4),
        ("44623", True, MARCH_4),
        ("20260304", False, MARCH_4),
        ("46085.5", False, None),
        ("5", False, None),
        ("90000", False, None),
        ("20261399", False, None),
    ],
)
def test_day_numbers_count_in_the_books_date_system(number: str, from_1904: bool, day: date | None) -> None:
    assert day_of_serial(Decimal(number), from_1904=from_1904) == day


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2118, 12, 31)))
def test_every_day_is_read_back_from_its_iso_form_and_its_number(day: date) -> None:
    number = Decimal((day - date(1899, 12, 30)).days)

    assert days_of(day.isoformat()) == (day,)
    assert day_of_serial(number) == day


@given(
    st.dates(min_value=date(1955, 1, 1), max_value=date(2118, 12, 31)),
    st.sampled_from(["en", "en_GB", "de", "de_CH", "fr", "es", "it", "pt_BR", "nl", "pl", "cs", "ru", "zh_Hans"]),
    st.sampled_from(["full", "long", "medium"]),
)
def test_what_a_locale_writes_for_a_day_gives_the_day_back(day: date, locale: str, form: str) -> None:
    text = format_date(day, form, locale=locale)

    assert day in days_of(text)
    assert len(days_of(text)) == 1 or "/" in text


@given(st.text(max_size=20))
def test_any_text_is_read_or_not_but_never_breaks(text: str) -> None:
    assert len(days_of(text)) <= 2


@pytest.mark.parametrize(("text", "day"), [("46054", date(2026, 2, 1)), ("46054,0", date(2026, 2, 1)), ("12345", None)])
def test_a_days_number_in_a_text_is_offered_as_its_day(text: str, day: date | None) -> None:
    assert possible_days(text) == (() if day is None else (day,))
    assert days_of(text) == ()


def test_a_short_form_that_may_be_several_days_names_them_all() -> None:
    with pytest.raises(Unreadable) as refusal:
        day()("04/03/26")
    assert refusal.value.detail == (
        "This may mean 2026-03-04, 2026-04-03 or 2004-03-26. Write it so that only one of them is possible."
    )
    assert refusal.value.suggestions == ("2026-03-04", "2026-04-03", "2004-03-26")


def test_a_short_form_is_read_in_the_order_another_cell_of_the_column_gives_away() -> None:
    assert [marks_of([text]).month_first for text in ("12/25/21", "04/03/26", "25/12/21")] == [1, 0, 0]
    assert day()("04/03/26", Around(day_order=lambda: "month-day")) == date(2026, 4, 3)

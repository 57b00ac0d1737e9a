"""What is due is found in one question, as every app would find it alone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db.models import F

from b2b import clockwork, due_questions
from b2b.due_questions import any_of
from tests.factories.sample import MemoFactory
from tests.sample.models import Memo

DAY = datetime(2026, 3, 31, tzinfo=UTC)
INSTANTS = [
    DAY,
    DAY + timedelta(hours=11, microseconds=1),
    datetime.combine(DAY, time.max, UTC),
    DAY + timedelta(days=1),
]


@pytest.fixture(autouse=True)
def _nothing_kept():
    due_questions._kept.cache_clear()
    yield
    due_questions._kept.cache_clear()


@pytest.mark.django_db
@pytest.mark.parametrize("timer", clockwork.timers(), ids=lambda timer: f"{timer.due.__module__}-{timer.step}")
def test_a_question_kept_for_the_day_is_the_one_that_would_be_asked_anew(timer):
    rows = timer.among or timer.due

    for now in INSTANTS:
        sql, parameters = any_of(rows, now)

        anew, parameters_anew = due_questions._exists(rows(now))
        assert (sql, list(parameters)) == (anew, list(parameters_anew))


@pytest.mark.django_db
def test_a_question_that_changes_within_the_day_is_asked_anew():
    def soon(now: datetime):
        return Memo.objects.filter(created_at__lte=now + timedelta(hours=1))

    def elsewhere(now: datetime):
        return Memo.objects.filter(created_at__date=(now + timedelta(hours=8)).date())

    for rows in (soon, elsewhere):
        for now in INSTANTS:
            assert list(any_of(rows, now)[1]) == list(due_questions._exists(rows(now))[1])


@pytest.mark.django_db
def test_while_nothing_is_due_the_clock_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert clockwork.take_due_steps() == 0


def drafts(now: datetime):
    return Memo.objects.filter(state="draft", created_at__lte=now + timedelta(days=1)).order_by("pk")


def submitted(now: datetime):
    """Not a query: it counts as perhaps due."""
    return list(Memo.objects.filter(state="submitted", version=F("version")))


@pytest.fixture
def by_the_clock(monkeypatch):
    """Memos go their way by the clock: whoever is a draft is submitted, and whoever is submitted refused."""
    monkeypatch.setattr(clockwork, "_timers", [])
    taken: list[tuple[str, str]] = []
    monkeypatch.setattr(clockwork, "_take", lambda memo, step: taken.append((memo.text, step)) or move(memo, step))
    return taken


def move(memo: Memo, step: str) -> int:
    return Memo.objects.filter(pk=memo.pk).update(state={"submit": "submitted", "refuse": "draft"}[step])


@pytest.mark.django_db
def test_what_a_step_makes_due_for_a_later_timer_is_taken_in_the_same_round(by_the_clock):
    MemoFactory(text="one")
    clockwork.every(drafts, step="submit")
    clockwork.every(submitted, step="refuse", among=lambda now: Memo.objects.filter(state="submitted"))

    assert clockwork.take_due_steps() == 2

    assert by_the_clock == [("one", "submit"), ("one", "refuse")]


@pytest.mark.django_db
def test_a_timer_is_asked_once_a_round(by_the_clock):
    MemoFactory(text="one")
    clockwork.every(submitted, step="refuse")
    clockwork.every(drafts, step="submit")

    assert clockwork.take_due_steps() == 1
    assert by_the_clock == [("one", "submit")]
    assert clockwork.take_due_steps() == 2
    assert by_the_clock[1:] == [("one", "refuse"), ("one", "submit")]

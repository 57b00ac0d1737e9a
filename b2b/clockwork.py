"""Steps that time takes: each app says which documents are due for which step, the clock takes them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from b2b.clock import database_now
from b2b.due_questions import Question, any_at_once, any_of
from b2b.errors import DomainError
from b2b.policy import CLOCK
from b2b.workflow.document import Document

log = logging.getLogger(__name__)

Due = Callable[[datetime], Iterable[Document]]
Among = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Documents that are due at an instant, and the step the clock takes on each."""

    due: Due
    step: str
    among: Among | None = None
    """Rows without which nothing is due, where ``due`` itself is no query."""

    @property
    def rows(self) -> Due:
        """What tells whether anything may be due."""
        return self.among or self.due

    def question(self, now: datetime) -> Question:
        return any_of(self.rows, now)


_timers: list[Timer] = []


def every(due: Due, *, step: str, among: Among | None = None) -> None:
    """Have the clock take ``step`` on whatever ``due(now)`` returns. Called from ``AppConfig.ready``."""
    timer = Timer(due, step, among)
    if timer not in _timers:
        _timers.append(timer)


def timers() -> tuple[Timer, ...]:
    return tuple(_timers)


def take_due_steps() -> int:
    """Take every due step, each in its own transaction; return how many were taken.

    A refusal is an answer (a guard still holds) and never stops the others; a step that another
    worker has taken meanwhile refuses with ``WrongState`` and is counted there. Most of the time
    nothing is due, which one question to the database tells of all timers; it is asked again after
    a step was taken, which may have made something due for a timer that follows.
    """
    taken, rest = 0, list(_timers)
    now, due = _first_look(rest)
    while due:
        timer, *due = due
        rest = rest[rest.index(timer) + 1 :]
        done = sum(_take(document, timer.step) for document in timer.due(now))
        taken += done
        if done:
            due = _with_work(rest, now)
    return taken


def _first_look(timers: Sequence[Timer]) -> tuple[datetime, list[Timer]]:
    """The time, and the timers for which something may be due: in one statement, where all can be asked without it."""
    day = datetime.now(UTC).date()
    asked = [question for timer in timers if (question := any_at_once(timer.rows, day))]
    if len(asked) == len(timers):
        began_at, *found = _asked([("now()", ()), *asked])
        now = began_at.astimezone(UTC)
        if now.date() == day:
            return now, [timer for timer, is_due in zip(timers, found, strict=True) if is_due]
    now = database_now()
    return now, _with_work(timers, now)


def _with_work(timers: Sequence[Timer], now: datetime) -> list[Timer]:
    """Those for which something may be due, in one statement."""
    found = _asked([timer.question(now) for timer in timers])
    return [timer for timer, is_due in zip(timers, found, strict=True) if is_due]


def _asked(questions: Sequence[Question]) -> Sequence[Any]:
    """The answers to all of them."""
    if not questions:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _ in questions)}",
            [value for _, parameters in questions for value in parameters],
        )
        answers: Sequence[Any] = cursor.fetchone()
    return answers


def _take(document: Document, step: str) -> int:
    try:
        getattr(document, step)(actor=CLOCK)
    except DomainError as refusal:
        log.debug("%s %s was not taken: %s", document._meta.label_lower, step, refusal.code)
        return 0
    return 1

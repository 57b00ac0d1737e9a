"""Steps that time takes: each app says which documents are due for which step, the clock takes them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from b2b.clock import database_now
from b2b.due_questions import Question, any_of
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

    def question(self, now: datetime) -> Question:
        """Whether anything may be due."""
        return any_of(self.among or self.due, now)


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
    now = database_now()
    taken, rest = 0, list(_timers)
    due = _with_work(rest, now)
    while due:
        timer, *due = due
        rest = rest[rest.index(timer) + 1 :]
        done = sum(_take(document, timer.step) for document in timer.due(now))
        taken += done
        if done:
            due = _with_work(rest, now)
    return taken


def _with_work(timers: Sequence[Timer], now: datetime) -> list[Timer]:
    """Those for which something may be due, in one statement."""
    asked = [timer.question(now) for timer in timers]
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _ in asked)}",
            [value for _, parameters in asked for value in parameters],
        )
        found: Iterator[bool] = iter(cursor.fetchone())
    return [timer for timer in timers if next(found)]


def _take(document: Document, step: str) -> int:
    try:
        getattr(document, step)(actor=CLOCK)
    except DomainError as refusal:
        log.info("%s %s was not taken: %s", document._meta.label_lower, step, refusal.code)
        return 0
    return 1

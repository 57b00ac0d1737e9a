"""Steps that time takes: each app says which documents are due for which step, the clock takes them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from b2b.clock import database_now
from b2b.errors import DomainError
from b2b.policy import CLOCK
from b2b.workflow.document import Document

log = logging.getLogger(__name__)

Due = Callable[[datetime], Iterable[Document]]


@dataclass(frozen=True, slots=True)
class Timer:
    """Documents that are due at an instant, and the step the clock takes on each."""

    due: Due
    step: str


_timers: list[Timer] = []


def every(due: Due, *, step: str) -> None:
    """Have the clock take ``step`` on whatever ``due(now)`` returns. Called from ``AppConfig.ready``."""
    timer = Timer(due, step)
    if timer not in _timers:
        _timers.append(timer)


def timers() -> tuple[Timer, ...]:
    return tuple(_timers)


def take_due_steps() -> int:
    """Take every due step, each in its own transaction; return how many were taken.

    A refusal is an answer (a guard still holds) and never stops the others; a step that another
    worker has taken meanwhile refuses with ``WrongState`` and is counted there.
    """
    now = database_now()
    return sum(_take(document, timer.step) for timer in _timers for document in timer.due(now))


def _take(document: Document, step: str) -> int:
    try:
        getattr(document, step)(actor=CLOCK)
    except DomainError as refusal:
        log.info("%s %s was not taken: %s", document._meta.label_lower, step, refusal.code)
        return 0
    return 1

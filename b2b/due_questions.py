"""The clock's questions as SQL, put together once a day.

Twenty queries every few seconds, of which only the instant changes: putting them together costs more than asking them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

Rows = Callable[[datetime], Iterable[Any]]
Question = tuple[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class _OfADay:
    """A question that is the same for every instant of a day but for the instant itself."""

    sql: str
    parameters: tuple[Any, ...]
    instants: frozenset[int]
    """Which of the parameters are the instant."""

    def at(self, now: datetime) -> Question:
        return self.sql, [now if place in self.instants else value for place, value in enumerate(self.parameters)]

    def at_once(self) -> Question | None:
        """At the instant of the statement's own transaction, which need not be known to ask."""
        pieces = self.sql.split("%s")
        if len(pieces) != len(self.parameters) + 1:
            return None
        values = ["now()" if place in self.instants else "%s" for place in range(len(self.parameters))]
        sql = "".join(piece + value for piece, value in zip(pieces, [*values, ""], strict=True))
        return sql, [value for place, value in enumerate(self.parameters) if place not in self.instants]


def any_of(rows: Rows, now: datetime) -> Question:
    """Whether there are rows at an instant, as an SQL expression; always so of what is no query."""
    kept = _kept(rows, now.astimezone(UTC).date())
    return kept.at(now) if kept else _exists(rows(now))


def any_at_once(rows: Rows, day: date) -> Question | None:
    """The same question at the instant it is asked, if that is on ``day``; ``None`` where it must be known before."""
    kept = _kept(rows, day)
    return kept.at_once() if kept else None


@lru_cache(maxsize=256)
def _kept(rows: Rows, day: date) -> _OfADay | None:
    """What is the same at both ends of a day is the same between; ``None`` where something else changes."""
    first, last = (datetime.combine(day, end, UTC) for end in (time.min, time.max))
    (sql, early), (late_sql, late) = _exists(rows(first)), _exists(rows(last))
    if sql != late_sql or len(early) != len(late):
        return None
    instants = {place for place, value in enumerate(early) if value == first and late[place] == last}
    if any(value != late[place] for place, value in enumerate(early) if place not in instants):
        return None
    return _OfADay(sql, tuple(early), frozenset(instants))


def _exists(rows: Iterable[Any]) -> Question:
    if not isinstance(rows, QuerySet):
        return "true", ()
    try:
        sql, parameters = rows.query.exists().get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return "false", ()
    return f"EXISTS({sql})", parameters

"""Queries that are put together once and asked again with other values.

    @compiled
    def lines_of(rfq_id: UUID) -> QuerySet[RFQLine]:
        return RFQLine.objects.filter(rfq_id=rfq_id)

    lines_of(rfq.pk)  # a list

Putting a query together anew takes Django longer than PostgreSQL needs to answer it. Positional arguments are values
(keys, texts, numbers, or nothing); arguments by keyword choose between queries of different shape. The function is
called for each shape, twice and with values that occur nowhere else: what differs between the two answers is where the
values stand. A function that makes anything else of a value, or asks the database on the way, is refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import update_wrapper
from itertools import count
from typing import Any, Generic, NoReturn, ParamSpec, TypeVar, cast
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

P = ParamSpec("P")
R = TypeVar("R")

_NOBODYS: Mapping[type, Callable[[], Any]] = {
    UUID: uuid4,
    str: lambda: secrets.token_hex(12),
    int: count(10_007).__next__,
    type(None): lambda: None,
}
"""Values that occur nowhere else, by type; numbers that fit the smallest columns. Nothing stays nothing."""


class NotCompilable(TypeError):
    """The query is another one for other values."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """One query without its values; ``places`` says which of the parameters is which value."""

    queryset: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]

    def asked(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        filled = list(self.parameters)
        for place, which in self.places:
            filled[place] = values[which]
        return self.sql, filled

    def rows(self, values: Sequence[Any]) -> list[Any]:
        if self.queryset.query.select_for_update and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are held by a transaction.")
        compiler = cast("Any", copy(self.compiler))
        compiler.connection, question = connections[DEFAULT_DB_ALIAS], self.asked(values)
        compiler.as_sql = lambda *_, **__: question
        return list(cast("Any", self.queryset)._iterable_class(_Asked(self.queryset, compiler)))  # noqa: SLF001


@dataclass(frozen=True, slots=True)
class _Asked:
    """What makes rows takes for a queryset and for its query: all is as it was but the compiler."""

    like: QuerySet[Any]
    compiler: Any

    @property
    def query(self) -> _Asked:
        return _Asked(cast("Any", self.like.query), self.compiler)

    def get_compiler(self, *_: Any, **__: Any) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.like, name)


class Compiled(Generic[P, R]):
    """A function that answers the rows of the query another function puts together."""

    def __init__(self, build: Callable[P, QuerySet[Any, R]]) -> None:
        self._build = build
        self._kept: dict[Any, _Kept | None] = {}
        update_wrapper(self, build)

    def __call__(self, *values: P.args, **shape: P.kwargs) -> list[R]:
        kept = self._of(values, shape)
        return [] if kept is None else kept.rows(values)

    def first(self, *values: P.args, **shape: P.kwargs) -> R | None:
        return next(iter(self(*values, **shape)), None)

    def asked(self, *values: P.args, **shape: P.kwargs) -> tuple[str, Sequence[Any]]:
        """The SQL and its parameters. Raises ``EmptyResultSet`` for a query that has no rows whatever the database."""
        kept = self._of(values, shape)
        if kept is None:
            raise EmptyResultSet
        return kept.asked(values)

    def _of(self, values: Sequence[Any], shape: Mapping[str, Any]) -> _Kept | None:
        key = (*map(type, values), *sorted(shape.items()))
        if key not in self._kept:
            with connection.execute_wrapper(_refuse):
                self._kept[key] = self._compiled(values, shape)
        return self._kept[key]

    def _compiled(self, values: Sequence[Any], shape: Mapping[str, Any]) -> _Kept | None:
        some, others = ([_NOBODYS[type(value)]() for value in values] for _ in range(2))
        build = cast("Any", self._build)
        queryset: QuerySet[Any] = build(*some, **shape)
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        try:
            sql, parameters = compiler.as_sql()
            again, differing = build(*others, **shape).query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
        except EmptyResultSet:
            return None
        places = tuple(_places(parameters, differing, some, others))
        if sql != again or len(parameters) != len(differing):
            raise NotCompilable(self._build.__qualname__)
        return _Kept(queryset, compiler, sql, tuple(parameters), places)


def compiled(build: Callable[P, QuerySet[Any, R]]) -> Compiled[P, R]:
    return Compiled(build)


def _places(
    parameters: Sequence[Any], differing: Sequence[Any], some: Sequence[Any], others: Sequence[Any]
) -> list[tuple[int, int]]:
    """Where which value stands. Raises ``NotCompilable`` for a parameter that was made of one."""
    found = []
    for place, pair in enumerate(zip(parameters, differing, strict=False)):
        if pair[0] != pair[1]:
            which = next((which for which, own in enumerate(zip(some, others, strict=True)) if own == pair), None)
            if which is None:
                raise NotCompilable("A value must stand in the query as it is.")
            found.append((place, which))
    return found


def _refuse(*_: Any) -> NoReturn:
    raise NotCompilable("A query that is kept asks the database only when its rows are wanted.")

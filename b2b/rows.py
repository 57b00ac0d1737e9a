"""For the few queries of every request and every step, which are written out in SQL: rows to instances.

Putting a query together anew takes Django longer than PostgreSQL needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

M = TypeVar("M", bound=models.Model)


@cache
def columns(model: type[models.Model], name: str) -> str:
    """All columns of a model's table, which the query calls ``name``, in the order ``loaded`` takes them."""
    return ", ".join(f'{name}."{field.column}"' for field in model._meta.concrete_fields)


@cache
def width(model: type[models.Model]) -> int:
    return len(model._meta.concrete_fields)


def loaded(model: type[M], values: Sequence[Any]) -> M:
    """The instance a row of ``columns`` stands for."""
    row = list(values)
    for place, convert in _converters(model):
        row[place] = convert(row[place], None, connection)
    return model.from_db(DEFAULT_DB_ALIAS, _names(model), row)


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


@cache
def _converters(model: type[models.Model]) -> list[tuple[int, Callable[..., Any]]]:
    return [
        (place, convert)
        for place, field in enumerate(model._meta.concrete_fields)
        for convert in field.get_db_converters(connection)
    ]

"""Instances without Django's detours, for what happens in every request, or to thousands of rows at a time.

The few queries of every step are written out in SQL: putting one together anew takes Django longer than PostgreSQL
needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

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


def another(like: M, values: Mapping[str, Any]) -> M:
    """A new instance like this one but for ``values``, which are by column and hold its key.

    It is not saved yet, and was never asked for its defaults: ``like`` has them.
    """
    made = object.__new__(type(like))
    made.__dict__ |= like.__dict__
    made.__dict__ |= values
    made._state = ModelState()
    made._state.fields_cache = {**like._state.fields_cache}
    return made


def updated(model: type[models.Model], fields: Sequence[models.Field[Any, Any]], parameters: Sequence[Any]) -> bool:
    """Write one row's fields; whether the row is there. The last parameter is its key, the others are prepared."""
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(fields)), parameters)
        return bool(cursor.rowcount)


@cache
def _update(model: type[models.Model], fields: tuple[models.Field[Any, Any], ...]) -> str:
    values = ", ".join(f'"{field.column}" = {_placeholder(field)}' for field in fields)
    return f'UPDATE "{model._meta.db_table}" SET {values} WHERE "{model._meta.pk.column}" = %s'  # noqa: S608


def _placeholder(field: Any) -> str:
    """Arrays and ranges name their type, whatever the value."""
    return str(field.get_placeholder(None, None, connection)) if hasattr(field, "get_placeholder") else "%s"


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

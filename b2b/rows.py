"""Instances without Django's detours, for what happens in every request, or to thousands of rows at a time.

The few queries of every step are written out in SQL: putting one together anew takes Django longer than PostgreSQL
needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
FEW = 100
"""So many rows may be written out in one statement; of more the framework makes arrays."""


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


def insert(rows: Sequence[models.Model], *, updating: Sequence[str] = (), known_by: Sequence[str] = ("id",)) -> None:
    """``bulk_create`` for the few rows of a step, which carry their keys and learn nothing from the database.

    A row that is there already, ``known_by`` these columns, gets the columns ``updating``.
    """
    if not rows:
        return
    model = type(rows[0])
    fields = _inserted(model)
    values = [field.pre_save(row, True) for row in rows for field in fields]
    if (
        len(rows) > FEW
        or model._meta.db_returning_fields
        or any(hasattr(value, "resolve_expression") for value in values)
    ):
        how: dict[str, Any] = {"unique_fields": known_by, "update_fields": updating} if updating else {}
        model._default_manager.bulk_create(rows, update_conflicts=bool(updating), **how)
        return
    parameters = prepared(fields * len(rows), values)
    with connection.cursor() as cursor:
        cursor.execute(_insertion(model, len(rows), tuple(updating), tuple(known_by)), parameters)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _inserted(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if not field.generated]


@lru_cache(maxsize=1024)
def _insertion(model: type[models.Model], count: int, updating: tuple[str, ...], known_by: tuple[str, ...]) -> str:
    names = ", ".join(f'"{field.column}"' for field in _inserted(model))
    row = f"({', '.join(map(_placeholder, _inserted(model)))})"
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES {", ".join([row] * count)}'  # noqa: S608
    if not updating:
        return sql
    known, overwritten = ([_column(model, name) for name in some] for some in (known_by, updating))
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in overwritten)
    return f"{sql} ON CONFLICT ({', '.join(known)}) DO UPDATE SET {changes}"


def _column(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return f'"{field.column}"'


@cache
def written(model: type[models.Model]) -> tuple[models.Field[Any, Any], ...]:
    """All that can be changed of a row: all but its key and what the database makes itself."""
    return tuple(field for field in _inserted(model) if not field.primary_key)


def prepared(fields: Sequence[models.Field[Any, Any]], values: Sequence[Any]) -> list[Any]:
    """The values as the database takes them."""
    # The connection itself: to find it anew for every value takes as long as to prepare one.
    own = connections[DEFAULT_DB_ALIAS]
    return [field.get_db_prep_save(value, own) for field, value in zip(fields, values, strict=True)]


def updated(model: type[models.Model], fields: Sequence[models.Field[Any, Any]], parameters: Sequence[Any]) -> bool:
    """Write one row's fields; whether the row is there. The last parameter is its key, the others are prepared."""
    with connection.cursor() as cursor:
        cursor.execute(_update(model, tuple(fields)), parameters)
        return bool(cursor.rowcount)


@lru_cache(maxsize=4096)
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

"""Writing thousands of products at once: COPY to a table of the transaction's own, then one INSERT and one UPDATE."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from b2b import journal
from b2b.copying import copy_rows
from b2b.events import announce_each
from b2b.models import JournalEntry
from b2b.policy import Actor
from suppliers.models import Product

DERIVED = "search"
"""Kept by a trigger."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A product with new values in it, and what it said before."""

    product: Product
    before: journal.Snapshot


def write_products(created: Sequence[Product], changed: Sequence[Changed], *, actor: Actor) -> None:
    """Write and journal them, inside the caller's transaction; ``version`` counts their journal entries already."""
    if not created and not changed:
        return
    columns = _columns()
    _stage(columns, [*created, *(one.product for one in changed)])
    _run(_INSERT, columns)
    _run(_UPDATE, columns)
    journal.record_all(_entries(created, changed, actor))
    announce_each("suppliers.product.create", [{"document_id": str(product.pk)} for product in created])


_TABLE = "CREATE TEMP TABLE suppliers_arriving ON COMMIT DROP AS SELECT {columns} FROM suppliers_product WITH NO DATA"
_INSERT = """
    INSERT INTO suppliers_product ({columns}) SELECT {columns} FROM suppliers_arriving WHERE version = 1
"""
_UPDATE = """
    UPDATE suppliers_product AS product SET {sets} FROM suppliers_arriving AS arriving
    WHERE product.id = arriving.id AND arriving.version > 1
"""


def _columns() -> list[Any]:
    return [field for field in Product._meta.concrete_fields if field.name != DERIVED]


def _stage(columns: list[Any], products: Iterable[Product]) -> None:
    names = [field.column for field in columns]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS suppliers_arriving")
        cursor.execute(_TABLE.format(columns=", ".join(names)))
    copy_rows("suppliers_arriving", names, ([getattr(one, field.attname) for field in columns] for one in products))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE suppliers_arriving")


def _run(statement: str, columns: list[Any]) -> None:
    names = [field.column for field in columns]
    sets = ", ".join(f"{name} = arriving.{name}" for name in names if name not in ("id", "state"))
    with connection.cursor() as cursor:
        cursor.execute(statement.format(columns=", ".join(names), sets=sets))


def _entries(created: Sequence[Product], changed: Sequence[Changed], actor: Actor) -> Iterator[JournalEntry]:
    for product in created:
        now = journal.snapshot(product)
        yield journal.entry(product, "create", actor=actor, before=journal.NOTHING, after=now)
    for one in changed:
        now = journal.snapshot(one.product)
        yield journal.entry(one.product, "edit", actor=actor, before=one.before, after=now)

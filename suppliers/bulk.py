"""Writing thousands of new products at once, by COPY, each with its own entry in the journal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from b2b import journal
from b2b.copying import copy_rows
from b2b.events import announce_each
from b2b.models import JournalEntry
from b2b.policy import Actor
from suppliers.models import Product

DERIVED = "search"
"""Kept by a trigger."""


def add_products(created: Sequence[Product], *, actor: Actor) -> None:
    """Write and journal them, inside the caller's transaction; ``version`` counts that entry already."""
    columns: list[Any] = [field for field in Product._meta.concrete_fields if field.name != DERIVED]
    rows = ([getattr(one, field.attname) for field in columns] for one in created)
    copy_rows(Product._meta.db_table, [field.column for field in columns], rows)
    journal.record_all(_entries(created, actor))
    announce_each("suppliers.product.create", [{"document_id": str(product.pk)} for product in created])


def _entries(created: Sequence[Product], actor: Actor) -> Iterator[JournalEntry]:
    for product in created:
        now = journal.snapshot(product)
        yield journal.entry(product, "create", actor=actor, before=journal.NOTHING, after=now)

"""``makemigrations`` that creates a table together with its constraints and indexes.

Django adds them one by one, and after each operation renders every related model anew. Our models
are all related through their organisations: a first migrate spent most of its time on that.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.core.management.commands import makemigrations
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation


def folded(operations: Iterable[Operation]) -> list[Operation]:
    """The same operations, with constraints and indexes moved into the creation of their model."""
    listed = list(operations)
    later = {operation.model_name_lower for operation in listed if isinstance(operation, AddField)}
    created = {
        operation.name_lower: operation
        for operation in listed
        if isinstance(operation, CreateModel) and operation.name_lower not in later
    }
    return [operation for operation in listed if not _moved(operation, created)]


def _moved(operation: Operation, created: dict[str, CreateModel]) -> bool:
    if isinstance(operation, AddConstraint | AddIndex) and operation.model_name_lower in created:
        options = created[operation.model_name_lower].options
        name, part = (
            ("constraints", operation.constraint)
            if isinstance(operation, AddConstraint)
            else ("indexes", operation.index)
        )
        options.setdefault(name, []).append(part)
        return True
    return False


class Command(makemigrations.Command):
    def write_migration_files(self, changes: dict[str, list[Migration]], *args: Any, **kwargs: Any) -> None:
        for migration in chain.from_iterable(changes.values()):
            vars(migration)["operations"] = folded(migration.operations)
        super().write_migration_files(changes, *args, **kwargs)

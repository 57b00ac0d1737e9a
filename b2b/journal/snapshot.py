"""What a document says at one moment, in a form two moments can be compared in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from b2b.workflow.document import Document

UNTOLD = frozenset({"version", "id", "created_at", "updated_at", "search"})
"""Columns whose change says nothing the entry does not say already; ``search`` the database derives from others."""


@dataclass(frozen=True)
class Snapshot:
    """A document's state, its columns by name, and its lines by key and column."""

    state: str = ""
    values: dict[str, Any] = field(default_factory=dict)


NOTHING = Snapshot()
"""Before a document existed."""


def snapshot(document: Document, *, with_lines: bool = False) -> Snapshot:
    """Read the instance as it stands; ``with_lines`` also asks the database for its lines."""
    values = {
        column.attname: _told(getattr(document, column.attname))
        for column in document._meta.concrete_fields
        if column.name not in UNTOLD and column.name not in document.UNTOLD
    }
    if with_lines:
        for key, line in document.journal_lines().items():
            values |= {f"lines.{key}.{name}": _told(value) for name, value in line.items()}
    return Snapshot(str(document.state), values)


def difference(before: Snapshot, after: Snapshot) -> dict[str, list[Any]]:
    """``{name: [before, after]}`` of everything that changed but the state itself."""
    was, now = before.values, after.values
    differing = {name for name, value in now.items() if was.get(name) != value} | {
        name for name, value in was.items() if name not in now and value is not None
    }
    return {name: [was.get(name), now.get(name)] for name in sorted(differing - {"state"})}


def _told(value: Any) -> Any:
    """Bytes are sealed things: the journal proves them without knowing them."""
    if isinstance(value, bytes | memoryview):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    return value

"""Making a document's lines be these and no others, in two statements whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def write_lines(lines: RelatedManager[Any], rows: Sequence[Any], columns: Sequence[str]) -> None:
    """A row with a number that is there already takes that line's place and keeps its key."""
    parent = lines.field.name  # type: ignore[attr-defined] # the manager of a reverse relation knows its field
    lines.exclude(number__in=[row.number for row in rows]).delete()
    lines.bulk_create(rows, update_conflicts=True, unique_fields=[parent, "number"], update_fields=columns)

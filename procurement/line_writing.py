"""Making a document's lines be these and no others, in a few statements whatever their number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from b2b.copying import copy_new

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


def write_lines(lines: RelatedManager[Any], rows: Sequence[Any], columns: Sequence[str]) -> None:
    """A row with a number that is there already takes that line's place and keeps its key.

    The caller holds the document, so that nobody else writes its lines meanwhile.
    """
    present = {line["number"]: line for line in lines.order_by().values("pk", "number", *columns)}
    if gone := present.keys() - {row.number for row in rows}:
        lines.filter(number__in=gone).delete()
    _rewrite(lines, [row for row in rows if _differs(row, present.get(row.number), columns)], present, columns)
    copy_new([row for row in rows if row.number not in present])


def _differs(row: Any, before: Mapping[str, Any] | None, columns: Sequence[str]) -> bool:
    return before is not None and any(getattr(row, name) != before[name] for name in columns)


def _rewrite(
    lines: RelatedManager[Any], rows: Sequence[Any], present: Mapping[int, Any], columns: Sequence[str]
) -> None:
    for row in rows:
        row.pk = present[row.number]["pk"]
    if rows:
        lines.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=columns)

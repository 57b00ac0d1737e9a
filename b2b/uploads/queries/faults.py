"""Rows of an upload by their faults and by what stands in them."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from b2b.uploads.models import Upload, UploadRow

MOST_KINDS = 100
_KINDS = """
    SELECT fault->>'code', fault->>'heading', min(fault->>'detail'), count(DISTINCT row.number)
    FROM uploads_uploadrow row, jsonb_array_elements(row.faults) fault
    WHERE row.upload_id = %s AND row.outcome = 'faulty'
    GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2 LIMIT %s
"""


def kinds_of_faults(upload: Upload) -> list[dict[str, Any]]:
    """Each kind of fault by column, with how many rows have it, the most frequent first."""
    if upload.is_sealed:
        return _kinds_unsealed(upload)
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [upload.pk, MOST_KINDS])
        names = ("code", "heading", "detail", "rows")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _kinds_unsealed(upload: Upload) -> list[dict[str, Any]]:
    """The database cannot read what is sealed."""
    kinds: dict[tuple[str, str], dict[str, Any]] = {}
    for number, faults in upload.rows.filter(outcome="faulty").values_list("number", "faults"):
        for fault in faults or ():
            kind = kinds.setdefault((fault["code"], fault["heading"]), {"detail": fault["detail"], "rows": set()})
            kind["rows"].add(number)
    found = [
        {"code": code, "heading": heading, "detail": kind["detail"], "rows": len(kind["rows"])}
        for (code, heading), kind in kinds.items()
    ]
    return sorted(found, key=lambda kind: -kind["rows"])[:MOST_KINDS]


def with_fault(rows: QuerySet[UploadRow], code: str, heading: str = "") -> QuerySet[UploadRow]:
    """Rows with a fault of this kind, in the column so headed if one is named."""
    return rows.filter(faults__contains=[{"code": code, "heading": heading} if heading else {"code": code}])


def with_text(rows: QuerySet[UploadRow], text: str) -> QuerySet[UploadRow]:
    """The text stands in the key or in a cell, in any case."""
    written = rows.annotate(written=Cast("cells", TextField()))
    return written.filter(Q(key__icontains=text) | Q(written__icontains=text))

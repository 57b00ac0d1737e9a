"""Rows of an upload by their faults and by what stands in them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from b2b.sentences import said
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.telling import Headings

MOST_KINDS = 100
_KINDS = """
    SELECT fault->>'code', fault->>'heading', min((fault->'detail')::text), count(DISTINCT row.number)
    FROM uploads_uploadrow row, jsonb_array_elements(row.faults) fault
    WHERE row.upload_id = %s AND row.outcome = 'faulty'
    GROUP BY 1, 2 ORDER BY 4 DESC, 1, 2 LIMIT %s
"""


def kinds_of_faults(upload: Upload) -> list[dict[str, Any]]:
    """Each kind of fault by column, with how many rows have it, the most frequent first; for the reader."""
    if upload.is_sealed:
        return _merged(upload, _kinds_unsealed(upload))
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [upload.pk, MOST_KINDS])
        found = [
            {"code": code, "heading": heading, "detail": said(json.loads(detail)), "rows": rows}
            for code, heading, detail, rows in cursor.fetchall()
        ]
    return _merged(upload, found)


def _merged(upload: Upload, kinds: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kinds that are the same but for the language the heading was kept in are one."""
    merged: dict[tuple[str, str], dict[str, Any]] = {}
    for kind in Headings(upload).told(kinds):
        known = merged.setdefault((kind["code"], kind["heading"]), {**kind, "rows": 0})
        known["rows"] += kind["rows"]
    return sorted(merged.values(), key=lambda kind: -kind["rows"])


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


def with_fault(upload: Upload, rows: QuerySet[UploadRow], code: str, heading: str = "") -> QuerySet[UploadRow]:
    """Rows with a fault of this kind, in the column so headed, in either language, if one is named."""
    if not heading:
        return rows.filter(faults__contains=[{"code": code}])
    kinds = [Q(faults__contains=[{"code": code, "heading": name}]) for name in Headings(upload).spellings(heading)]
    return rows.filter(reduce(or_, kinds))


def with_text(rows: QuerySet[UploadRow], text: str) -> QuerySet[UploadRow]:
    """The text stands in the key or in a cell, in any case."""
    written = rows.annotate(written=Cast("cells", TextField()))
    return written.filter(Q(key__icontains=text) | Q(written__icontains=text))

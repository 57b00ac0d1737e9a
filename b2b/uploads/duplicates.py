"""The same key twice in one file: a fault of every row that has it, as nobody can know which is meant."""

from __future__ import annotations

import json

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import ngettext

from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload, UploadRow

_TWICE = """
    SELECT key, array_agg(number ORDER BY number) FROM uploads_uploadrow
    WHERE upload_id = %s AND outcome IN ('new', 'changed', 'unchanged') AND key <> ''
    GROUP BY key HAVING count(*) > 1
"""
_MARK = """
    UPDATE uploads_uploadrow row
    SET outcome = 'faulty', before = NULL, after = NULL, document_id = NULL, faults = said.faults
    FROM unnest(%s::int[], %s::jsonb[]) AS said(number, faults)
    WHERE row.upload_id = %s AND row.number = said.number
"""
SHOWN_OTHERS = 3
CODE = "duplicate-key"


def mark(upload: Upload) -> None:
    """Make faulty what shares its key with another row."""
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, [upload.pk])
        numbers, faults = [], []
        for key, rows in cursor.fetchall():
            for number in rows:
                numbers.append(number)
                faults.append(json.dumps([_fault(upload, key, [other for other in rows if other != number])]))
        if numbers:
            cursor.execute(_MARK, [numbers, faults, upload.pk])


def sharing(upload: Upload, row: UploadRow) -> QuerySet[UploadRow]:
    """The other rows whose only fault is that they have the key this row has, or had."""
    if not row.key:
        return upload.rows.none()
    twice = upload.rows.filter(key=row.key, outcome="faulty", faults__0__code=CODE)
    return twice.exclude(pk=row.pk)


def _fault(upload: Upload, key: str, others: list[int]) -> dict[str, object]:
    column = next(iter(format_of(upload.format).sheet.key))
    places = (upload.layout or {}).get("columns", {})
    shown = ", ".join(map(str, others[:SHOWN_OTHERS])) + ("…" if len(others) > SHOWN_OTHERS else "")
    detail = ngettext(
        "Row %(row)s has the same key. Keep one of the two.",
        "Rows %(row)s have the same key. Keep one of all these.",
        len(others),
    )
    return {
        "column": places.get(column, 0),
        "code": CODE,
        "detail": detail % {"row": shown},
        "heading": format_of(upload.format).sheet.columns[column].here,
        "value": key,
        "suggestions": [],
    }

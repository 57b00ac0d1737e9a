"""The same key twice in one file: a fault of every row that has it, as nobody can know which is meant.

Unless all of the row is the same: then it counts once, where rows say how things are and not how much came.
"""

from __future__ import annotations

import json

from django.db import connection
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import ngettext

from b2b import sentences
from b2b.sheets.faults import LONGEST_VALUE
from b2b.uploads.formats import format_of
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.register import Register

_REPEATED = """
    WITH twice AS (
        SELECT key FROM uploads_uploadrow
        WHERE upload_id = %(upload)s AND outcome IN ('new', 'changed', 'unchanged') AND key <> ''
        GROUP BY key HAVING count(*) > 1
    ), places AS (
        SELECT id, row_number() OVER (PARTITION BY key, cells ORDER BY number) AS place FROM uploads_uploadrow
        JOIN twice USING (key)
        WHERE upload_id = %(upload)s AND outcome IN ('new', 'changed', 'unchanged')
    )
    UPDATE uploads_uploadrow row
    SET outcome = 'left_out', before = NULL, after = NULL, document_id = NULL, remark = 'repeated-row'
    FROM places WHERE row.id = places.id AND places.place > 1
"""
_TWICE = """
    SELECT array_agg(id ORDER BY number), array_agg(number ORDER BY number) FROM uploads_uploadrow
    WHERE upload_id = %s AND outcome IN ('new', 'changed', 'unchanged') AND key <> ''
    GROUP BY key HAVING count(*) > 1
"""
_MARK = """
    UPDATE uploads_uploadrow row
    SET outcome = 'faulty', before = NULL, after = NULL, document_id = NULL, faults = said.faults
    FROM unnest(%s::bigint[], %s::jsonb[]) AS said(id, faults)
    WHERE row.id = said.id
"""
SHOWN_OTHERS = 3
CODE = "duplicate-key"


def mark(upload: Upload) -> None:
    """Make faulty what shares its key with another row, and leave out what only says the same again."""
    with connection.cursor() as cursor:
        if issubclass(format_of(upload.format).session_class, Register):
            cursor.execute(_REPEATED, {"upload": upload.pk})
        cursor.execute(_TWICE, [upload.pk])
        found = [(*one, rows) for ids, rows in cursor.fetchall() for one in zip(ids, rows, strict=True)]
        if found:
            said = _said(upload, [number for _id, number, _rows in found])
            faults = [json.dumps([_fault(upload, said.get(number) or "", number, rows)]) for _, number, rows in found]
            cursor.execute(_MARK, [[row_id for row_id, _number, _rows in found], faults])


def _said(upload: Upload, numbers: list[int]) -> dict[int, str | None]:
    """What the first column of the key says in these rows: a key itself may hold what only the database knows."""
    place = (upload.layout or {}).get("columns", {}).get(_column(upload), 0)
    if not place:
        return {}
    text = KeyTextTransform(place - 1, "cells")
    return dict(upload.rows.filter(number__in=numbers).annotate(said=text).values_list("number", "said"))


def _column(upload: Upload) -> str:
    return next(iter(format_of(upload.format).sheet.key))


def sharing(upload: Upload, row: UploadRow) -> QuerySet[UploadRow]:
    """The other rows whose only fault is that they have the key this row has, or had."""
    if not row.key:
        return upload.rows.none()
    twice = upload.rows.filter(key=row.key, outcome="faulty", faults__0__code=CODE)
    return twice.exclude(pk=row.pk)


def _fault(upload: Upload, said: str, number: int, rows: list[int]) -> dict[str, object]:
    """``rows`` are all that have the key; a million may, so only the first are looked at."""
    column = _column(upload)
    places = (upload.layout or {}).get("columns", {})
    others = [other for other in rows[: SHOWN_OTHERS + 1] if other != number][:SHOWN_OTHERS]
    shown = ", ".join(map(str, others)) + ("…" if len(rows) - 1 > len(others) else "")
    detail = ngettext(
        "Row %(row)s has the same key. Keep one of the two.",
        "Rows %(row)s have the same key. Keep one of all these.",
        len(rows) - 1,
    )
    return {
        "column": places.get(column, 0),
        "code": CODE,
        "detail": sentences.kept(detail % {"row": shown}),
        "heading": format_of(upload.format).sheet.columns[column].here,
        "value": said[:LONGEST_VALUE],
        "suggestions": [],
    }

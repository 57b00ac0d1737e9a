"""What uploads changed, for those who ask about one document: its journal, its editors, its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from b2b.journal import Finding
from b2b.models import JournalEntry
from b2b.uploads.formats import formats
from b2b.uploads.models import Upload, UploadRow
from b2b.workflow import Document

_DIGEST = """
    SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(
        '|', number, key, outcome, document_id, before::text, after::text), 'UTF8')), ''::bytea ORDER BY number
    ), ''::bytea)), 'hex')
    FROM uploads_uploadrow WHERE upload_id = %s AND outcome IN ('new', 'changed', 'missing')
"""
_COUNTS = """
    SELECT document_id, sum(moves) FROM (
        SELECT row.document_id, upload.format, row.bumps + CASE
            WHEN row.outcome IN ('new', 'changed', 'missing') AND row.number <= upload.applied_through THEN 1 ELSE 0
            END AS moves
        FROM uploads_uploadrow row JOIN uploads_upload upload ON upload.id = row.upload_id
        WHERE row.document_id IS NOT NULL
        UNION ALL
        SELECT kept.document_id, upload.format, kept.moves
        FROM uploads_versionmoves kept JOIN uploads_upload upload ON upload.id = kept.upload_id
    ) moved
    WHERE format = ANY(%s)
    GROUP BY document_id
"""


def digest(upload: Upload) -> str:
    """SHA-256 in hex over every change the upload makes, in the order of rows; the journal keeps it."""
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [upload.pk])
        return str(cursor.fetchone()[0])


def counts(model: type[Document]) -> Mapping[UUID, int]:
    """How often uploads moved the version of each document of this kind."""
    codes = [code for code, declared in formats().items() if getattr(declared.session_class, "model", None) is model]
    if not codes:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [codes])
        return {key: int(count) for key, count in cursor.fetchall() if count}


def rewritten() -> Iterator[Finding]:
    """Uploads whose rows are not any more what their journal entry says they changed."""
    finished = JournalEntry.objects.filter(document_type=Upload._meta.label_lower, step="finish").order_by("id")
    said = {entry.document_id: entry.inputs["digest"] for entry in finished.iterator()}
    for upload in Upload.objects.filter(pk__in=said, state="applied").iterator():
        if digest(upload) != said[upload.pk]:
            yield Finding(f"{upload._meta.label_lower} {upload.pk}", "its rows are not those that were applied")


def applied(document: Document) -> QuerySet[JournalEntry]:
    """The entries by which uploads that changed the document were applied."""
    rows = UploadRow.objects.in_force().filter(document_id=document.pk)
    return JournalEntry.objects.filter(
        document_type=Upload._meta.label_lower, document_id__in=rows.values("upload_id"), step="apply"
    )

"""Rows that are not needed any more: replaced ones at once, those of uploads that ended long ago by night.

What an upload changed stays as long as the upload, as the journal's digest is told over it and as it is found by
the thing that was changed. What it left as it was, and all that was taken back, is bulk.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from b2b.uploads.models import Upload
from b2b.uploads.models.row import ACTING
from b2b.uploads.queries.due import uploads_ended

AT_ONCE = 10_000
"""Rows deleted in one transaction."""
_KEEP_MOVES = """
    INSERT INTO uploads_versionmoves (upload_id, document_id, moves)
    SELECT upload_id, document_id, sum(bumps) FROM uploads_uploadrow
    WHERE id = ANY(%s) AND bumps > 0 AND document_id IS NOT NULL GROUP BY upload_id, document_id
    ON CONFLICT (upload_id, document_id) DO UPDATE SET moves = uploads_versionmoves.moves + excluded.moves
"""


def drop(rows: QuerySet[Any]) -> None:
    """Delete rows, but not how often they moved versions; inside the caller's transaction."""
    moved = list(rows.filter(bumps__gt=0).order_by().values_list("pk", flat=True))
    if moved:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_MOVES, [moved])
    rows.order_by().delete()


def forget(now: datetime) -> int:
    """Forget the bulk of uploads that ended before the days the settings say; return of how many."""
    ended = uploads_ended(now - timedelta(days=settings.UPLOAD_ROWS_KEPT_DAYS)).filter(forgotten_at=None)
    uploads = list(ended.order_by("id").defer("basis"))
    for upload in uploads:
        _forget(upload, now)
    return len(uploads)


def _forget(upload: Upload, now: datetime) -> None:
    bulk = upload.rows.exclude(outcome__in=ACTING) if upload.state == "applied" else upload.rows.all()
    while some := list(bulk.order_by("number").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            drop(upload.rows.filter(pk__in=some))
    with transaction.atomic():
        upload.conversion_counts.all().delete()
        same = Upload.objects.filter(pk=upload.pk, state=upload.state)
        same.update(forgotten_at=now, **({} if upload.state == "applied" else {"survey": None}))

"""What uploads changed and what stands of it, the latest first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from b2b.models import JournalEntry
from b2b.policy import Actor
from b2b.uploads.models import Upload, UploadRow

BROUGHT_INTO_FORCE = ("apply", "finish")
"""The steps that say when: an upload that is still being applied has only the first."""


def changes_in_force(actor: Actor, document_id: UUID | None, *, most: int) -> Iterator[tuple[Upload, list[UploadRow]]]:
    """Uploads by when they were applied (``applied_at``), each with its rows in force: ``most`` rows in all."""
    rows = UploadRow.objects.visible_to(actor).in_force()
    if document_id is not None:
        rows = rows.filter(document_id=document_id)
        uploads = _by_day(actor).filter(pk__in=rows.values("upload_id"))
    else:
        uploads = _by_day(actor).filter(applied_through__gte=0)
    for upload in uploads[:most]:
        found = list(rows.filter(upload=upload).order_by("number")[:most])
        most -= len(found)
        if found:
            yield upload, found
        if not most:
            return


def _by_day(actor: Actor) -> Any:
    entries = JournalEntry.objects.filter(
        document_type=Upload._meta.label_lower, document_id=OuterRef("pk"), step__in=BROUGHT_INTO_FORCE
    )
    applied_at = Subquery(entries.order_by("-sequence").values("at")[:1])
    uploads = Upload.objects.visible_to(actor).select_related("applied_by").defer("survey", "basis")
    return uploads.annotate(applied_at=applied_at).order_by("-applied_at", "-pk")

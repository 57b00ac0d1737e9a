"""Uploads that time has something to do with."""

from __future__ import annotations

from datetime import datetime

from b2b.uploads.models import Upload, UploadQuerySet


def uploads_given_up(at: datetime) -> UploadQuerySet:
    """Being read by a job that ended without a result: nobody else would ever say so."""
    waiting = Upload.objects.filter(state__in=["uploaded", "reading"])
    return waiting.filter(job__state__in=["failed", "cancelled"], job__ended_at__lte=at)

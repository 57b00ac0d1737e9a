"""Uploads that time has something to do with."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import DateTimeField, ExpressionWrapper, F, Q

from b2b.uploads.models import Upload, UploadQuerySet


def uploads_given_up(at: datetime) -> UploadQuerySet:
    """Being read by a job that ended without a result: nobody else would ever say so."""
    waiting = Upload.objects.filter(state__in=["uploaded", "reading"])
    return waiting.filter(job__state__in=["failed", "cancelled"], job__ended_at__lte=at)


AGAIN_AFTER = timedelta(minutes=10)
"""Work that failed by a fault of ours is tried again, but not at once."""


def applying_broken_off(at: datetime) -> UploadQuerySet:
    """Half applied by a job that was cancelled, or failed a while ago."""
    return _broken_off(at).filter(state__in=["applying", "stopping"])


def undoing_broken_off(at: datetime) -> UploadQuerySet:
    """Half undone by a job that was cancelled, or failed a while ago."""
    return _broken_off(at).filter(state="undoing")


def _broken_off(at: datetime) -> UploadQuerySet:
    again_at = ExpressionWrapper(F("job__ended_at") + AGAIN_AFTER, output_field=DateTimeField())
    return Upload.objects.annotate(again_at=again_at).filter(
        Q(job__state="cancelled", job__ended_at__lte=at) | Q(job__state="failed", again_at__lte=at)
    )


def uploads_ended(before: datetime) -> UploadQuerySet:
    """Whose last work ended before then, and of which nothing more is expected unless somebody begins again."""
    ended = Upload.objects.filter(state__in=["applied", "undone", "cancelled", "rejected", "failed"])
    return ended.filter(Q(job__ended_at__lt=before) | Q(job=None, created_at__lt=before))

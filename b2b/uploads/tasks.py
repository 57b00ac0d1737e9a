"""The kinds of jobs uploads need."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps

from celery import shared_task

from b2b.clock import database_now
from b2b.jobs import JobRun, job
from b2b.jobs.registry import Handler
from b2b.uploads import applying, forgetting, reading
from b2b.uploads.models import Upload


@shared_task(name="uploads.forget_rows")
def forget_rows() -> int:
    return forgetting.forget(database_now())


LEASE = timedelta(seconds=180)
"""A chunk, or the reading of a whole old .xls before its first row, is shorter."""


def _if_called(work: Handler) -> Handler:
    """An older job of the upload, started once more by hand, has nothing to do: only the one called last has."""

    @wraps(work)
    def handle(run: JobRun) -> object:
        if Upload.objects.filter(pk=run.arguments["upload_id"], job_id=run.job_id).exists():
            return work(run)
        return {}

    return handle


job("uploads.read", lease=LEASE)(_if_called(reading.read))
job("uploads.apply", lease=LEASE)(_if_called(applying.apply))
job("uploads.undo", lease=LEASE)(_if_called(applying.undo))

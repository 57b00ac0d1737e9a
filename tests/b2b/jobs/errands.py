"""A job whose runs are remembered, and what tests ask and pretend about jobs."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from b2b.jobs import JobRun, job
from b2b.models import Job

met: list[JobRun] = []


@job("tests.meet")
def meet(run: JobRun) -> str:
    met.append(run)
    return "met"


def run_out(job: Job) -> None:
    """As if the lease's time had passed."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def seen(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)

"""The worker's side: take a job, do it, say how it ended; and call again where nobody came."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import override

from b2b.bell import ring
from b2b.jobs.ending import Ending
from b2b.jobs.holders import is_gone
from b2b.jobs.orders import RUN
from b2b.jobs.registry import kind_of
from b2b.jobs.taking import take
from b2b.logs import on_behalf_of
from b2b.models.job import Job

RING_AGAIN_AFTER = timedelta(seconds=30)
ONE_ROUND = 100
A_MOMENT = timedelta(seconds=1)


def work(job_id: UUID) -> bool:
    """Do a job nobody else is doing; return whether there was something to do.

    A refusal (``DomainError``) ends the job as failed; so does a bug, which is raised as well, for
    the log. A database that went away, or a kind this worker does not know, leaves the job to the
    next worker.
    """
    if (run := take(job_id)) is None:
        return False
    handler = kind_of(run.kind).handler
    with override(run.language), on_behalf_of(run.actor.request_id), Ending(run) as ending:
        ending.result = handler(run)
    return True


def ring_orphaned() -> int:
    """Free the jobs that processes of this machine held when they were killed, and call a worker; return how many."""
    with transaction.atomic():
        held = Job.objects.filter(state=Job.State.RUNNING, lease_until__gte=Now()).exclude(lease_holder="")
        found = held.select_for_update(skip_locked=True, of=("self",)).values_list("pk", "lease_holder")
        orphaned = [job_id for job_id, holder in found if is_gone(holder)]
        Job.objects.filter(pk__in=orphaned).update(lease_until=Now() - A_MOMENT, rung_at=Now())
        for job_id in orphaned:
            ring(RUN, job_id=str(job_id))
    return len(orphaned)


def ring_stalled() -> int:
    """Call a worker for every job that has none and was not called for lately; return how many."""
    ring_orphaned()
    with transaction.atomic():
        silent = Job.objects.without_worker().filter(rung_at__lt=Now() - RING_AGAIN_AFTER).order_by("rung_at", "id")
        stalled = [job.pk for job in silent.select_for_update(skip_locked=True, of=("self",))[:ONE_ROUND]]
        Job.objects.filter(pk__in=stalled).update(rung_at=Now())
        for job_id in stalled:
            ring(RUN, job_id=str(job_id))
    return len(stalled)

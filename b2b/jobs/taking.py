"""Taking a job that has no worker."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError
from b2b.jobs.ending import problem
from b2b.jobs.holders import this_process
from b2b.jobs.registry import lease_of
from b2b.jobs.run import JobRun
from b2b.language import reading_language
from b2b.models.job import Job
from b2b.models.membership import Membership
from b2b.policy import CLOCK, Actor

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""So many workers may die between two checkpoints before the job is given up."""

State = Job.State


class WorkerLost(DomainError):
    code, title = "worker-lost", _("The work stopped several times without an answer.")


def take(job_id: UUID) -> JobRun | None:
    """Lease the job, or nothing when somebody has it, it has ended, or it must end here."""
    with transaction.atomic():
        free = Job.objects.without_worker().select_for_update(skip_locked=True, of=("self",))
        job = free.select_related("organisation", "created_by").filter(pk=job_id).first()
        if job is None or _hopeless(job):
            return None
        return _lease(job)


def _lease(job: Job) -> JobRun:
    token, lease = uuid4(), lease_of(job.kind)
    Job.objects.filter(pk=job.pk).update(
        state=State.RUNNING,
        lease_token=token,
        lease_until=Now() + lease,
        lease_holder=this_process(),
        attempts=job.attempts + 1,
        started_at=job.started_at or Now(),
    )
    language = reading_language(job.created_by, job.organisation)
    return JobRun(job, token=token, lease=lease, actor=_actor(job), language=language)


def _hopeless(job: Job) -> bool:
    """End a job that nobody should start again: cancelled while its worker was dead, or a killer of workers."""
    if job.cancel_requested:
        _close(job, state=State.CANCELLED)
    elif job.attempts >= MOST_ATTEMPTS:
        with override(reading_language(job.created_by, job.organisation)):
            lost = WorkerLost(gettext("Try again; if it stops again, split the work or ask the operator."))
            _close(job, state=State.FAILED, error=problem(lost))
    else:
        return False
    return True


def _close(job: Job, **columns: Any) -> None:
    Job.objects.filter(pk=job.pk).update(lease_token=None, lease_until=None, ended_at=Now(), **columns)
    log.warning("Job %s (%s) was closed without a worker: %s.", job.pk, job.kind, columns["state"])


def _actor(job: Job) -> Actor:
    """The starter with the roles of today: who has left the organisation may do nothing through old jobs."""
    if job.created_by_id is None:
        return CLOCK
    active = Membership.objects.filter(user_id=job.created_by_id, organisation_id=job.organisation_id, active=True)
    scopes = job.authority["scopes"]
    return Actor(
        user_id=job.created_by_id,
        organisation_id=job.organisation_id,
        roles=frozenset(active.values_list("roles", flat=True).first() or ()),
        platform=job.organisation is not None and job.organisation.is_platform,
        second_factor=job.authority["second_factor"],
        request_id=job.authority["request_id"],
        scopes=None if scopes is None else frozenset(scopes),
    )

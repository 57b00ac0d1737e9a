"""What people ask of jobs: start, cancel, retry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.bell import ring
from b2b.errors import DomainError, NotAllowed, NotFound
from b2b.jobs.registry import kind_of
from b2b.models.job import Job
from b2b.policy import Actor, admin

RUN = "b2b.run_job"
State = Job.State


class JobEnded(DomainError):
    code, title = "job-ended", _("This job has ended; there is nothing left to cancel.")


class JobNotEnded(DomainError):
    code, title = "job-not-ended", _("Only a job that failed or was cancelled can be started again.")


def start_job(kind: str, /, actor: Actor, **arguments: Any) -> Job:
    """Queue a job on behalf of ``actor``; a worker is called once this transaction has happened."""
    job = Job.objects.create(
        kind=kind_of(kind).name,
        arguments=arguments,
        organisation_id=actor.organisation_id,
        created_by_id=actor.user_id,
        authority=_authority(actor),
    )
    ring(RUN, job_id=str(job.pk))
    return job


def repeat_job(ended: Job) -> Job:
    """The same work once more, from the beginning and on the same behalf, as a job of its own."""
    same = ("kind", "arguments", "organisation_id", "created_by_id", "authority")
    job = Job.objects.create(**{name: getattr(ended, name) for name in same})
    ring(RUN, job_id=str(job.pk))
    return job


def _authority(actor: Actor) -> dict[str, Any]:
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    return {"second_factor": actor.second_factor, "scopes": scopes, "request_id": actor.request_id}


def cancel(job_id: UUID, *, actor: Actor) -> Job:
    """End a queued job now, or a running one at its next sign of life. Raises ``JobEnded`` or ``NotAllowed``."""
    with transaction.atomic():
        job = _locked(job_id, actor)
        if job.ended_at:
            raise JobEnded
        job.cancel_requested = True
        if job.state == State.QUEUED:
            job.state, job.ended_at = State.CANCELLED, Now()
        job.save(update_fields=["cancel_requested", "state", "ended_at"])
    job.refresh_from_db()
    return job


def retry(job_id: UUID, *, actor: Actor) -> Job:
    """Queue a failed or cancelled job again; it goes on from there. Raises ``JobNotEnded`` or ``NotAllowed``."""
    with transaction.atomic():
        job = _locked(job_id, actor)
        if job.state not in {State.FAILED, State.CANCELLED}:
            raise JobNotEnded
        job.state, job.ended_at, job.error = State.QUEUED, None, None
        job.attempts, job.cancel_requested, job.rung_at = 0, False, Now()
        job.save(update_fields=["state", "ended_at", "error", "attempts", "cancel_requested", "rung_at"])
        ring(RUN, job_id=str(job.pk))
    job.refresh_from_db()
    return job


def _locked(job_id: UUID, actor: Actor) -> Job:
    job = Job.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise NotFound
    if job.created_by_id != actor.user_id and not admin(actor, job):
        raise NotAllowed(gettext("This is for whoever started the work, and for administrators."))
    return job

"""Letting time pass in the demo: the only thing moved by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateField, F, QuerySet
from django.db.models.functions import Now

from b2b import jobs, outbox
from b2b.clockwork import take_due_steps
from b2b.demo.world import World
from b2b.models import Job, OutboxMessage

AFTER_LOADING = timedelta(days=1)


def days_pass(rows: QuerySet[Any], days: int) -> None:
    """Move every date and instant these rows hold ``days`` back, as if it had all begun so much earlier.

    For the loader alone: a deadline can be made to pass in no other way. The journal is left as it
    is and tells when the demo was loaded.
    """
    columns = [column for column in rows.model._meta.concrete_fields if isinstance(column, DateField)]
    gone = timedelta(days=days)
    rows.order_by().update(**{column.name: F(column.name) - gone for column in columns})


def catch_up(world: World) -> None:
    """What the clock, the outbox and the workers would do by now, until nothing is left to do."""
    waiting = OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING, task__in=world.for_the_worker)
    waiting.update(due_at=Now() + AFTER_LOADING)
    while take_due_steps() + outbox.deliver() + _work():
        pass


def hand_to_the_worker(world: World) -> None:
    """What was put off while loading is due now."""
    OutboxMessage.objects.filter(task__in=world.for_the_worker).update(due_at=Now())


def _work() -> int:
    return sum(jobs.work(job.pk) for job in Job.objects.without_worker().order_by("id"))

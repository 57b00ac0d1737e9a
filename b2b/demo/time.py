"""Letting time pass in the demo: the only thing moved by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DateField, F, QuerySet

from b2b import jobs, outbox
from b2b.clockwork import take_due_steps
from b2b.models import Job


def days_pass(rows: QuerySet[Any], days: int) -> None:
    """Move every date and instant these rows hold ``days`` back, as if it had all begun so much earlier.

    For the loader alone: a deadline can be made to pass in no other way. The journal is left as it
    is and tells when the demo was loaded.
    """
    columns = [column for column in rows.model._meta.concrete_fields if isinstance(column, DateField)]
    gone = timedelta(days=days)
    rows.order_by().update(**{column.name: F(column.name) - gone for column in columns})


def catch_up() -> None:
    """What the clock, the outbox and the workers would do by now, until nothing is left to do."""
    while take_due_steps() + outbox.deliver() + _work():
        pass


def _work() -> int:
    return sum(jobs.work(job.pk) for job in Job.objects.without_worker().order_by("id"))

"""Thin: what the queue and the schedule may call."""

from __future__ import annotations

from celery import shared_task

from b2b.clock import database_now
from suppliers.scoring import recomputation


@shared_task(name="suppliers.recompute_scores")
def recompute_scores() -> int:
    return recomputation.rate_everybody(as_of=database_now().date())

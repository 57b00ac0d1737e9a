"""One worker's hold on one job."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from b2b.models.job import Job
from b2b.policy import Actor

SHORTEST_PAUSE_SECONDS = 0.5
"""Progress told more often than this is kept for the next time."""


class Cancelled(Exception):
    """Somebody asked the job to stop; the transaction in progress is undone."""


class LeaseLost(Exception):
    """Another worker has the job, or it has ended: this one may write nothing more."""


class JobRun:
    """What a handler is given: what to do, for whom, how far it got before, and where to tell."""

    def __init__(self, job: Job, *, token: UUID, lease: timedelta, actor: Actor, language: str) -> None:
        self.job_id = job.pk
        self.kind = job.kind
        self.language = language
        self.arguments: dict[str, Any] = job.arguments
        self.reached: Any = job.checkpoint
        """The last checkpoint's value, or ``None`` when the job starts from the beginning."""
        self.actor = actor
        """Who started the job, with the roles they have now."""
        self._token = token
        self._lease = lease
        self._told_at = -SHORTEST_PAUSE_SECONDS
        self._untold: dict[str, Any] = {}

    def progress(self, done: int, total: int | None = None, message: str = "") -> None:
        """Say how far the work is; also the sign of life. Cheap enough to call for every row.

        Call it between transactions: inside one nobody sees it, and cancelling waits. Raises
        ``Cancelled`` or ``LeaseLost``, which a handler lets through.
        """
        self._untold |= _counts(done, total) | ({"message": message} if message else {})
        if monotonic() - self._told_at >= SHORTEST_PAUSE_SECONDS:
            self._tell()

    def checkpoint(self, value: Any, *, done: int | None = None, total: int | None = None) -> None:
        """Keep the place to go on from, as the last act of the chunk's own transaction.

        Raises ``Cancelled`` or ``LeaseLost``, and the chunk is undone.
        """
        self._untold |= _counts(done, total)
        self._tell(checkpoint=value, attempts=1)
        self.reached = value

    def end(self, state: Job.State, **columns: Any) -> None:
        """Let go of the job in a final state. Raises ``LeaseLost``."""
        released = {"lease_token": None, "lease_until": None, "ended_at": Now()}
        if not self._mine().update(state=state, **released, **self._untold, **columns):
            raise LeaseLost

    def _tell(self, **columns: Any) -> None:
        now_told = self._untold | columns
        wanted = self._mine().filter(cancel_requested=False)
        if not wanted.update(lease_until=Now() + self._lease, **now_told):
            raise Cancelled if self._mine().exists() else LeaseLost
        self._untold, self._told_at = {}, monotonic()

    def _mine(self) -> Any:
        return Job.objects.filter(pk=self.job_id, lease_token=self._token)


def _counts(done: int | None, total: int | None) -> dict[str, int]:
    return {name: count for name, count in (("done_count", done), ("total_count", total)) if count is not None}

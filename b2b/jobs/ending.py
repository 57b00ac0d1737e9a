"""How a handler's return, refusal or fault becomes the end of its job."""

from __future__ import annotations

import logging
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError
from b2b.jobs.run import Cancelled, JobRun, LeaseLost
from b2b.models.job import Job

log = logging.getLogger(__name__)

UNREACHABLE = (OperationalError, InterfaceError)
"""The database went away, or broke a deadlock: no answer of ours, so the next worker tries."""

State = Job.State


class JobBroken(DomainError):
    code, title = "job-broken", _("Something went wrong on our side; the fault was recorded.")


def problem(refusal: DomainError) -> dict[str, Any]:
    """A refusal as a job keeps it, in the language that is active now."""
    return {
        "code": refusal.code,
        "title": str(refusal.title),
        "detail": refusal.detail,
        "faults": [asdict(fault) for fault in refusal.faults],
    }


class Ending:
    """Ends the run when the block does. Only a fault of ours leaves the block, for the log to show."""

    def __init__(self, run: JobRun) -> None:
        self._run = run
        self.result: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            return self._end(fault)
        except LeaseLost:
            log.warning("Job %s went to another worker.", self._run.job_id)
            return True

    def _end(self, fault: BaseException | None) -> bool:
        match fault:
            case None:
                self._run.end(State.DONE, result=self.result)
            case LeaseLost():
                raise fault
            case Cancelled():
                self._run.end(State.CANCELLED)
            case DomainError():
                self._run.end(State.FAILED, error=problem(fault))
            case Exception() if not isinstance(fault, UNREACHABLE):
                self._run.end(State.FAILED, error=problem(JobBroken()))
                return False
            case _:
                return False
        return True

"""Long work with progress, cancelling, retrying and a result.

A handler is a function of a ``JobRun``, registered by kind:

    @job("procurement.import_lines")
    def import_lines(run: JobRun) -> dict[str, int]:
        for start in range(run.reached or 0, total, 500):
            with transaction.atomic():
                apply(start, start + 500)
                run.checkpoint(start + 500, total=total)
        return {"lines": total}

``run.checkpoint`` keeps a chunk's work and the place to go on from together or not at all. A worker
holds a job by a lease that every ``progress`` and ``checkpoint`` renews; beat rings again for a job
whose lease ran out or whose holder is known to be dead, and a worker that lost its lease can write
neither its chunk nor its result.
"""

from b2b.jobs.orders import JobEnded, JobNotEnded, cancel, repeat_job, retry, start_job
from b2b.jobs.registry import job
from b2b.jobs.run import Cancelled, JobRun, LeaseLost
from b2b.jobs.work import ring_orphaned, ring_stalled, work

__all__ = [
    "Cancelled",
    "JobEnded",
    "JobNotEnded",
    "JobRun",
    "LeaseLost",
    "cancel",
    "job",
    "repeat_job",
    "retry",
    "ring_orphaned",
    "ring_stalled",
    "start_job",
    "work",
]

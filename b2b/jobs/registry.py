"""Which function does which kind of job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from b2b.celery import load_tasks

if TYPE_CHECKING:
    from b2b.jobs.run import JobRun

Handler = Callable[["JobRun"], Any]
"""Does the work and returns a result JSON can carry."""

LEASE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: its handler, and the longest time it may go without a sign of life."""

    name: str
    handler: Handler
    lease: timedelta


_kinds: dict[str, Kind] = {}


def job(name: str, /, *, lease: timedelta = LEASE) -> Callable[[Handler], Handler]:
    """Register a handler under a name that waiting jobs carry. It must show a sign of life within ``lease``."""

    def register(handler: Handler) -> Handler:
        _kinds[name] = Kind(name, handler, lease)
        return handler

    return register


def kind_of(name: str) -> Kind:
    """The kind registered under ``name``. Raises ``LookupError``."""
    load_tasks()
    if name not in _kinds:
        raise LookupError(f"No handler is registered for jobs of kind {name}.")
    return _kinds[name]


def lease_of(name: str) -> timedelta:
    """How long a worker may be silent; a worker that does not know the kind yet holds it for the usual time."""
    load_tasks()
    return _kinds[name].lease if name in _kinds else LEASE

"""Calling a worker. The message says only "look in the database"; a lost one is rung again by beat."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from time import monotonic

from amqp.exceptions import AMQPError
from django.db import connection, transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from b2b.celery import app

log = logging.getLogger(__name__)

UNREACHABLE = (KombuError, AMQPError, RedisError, OSError)
SILENCE_SECONDS = 5.0
"""After a broker did not answer, beat's rhythm is soon enough: no request waits for it again."""
EXPIRES_SECONDS = 60
"""A bell nobody heard means nothing later; the row it spoke of is still there."""

_silent_until = 0.0


@dataclass(frozen=True, slots=True)
class Bell:
    """One call for one task; equal bells in one transaction ring once."""

    task: str
    arguments: tuple[tuple[str, str], ...] = ()

    def __call__(self) -> None:
        """Send the message; an unreachable broker is logged and never raised."""
        global _silent_until  # noqa: PLW0603 — one broker, one silence per process
        if monotonic() < _silent_until:
            return
        try:
            app.send_task(self.task, kwargs=dict(self.arguments), expires=EXPIRES_SECONDS, retry=False)
        except UNREACHABLE as fault:
            _silent_until = monotonic() + SILENCE_SECONDS
            log.warning("The broker did not take %s (%s); beat will ring.", self.task, type(fault).__name__)


def ring(task: str, **arguments: str) -> None:
    """Call a worker for ``task`` once this transaction has really happened."""
    bell = Bell(task, tuple(sorted(arguments.items())))
    if not any(waiting == bell for _, waiting, *_ in connection.run_on_commit):
        transaction.on_commit(bell)

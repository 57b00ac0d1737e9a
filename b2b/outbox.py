"""Work for later that is never lost and never done twice.

``ask`` writes the request in the caller's transaction: it exists exactly if the transaction does.
A worker claims a message, runs its task and marks it done in one transaction, so the task's own
database work happens exactly once, whenever the worker dies. What reaches outside the database
(mail, webhooks) happens at least once. Order is kept while nothing fails, and is not promised.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from celery.result import EagerResult
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.db.models.functions import Now

from b2b.bell import ring
from b2b.celery import task_named
from b2b.compiled import compiled
from b2b.logs import on_behalf_of, request_id
from b2b.models.outbox import MOST_ATTEMPTS, OutboxMessage, pause_after
from b2b.together import Insertion, at_the_end, together, write_down

log = logging.getLogger(__name__)

DELIVER = "b2b.deliver_outbox"
HAND_OVER = "b2b.hand_over_message"
ONE_ROUND = 1000
LONGEST_ERROR = 4000

NEW = Insertion(
    "b2b_outboxmessage (task, arguments, request_id, state, attempts, error)", "(%s, %s, %s, 'waiting', 0, '')"
)

# What waits and may be tried now, first asked first. Whoever holds a row is passed by, and once it is locked it is
# looked at again: what somebody claimed meanwhile is not due.
_CLAIM = """
    UPDATE b2b_outboxmessage
    SET attempts = attempts + 1, due_at = statement_timestamp() + (%s::interval[])[least(attempts + 1, %s)]
    WHERE id = (
        SELECT id FROM b2b_outboxmessage
        WHERE state = 'waiting' AND due_at <= statement_timestamp()
        ORDER BY id LIMIT 1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING *
"""
_PAUSES = [pause_after(attempts) for attempts in range(1, MOST_ATTEMPTS + 1)]

Waiting, Done, Dead = OutboxMessage.State


def ask(task: str, /, **arguments: Any) -> None:
    """Have the Celery task named ``task`` done after commit.

    ``arguments`` are ids and plain values; keys, dates and decimals arrive as their JSON strings.
    A value JSON cannot carry raises ``TypeError`` here, not in the worker.
    """
    ask_many([(task, arguments)])


def ask_many(requests: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Like ``ask`` for any number of tasks, in one statement with all that the transaction asks for."""
    by = request_id.get()
    messages = [(task, json.dumps(dict(given), cls=DjangoJSONEncoder), by) for task, given in requests]
    if messages:
        at_the_end(NEW, messages)
        ring(DELIVER)


def deliver() -> int:
    """Hand over what is due, one message after the other; return how many were done.

    A message that fails is put off and never stops the others. After a thousand the bell is rung
    for the rest, so that one flood does not keep a worker from everything else.
    """
    done = 0
    for _ in range(ONE_ROUND):
        if (message := _claim()) is None:
            return done
        done += _try(message)
    ring(DELIVER)
    return done


def _claim() -> OutboxMessage | None:
    """Count an attempt and put the message off, so that a death in the middle is counted too; one statement."""
    claimed = OutboxMessage.objects.raw(_CLAIM, [_PAUSES, len(_PAUSES)])
    return next(iter(claimed), None)


def _try(message: OutboxMessage) -> bool:
    """Celery's own tracer is the boundary that keeps a fault in one task from the loop."""
    if message.attempts > MOST_ATTEMPTS:
        _give_up(message, error="The worker died each time.")
        return False
    outcome = task_named(HAND_OVER).apply(kwargs={"message_id": message.pk, "attempt": message.attempts}, throw=False)
    if outcome.failed():
        _put_off(message, outcome)
    return bool(outcome.successful())


def hand_over(message_id: int, attempt: int) -> None:
    """Run the task and mark the message done, both or neither. Whoever claimed it later has it.

    The row is waited for, not skipped: a worker that looks for a message of its own holds rows for a
    moment that turn out to be claimed already.
    """
    with together():
        write_down()
        message = _to_do.first(message_id, attempt)
        if message is not None:
            with on_behalf_of(message.request_id):
                task_named(message.task).run(**message.arguments)
            _tried(message).update(state=Done, ended_at=Now())


@compiled
def _to_do(message_id: int, attempt: int) -> QuerySet[OutboxMessage]:
    held = OutboxMessage.objects.select_for_update()
    return held.filter(pk=message_id, attempts=attempt, state=Waiting).order_by()


def _put_off(message: OutboxMessage, outcome: EagerResult[Any]) -> None:
    """Keep what went wrong; the claim has set when to try again."""
    error = str(outcome.traceback)[-LONGEST_ERROR:]
    if message.attempts >= MOST_ATTEMPTS:
        _give_up(message, error=error)
    else:
        _tried(message).update(error=error)


def _give_up(message: OutboxMessage, *, error: str) -> None:
    if _tried(message).update(state=Dead, ended_at=Now(), error=error):
        log.error("Gave up on outbox message %s (%s).", message.pk, message.task)


def _tried(message: OutboxMessage) -> QuerySet[OutboxMessage]:
    """The message, unless somebody claimed it meanwhile."""
    return OutboxMessage.objects.filter(pk=message.pk, attempts=message.attempts, state=Waiting)


def revive(messages: Iterable[int]) -> int:
    """Try dead messages again from the first attempt; return how many there were."""
    revived = OutboxMessage.objects.dead().filter(pk__in=messages)
    count = revived.update(state=Waiting, attempts=0, due_at=Now(), ended_at=None)
    ring(DELIVER)
    return count


def forget(before: datetime) -> int:
    """Delete what was done before an instant; what was given up stays until someone looks."""
    return OutboxMessage.objects.filter(state=Done, ended_at__lt=before).delete()[0]

"""The answers kept for ``Idempotency-Key``: a POST sent twice is done once.

The row is written in the same transaction as the work, behind an advisory lock on the key. So work
and answer exist together or not at all, and whatever dies in the middle frees the key with its
connection: there is no claim that could be left behind.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from b2b.models.answer import Answer

KEPT_FOR = timedelta(hours=48)
"""The promise is 24 hours at least; a client that retries over a weekend night is still safe."""
WAIT_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.02

CLAIM = """
    INSERT INTO b2b_answer (user_id, organisation_id, key, request, status, headers, body, created_at)
    SELECT %(user)s, %(organisation)s, %(key)s, %(request)s, 0, '{}', '', now()
    WHERE pg_try_advisory_xact_lock(%(lock)s)
    ON CONFLICT DO NOTHING
    RETURNING id
"""


class InProgress(Exception):
    """The first request with the key has not ended within the time one is made to wait."""


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks what under which key; ``request`` is the SHA-256 of method, path and content."""

    user_id: UUID
    organisation_id: UUID | None
    key: str
    request: str

    @property
    def lock(self) -> int:
        """64 bits that stand for the key while it is being worked on."""
        text = f"answer:{self.user_id}:{self.organisation_id}:{self.key}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], signed=True)


def claim(question: Question, *, wait_seconds: float = WAIT_SECONDS) -> tuple[Answer, bool]:
    """The answer's row, and whether it is ours to fill; otherwise it holds the first answer.

    Must be called in the transaction that will do the work. Raises ``InProgress``.
    """
    deadline, pause = time.monotonic() + wait_seconds, FIRST_PAUSE_SECONDS
    while True:
        if (pk := _insert(question)) is not None:
            return Answer(pk=pk, request=question.request), True
        if (answer := _given(question)) is not None:
            return answer, False
        if time.monotonic() >= deadline:
            raise InProgress
        time.sleep(pause)
        pause *= 2


def _insert(question: Question) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {
                "user": question.user_id,
                "organisation": question.organisation_id,
                "key": question.key,
                "request": question.request,
                "lock": question.lock,
            },
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _given(question: Question) -> Answer | None:
    asked = Answer.objects.filter(user_id=question.user_id, key=question.key)
    if question.organisation_id is None:
        return asked.filter(organisation=None).first()
    return asked.filter(organisation_id=question.organisation_id).first()


def keep(answer: Answer, *, status: int, headers: dict[str, str], body: bytes) -> None:
    """Fill the claimed row; from commit on it is what everybody is answered."""
    Answer.objects.filter(pk=answer.pk).update(status=status, headers=headers, body=body)


def give_back(answer: Answer) -> None:
    """The request never got as far as an answer worth keeping: the key is free again."""
    Answer.objects.filter(pk=answer.pk).delete()


def forget_old(now: datetime | None = None) -> int:
    """Delete answers older than promised; return how many."""
    with transaction.atomic():
        return Answer.objects.filter(created_at__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]

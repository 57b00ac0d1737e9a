"""Thin: what the queue may call. The work itself lives elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready

from b2b import answers, clockwork, jobs, journal, notifications, outbox
from b2b.clock import database_now
from b2b.invitation import mail_invitation as send_invitation
from b2b.invitation import send_waiting_letters
from b2b.notifications.mail import mail_notification as send_mail
from b2b.notifications.telling import Subject
from b2b.staffing import INVITE

KEPT_DELIVERED = timedelta(days=14)


@shared_task(name=outbox.DELIVER)
def deliver_outbox() -> int:
    return outbox.deliver()


@shared_task(name=outbox.HAND_OVER)
def hand_over_message(message_id: int, attempt: int) -> None:
    outbox.hand_over(message_id, attempt)


@shared_task(name="b2b.forget_delivered")
def forget_delivered() -> int:
    return outbox.forget(database_now() - KEPT_DELIVERED)


@shared_task(name="b2b.run_job", acks_late=False)
def run_job(job_id: str) -> bool:
    """Acknowledged at once: the lease knows better than a broker's time limit whether the worker lives."""
    return jobs.work(UUID(job_id))


@worker_ready.connect
def succeed_the_dead(**_: object) -> None:
    """A worker that was killed is followed by one on its machine: what it held needs not wait for its lease."""
    jobs.ring_orphaned()


@shared_task(name="b2b.ring_stalled_jobs")
def ring_stalled_jobs() -> int:
    return jobs.ring_stalled()


@shared_task(name="b2b.mail_notification")
def mail_notification(notification_id: str) -> bool:
    return send_mail(UUID(notification_id))


@shared_task(name="b2b.notify_of_step")
def notify_of_step(
    document_type: str,
    document_id: str,
    document_number: str,
    step: str,
    state: str,
    audience: Mapping[str, Sequence[str]],
    taken_by: str | None,
) -> int:
    subject = Subject(document_type, UUID(document_id), document_number)
    taker = UUID(taken_by) if taken_by else None
    told = notifications.notify_of_step(subject, step=step, state=state, audience=audience, taken_by=taker)
    return len(told)


@shared_task(name=INVITE)
def mail_invitation(membership_id: str) -> None:
    send_invitation(UUID(membership_id))


@shared_task(name="b2b.send_invitations")
def send_invitations() -> int:
    return send_waiting_letters()


@shared_task(name="b2b.forget_old_answers")
def forget_old_answers() -> int:
    return answers.forget_old()


@shared_task(name="b2b.sign_journal")
def sign_journal() -> None:
    journal.sign_checkpoint()


@shared_task(name="b2b.take_due_steps")
def take_due_steps() -> int:
    return clockwork.take_due_steps()

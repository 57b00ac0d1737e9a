"""What the clock and the worker do behind the clients, an errand each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F

from b2b import outbox
from b2b.celery import app
from b2b.clockwork import take_due_steps
from b2b.models import OutboxMessage
from procurement.models import RequestForQuotation

Errand = Callable[[], object]
Do = Callable[[Errand], object]
"""Has an errand done; returns when it is."""

AWAITED = ("quotations.invite_on_publish", "procurement.match_invoice")
"""What a purchase cannot go on without; everything else is for the background."""
PASSED = timedelta(days=30)


def be_quiet() -> None:
    """Bells ring in memory, where nobody hears them, and nobody gets mail."""
    app.conf.update(broker_url="memory://", broker_transport_options={})
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"


@contextmanager
def one_worker() -> Iterator[Do]:
    """One thread for the errands of all clients, one after the other."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda errand: thread.submit(errand).result()
        thread.submit(_hang_up).result()


def _hang_up() -> None:
    """A connection belongs to its thread."""
    connection.close()


def do_now(errand: Errand) -> None:
    errand()


def deliver() -> None:
    """The awaited messages, without claiming them first: there is no other worker."""
    for message in list(OutboxMessage.objects.due().filter(task__in=AWAITED)):
        outbox.hand_over(message.pk, message.attempts)


def let_deadline_pass(rfq: str) -> None:
    """As if the RFQ had been published, and had closed, a month ago; the clock closes it, and next time opens it."""
    past = {name: F(name) - PASSED for name in ("published_at", "deadline")}
    RequestForQuotation.objects.filter(pk=rfq).update(**past)
    take_due_steps()
    take_due_steps()


def forget_the_rest() -> None:
    """What nobody waits for, so that it does not pile up."""
    OutboxMessage.objects.all().delete()

from __future__ import annotations

from datetime import timedelta
from typing import Self, cast

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.together import write_down

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 16
"""With pauses that double from five seconds to an hour, about seven hours of trying."""


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts before the next one."""
    return min(FIRST_PAUSE * int(2 ** (attempts - 1)), LONGEST_PAUSE)


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self) -> Self:
        """What waits and may be tried now, first asked first."""
        return self.filter(state=OutboxMessage.State.WAITING, due_at__lte=Now()).order_by("id")

    def dead(self) -> Self:
        return self.filter(state=OutboxMessage.State.DEAD)


_Manager = models.Manager.from_queryset(OutboxQuerySet)


class OutboxManager(_Manager["OutboxMessage"]):
    def get_queryset(self) -> OutboxQuerySet:
        """With what this transaction has yet to write."""
        write_down()
        return cast("OutboxQuerySet", super().get_queryset())


class OutboxMessage(models.Model):
    """Work that a transaction asked for, written in that transaction.

    ``attempts`` is counted before the work begins, so that work which kills its worker runs out
    of attempts like work that fails.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        DEAD = "dead", _("Given up")

    id = models.BigAutoField(primary_key=True)
    task = models.CharField(_("task"), max_length=100)
    arguments = models.JSONField(_("arguments"), default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    asked_at = models.DateTimeField(_("asked at"), db_default=Now())
    due_at = models.DateTimeField(_("due at"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True, editable=False)
    error = models.TextField(_("last error"), blank=True)

    objects = OutboxManager()

    class Meta:
        verbose_name = _("outbox message")
        verbose_name_plural = _("outbox messages")
        constraints = [
            models.CheckConstraint(
                name="outbox_message_ends_once",
                condition=Q(state="waiting", ended_at=None) | Q(state__in=["done", "dead"], ended_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="outbox_waiting", condition=Q(state="waiting")),
            models.Index(fields=["ended_at"], name="outbox_ended", condition=Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk}"

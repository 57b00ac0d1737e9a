from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.models.organisation import Organisation
from b2b.models.user import User


class Answer(models.Model):
    """What a POST with an ``Idempotency-Key`` was answered, kept to be given again.

    Written in the transaction that did the work: there is an answer exactly if the work was done.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=255)
    request = models.CharField(max_length=64)
    """SHA-256 of method, path and content: the same key may not stand for anything else."""
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "key"], nulls_distinct=False, name="answered_once_per_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} · {self.created_at:%Y-%m-%d %H:%M}"

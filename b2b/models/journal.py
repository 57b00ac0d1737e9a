from __future__ import annotations

from typing import TYPE_CHECKING, Self, cast

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from b2b.models.encoding import JournalEncoder
from b2b.together import write_down

if TYPE_CHECKING:
    from b2b.policy import Actor


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def of(self, document: models.Model) -> Self:
        """The life of one document, first entry first."""
        return self.filter(document_type=document._meta.label_lower, document_id=document.pk).order_by("sequence")

    def visible_to(self, actor: Actor) -> Self:
        """What one's own organisation did; the journal of a document is reached through the document."""
        return self if actor.platform else self.filter(organisation_id=actor.organisation_id)


_Manager = models.Manager.from_queryset(JournalQuerySet)


class JournalManager(_Manager["JournalEntry"]):
    def get_queryset(self) -> JournalQuerySet:
        """With what this transaction has yet to write."""
        write_down()
        return cast("JournalQuerySet", super().get_queryset())


class JournalEntry(models.Model):
    """What happened to a document: by whom, from which state to which, and what changed.

    Rows are written once. A trigger numbers each row within its document and chains it to the one
    before by SHA-256; another refuses update, delete and truncate (``0002_journal_triggers``).
    """

    id = models.BigAutoField(primary_key=True)
    document_type = models.CharField(max_length=60)
    document_id = models.UUIDField()
    sequence = models.PositiveIntegerField(editable=False, db_default=0)
    at = models.DateTimeField(_("at"), db_default=Now())
    step = models.CharField(_("step"), max_length=40)
    before = models.CharField(_("state before"), max_length=32, blank=True)
    after = models.CharField(_("state after"), max_length=32, blank=True)
    user = models.ForeignKey("b2b.User", models.PROTECT, null=True, verbose_name=_("by"), related_name="+")
    organisation = models.ForeignKey(
        "b2b.Organisation", models.PROTECT, null=True, verbose_name=_("acting for"), related_name="+"
    )
    request_id = models.CharField(max_length=64, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    changes = models.JSONField(_("what changed"), default=dict, encoder=JournalEncoder)
    """``{field: [before, after]}``; sealed bytes stand as their SHA-256."""
    inputs = models.JSONField(_("what was sent"), default=dict, encoder=JournalEncoder)
    previous_hash = models.BinaryField(max_length=32, editable=False, db_default=b"")
    hash = models.BinaryField(max_length=32, editable=False, db_default=b"")

    objects = JournalManager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        constraints = [
            models.UniqueConstraint(
                fields=["document_type", "document_id", "sequence"], name="journal_entry_numbered_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_type} {self.sequence}: {self.step}"


class JournalCheckpoint(models.Model):
    """A signed statement of all entries up to one id, chained to the checkpoint before it.

    ``digest`` is SHA-256 over the hashes of the entries after the previous checkpoint, in order
    of id; ``leaves`` holds eight bytes of id and eight of hash for each, so that a forged entry can
    be named. The Ed25519 ``signature`` covers them all and the previous signature.
    """

    number = models.PositiveIntegerField(primary_key=True)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    leaves = models.BinaryField()
    previous_signature = models.BinaryField(max_length=64)
    signature = models.BinaryField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("journal checkpoint")
        verbose_name_plural = _("journal checkpoints")
        constraints = [
            models.CheckConstraint(name="checkpoint_range_grows", condition=Q(last_id__gte=F("first_id"))),
        ]

    def __str__(self) -> str:
        return f"#{self.number} ≤ {self.last_id}"

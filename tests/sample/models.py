"""A memo: draft ──submit──▶ submitted ──approve──▶ approved, ──refuse──▶ draft, ──cancel──▶ cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.utils.functional import lazy
from django.utils.translation import get_language

from b2b import policy
from b2b.errors import Fault
from b2b.fields import KeyField
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.workflow import Document, StateField, editor, step

if TYPE_CHECKING:
    from django.utils.functional import Promise


def both(english: str, chinese: str) -> Promise:
    """A label in two languages without a catalogue of the tests' own."""
    return lazy(lambda: chinese if get_language() == "zh-hans" else english, str)()


def has_text(memo: Memo) -> Fault | None:
    return None if memo.text else Fault("#/text", "no-text", "Write something.")


def has_lines(memo: Memo) -> Fault | None:
    return None if memo.lines.exists() else Fault("#/lines", "no-lines", "Add a line.")


class MemoQuerySet(models.QuerySet["Memo"]):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(buyer_id=actor.organisation_id)


class Memo(Document):
    editable_by = policy.buyer & policy.owner
    FINAL: ClassVar = ("approved", "cancelled")

    buyer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    text = models.CharField(max_length=100, blank=True)
    sealed = models.BinaryField(default=b"")
    state = StateField(
        default="draft",
        choices=[
            ("draft", both("Draft", "草稿")),
            ("submitted", both("Submitted", "已提交")),
            ("approved", both("Approved", "已批准")),
            ("cancelled", both("Cancelled", "已取消")),
        ],
    )

    objects = MemoQuerySet.as_manager()

    def journal_lines(self) -> dict[str, dict[str, Any]]:
        return {str(line.number): {"text": line.text} for line in self.lines.all()}

    @step(
        "draft",
        "submitted",
        by=policy.buyer & policy.owner,
        label=both("Submit", "提交"),
        requires=[has_text, has_lines],
    )
    def submit(self, *, actor: Actor) -> None: ...

    @step("submitted", "draft", by=policy.buying_manager & policy.owner, label=both("Refuse", "退回"))
    def refuse(self, *, actor: Actor, reason: str) -> None: ...

    @step(
        "submitted",
        "approved",
        by=policy.buying_manager & policy.owner & ~editor,
        label=both("Approve", "批准"),
        approves=True,
    )
    def approve(self, *, actor: Actor) -> None: ...

    @step(["draft", "submitted"], "cancelled", by=policy.buyer & policy.owner, label=both("Cancel", "取消"))
    def cancel(self, *, actor: Actor, reason: str) -> None: ...


class MemoLine(models.Model):
    memo = models.ForeignKey(Memo, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    text = models.CharField(max_length=100)


class Part(models.Model):
    """A row of a register that people keep in a spreadsheet; a note may refer to it."""

    id = KeyField()
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=100)
    weight = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    made_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="part_once")]


class PartNote(models.Model):
    part = models.ForeignKey(Part, models.PROTECT, related_name="notes")

    class Meta:
        verbose_name = "part note"

"""What the library keeps is worded, put in force, worded anew, and retired; contracts keep their own copies.

draft ──approve──▶ in_force ⟲ approve ──retire──▶ retired
  │ ⟲ revise         ⟲ revise                        ▲
  └──────────────────retire──────────────────────────┘

A revision waits beside the wording in force until somebody other than its writer approves it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.fields import StateField
from b2b.models import Organisation
from b2b.policy import Actor
from b2b.workflow import Document, step
from contracts.policy import releasing, writing


class LibraryState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    IN_FORCE = "in_force", _("In force")
    RETIRED = "retired", _("Retired")


def something_waits(item: LibraryWorkflow) -> Fault | None:
    if item.waiting() is not None:
        return None
    return Fault("#/versions", "nothing-to-approve", gettext("No wording waits for approval."))


class LibraryWorkflow(Document):
    """The state of a clause or a template. Its wordings are ``versions``, numbered from 1, written once."""

    FINAL: ClassVar = ("retired",)
    editable_by = writing

    state = StateField(_("state"), choices=LibraryState, default=LibraryState.DRAFT)
    buyer = models.ForeignKey(
        Organisation, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("kept by"),
        help_text=_("empty: the platform's, for every buyer"),
    )  # fmt: skip
    in_force = models.PositiveIntegerField(_("version in force"), null=True, editable=False)

    buyer_id: UUID | None

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        versions: Any

    def waiting(self) -> Any:
        """The newest wording, unless it is in force already."""
        newest = self.versions.order_by("-number").first()
        return None if newest is None or newest.number == self.in_force else newest

    def current(self) -> Any:
        """The wording in force, or ``None`` before the first approval."""
        return self.versions.filter(number=self.in_force).first() if self.in_force else None

    def next_version(self) -> int:
        return (self.versions.aggregate(last=models.Max("number"))["last"] or 0) + 1

    @step(["draft", "in_force"], "in_force", by=releasing, label=_("Put in force"), requires=[something_waits],
          approves=True)  # fmt: skip
    def approve(self, *, actor: Actor) -> None:
        wording = self.waiting()
        wording.approved_at, wording.approved_by_id = database_now(), actor.user_id
        wording.save(update_fields=["approved_at", "approved_by"])
        self.in_force = wording.number

    @step(["draft", "in_force"], "retired", by=writing, label=_("Retire"))
    def retire(self, *, actor: Actor, reason: str) -> None: ...

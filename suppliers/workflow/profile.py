"""A supplier's profile: draft ──publish──▶ published ⇄ hidden (hide, publish)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault
from b2b.policy import Actor
from b2b.workflow import Document, StateField, step
from suppliers.policy import profile_keeper


def identified(profile: Profiling) -> Fault | None:
    if profile.is_identified():
        return None
    detail = gettext("Add at least one registration number, such as a VAT number, a USCC or an LEI.")
    return Fault("#/identifiers", "identifier-missing", detail)


class Profiling(Document):
    """The state, and the steps."""

    state = StateField(
        _("state"),
        default="draft",
        choices=[("draft", _("Draft")), ("published", _("Published")), ("hidden", _("Hidden"))],
    )

    if TYPE_CHECKING:
        supplier_id: UUID

        def is_identified(self) -> bool: ...

    class Meta:
        abstract = True

    @step(["draft", "hidden"], "published", by=profile_keeper, label=_("Publish"), requires=[identified])
    def publish(self, *, actor: Actor) -> None: ...

    @step("published", "hidden", by=profile_keeper, label=_("Hide"))
    def hide(self, *, actor: Actor) -> None: ...

"""Bank details, by maker and checker.

proposed ──confirm──▶ confirmed ──retire──▶ retired;  proposed ──refuse──▶ refused
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.policy import Actor, second_factor
from b2b.workflow import Document, StateField, editor, step
from suppliers.policy import bank_checker, bank_maker

COOLING_DAYS = 3
"""How long confirmed details wait before money may first go there: time to notice a fraud."""


class Banking(Document):
    """The fields the steps write, and the steps."""

    state = StateField(
        _("state"),
        default="proposed",
        choices=[
            ("proposed", _("Proposed")),
            ("confirmed", _("Confirmed")),
            ("refused", _("Refused")),
            ("retired", _("Retired")),
        ],
    )

    if TYPE_CHECKING:
        supplier_id: UUID
        usable_from: datetime | None
        reason: str

        def retire_others(self, *, actor: Actor) -> None: ...

    class Meta:
        abstract = True

    @step(
        "proposed",
        "confirmed",
        by=bank_checker & second_factor & ~editor,
        label=_("Confirm the bank details"),
        approves=True,
        tells={"supplier_id": ("finance", "admin")},
    )
    def confirm(self, *, actor: Actor) -> None:
        self.retire_others(actor=actor)
        self.usable_from = database_now() + timedelta(days=COOLING_DAYS)

    @step("proposed", "refused", by=bank_checker | bank_maker, label=_("Refuse the bank details"))
    def refuse(self, *, actor: Actor, reason: str) -> None:
        self.reason = reason

    @step("confirmed", "retired", by=bank_maker | bank_checker, label=_("Retire the bank details"))
    def retire(self, *, actor: Actor, reason: str = "") -> None:
        self.reason = reason

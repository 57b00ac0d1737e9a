"""A price list.

draft ──publish──▶ published ──withdraw──▶ withdrawn
draft ──submit──▶ pending_approval ──approve──▶ published, where a price rises over its category's limit
pending_approval ──send_back──▶ draft;  draft, pending_approval ──withdraw──▶ withdrawn
published ──end──▶ published, with a last day that is not past

Prices of a published list stay as they are: a change of prices is the next list, so that every
price ever in force can be found again. A list that is ended makes room for the next one and stays
what it was on every day up to its last; prices that would have begun later are in its journal only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.policy import Actor
from b2b.workflow import Document, StateField, editor, step
from suppliers.policy import catalogue_reviewer, related, supplying

if TYPE_CHECKING:
    from datetime import date, datetime


def priced(price_list: Pricing) -> Fault | None:
    if price_list.has_prices():
        return None
    return Fault("#/prices", "no-prices", gettext("Add at least one price."))


def overlaps_no_other(price_list: Pricing) -> Fault | None:
    """The exclusion constraint has the last word; this says it beforehand, and with the other's name."""
    other = price_list.overlapping()
    if other is None:
        return None
    detail = gettext(
        "The validity overlaps with the published price list %(other)s for the same customer and currency."
    )
    return Fault("#/valid_from", "price-lists-overlap", detail % {"other": other})


def nothing_arrives(price_list: Pricing) -> Fault | None:
    """An upload writes its rows in portions; between two of them the list is neither old nor new."""
    if not price_list.is_being_filled():
        return None
    return Fault("#/prices", "upload-at-work", gettext("An upload is still writing prices into this list."))


def rises_within_limits(price_list: Pricing) -> Iterable[Fault]:
    """What rises more than its category allows is for somebody of the platform to approve."""
    return price_list.rise_faults()


class Pricing(Document):
    """The fields the steps write, and the steps."""

    state = StateField(
        _("state"),
        default="draft",
        choices=[
            ("draft", _("Draft")),
            ("pending_approval", _("Pending approval")),
            ("published", _("Published")),
            ("withdrawn", _("Withdrawn")),
        ],
    )

    if TYPE_CHECKING:
        supplier_id: UUID
        review_note: str
        published_at: datetime | None
        valid_until: date | None

        def has_prices(self) -> bool: ...

        def is_being_filled(self) -> bool: ...

        def overlapping(self) -> str | None: ...

        def rise_faults(self) -> Iterable[Fault]: ...

        def no_last_day(self, day: date, *, today: date) -> Fault | None: ...

        def cut_prices(self, last: date, *, actor: Actor) -> None: ...

    class Meta:
        abstract = True

    @step(
        "draft",
        "published",
        by=supplying,
        label=_("Publish"),
        requires=[priced, nothing_arrives, overlaps_no_other, rises_within_limits],
    )
    def publish(self, *, actor: Actor) -> None:
        self.published_at = database_now()

    @step(
        "draft",
        "pending_approval",
        by=supplying,
        label=_("Submit for approval"),
        requires=[priced, nothing_arrives, overlaps_no_other],
    )
    def submit(self, *, actor: Actor) -> None:
        self.review_note = ""

    @step(
        "pending_approval",
        "published",
        by=catalogue_reviewer & ~related & ~editor,
        label=_("Approve the prices"),
        requires=[overlaps_no_other],
        approves=True,
        tells={"supplier_id": ("sales",)},
    )
    def approve(self, *, actor: Actor) -> None:
        self.published_at = database_now()

    @step(
        "pending_approval",
        "draft",
        by=catalogue_reviewer & ~related,
        label=_("Send back"),
        tells={"supplier_id": ("sales",)},
    )
    def send_back(self, *, actor: Actor, reason: str) -> None:
        self.review_note = reason

    @step("published", "published", by=supplying, label=_("End"))
    def end(self, *, actor: Actor, valid_until: date) -> None:
        """Let the prices be valid up to this day and no longer. Raises ``Invalid``."""
        if fault := self.no_last_day(valid_until, today=database_now().date()):
            raise Invalid(faults=[fault])
        self.cut_prices(valid_until, actor=actor)
        self.valid_until = valid_until

    @step(["draft", "pending_approval", "published"], "withdrawn", by=supplying, label=_("Withdraw"))
    def withdraw(self, *, actor: Actor, reason: str = "") -> None: ...

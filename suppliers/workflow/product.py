"""A catalogue item: what a supplier offers.

draft ──submit──▶ pending_review ──approve──▶ listed;  pending_review ──send_back──▶ draft
draft ──publish──▶ listed, where the category asks for no review
listed ⇄ delisted (delist, relist; relist leads to pending_review where the category asks for a review)
listed, delisted ──discontinue──▶ discontinued
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault
from b2b.policy import Actor, clock
from b2b.workflow import Document, StateField, editor, step
from suppliers.policy import catalogue_reviewer, related, supplying

if TYPE_CHECKING:
    from datetime import datetime


def attributes_complete(product: Listing) -> Iterable[Fault]:
    return product.attribute_faults()


def categorised(product: Listing) -> Fault | None:
    if product.category_id is not None:
        return None
    return Fault("#/category", "category-missing", gettext("Choose a category for the product."))


def review_not_needed(product: Listing) -> Fault | None:
    if not product.needs_review():
        return None
    return Fault("#/category", "review-needed", gettext("Products of this category are listed after a review."))


class Listing(Document):
    """The fields the steps write, and the steps."""

    state = StateField(
        _("state"),
        default="draft",
        choices=[
            ("draft", _("Draft")),
            ("pending_review", _("Pending review")),
            ("listed", _("Listed")),
            ("delisted", _("Delisted")),
            ("discontinued", _("Discontinued")),
        ],
    )

    if TYPE_CHECKING:
        supplier_id: UUID
        category_id: UUID | None
        review_note: str
        listed_until: datetime | None

        def attribute_faults(self) -> Iterable[Fault]: ...

        def needs_review(self) -> bool: ...

    class Meta:
        abstract = True

    @step(
        "draft",
        "pending_review",
        by=supplying,
        label=_("Submit for review"),
        requires=[categorised, attributes_complete],
    )
    def submit(self, *, actor: Actor) -> None:
        self.review_note = ""

    @step(
        "draft",
        "listed",
        by=supplying,
        label=_("List without review"),
        requires=[categorised, attributes_complete, review_not_needed],
    )
    def publish(self, *, actor: Actor) -> None: ...

    @step(
        "pending_review",
        "draft",
        by=catalogue_reviewer & ~related,
        label=_("Send back"),
        tells={"supplier_id": ("sales",)},
    )
    def send_back(self, *, actor: Actor, reason: str) -> None:
        self.review_note = reason

    @step(
        "pending_review",
        "listed",
        by=catalogue_reviewer & ~related & ~editor,
        label=_("Approve for listing"),
        requires=[attributes_complete],
        approves=True,
    )
    def approve(self, *, actor: Actor) -> None: ...

    @step("listed", "delisted", by=supplying | catalogue_reviewer | clock, label=_("Delist"))
    def delist(self, *, actor: Actor, reason: str = "") -> None:
        self.review_note = reason

    @step(
        "delisted",
        ("listed", "pending_review"),
        by=supplying,
        label=_("Relist"),
        requires=[categorised, attributes_complete],
    )
    def relist(self, *, actor: Actor) -> str:
        self.listed_until = None
        return "pending_review" if self.needs_review() else "listed"

    @step(["listed", "delisted"], "discontinued", by=supplying, label=_("Discontinue"))
    def discontinue(self, *, actor: Actor) -> None: ...

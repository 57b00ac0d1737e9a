"""A price list: draft ──publish──▶ published ──withdraw──▶ withdrawn.

Prices of a published list stay as they are: a change of prices is the next list, so that every
price ever in force can be found again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault
from b2b.policy import Actor
from b2b.workflow import Document, StateField, step
from suppliers.policy import supplying


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


class Pricing(Document):
    """The state, and the steps."""

    state = StateField(
        _("state"),
        default="draft",
        choices=[("draft", _("Draft")), ("published", _("Published")), ("withdrawn", _("Withdrawn"))],
    )

    if TYPE_CHECKING:
        supplier_id: UUID

        def has_prices(self) -> bool: ...

        def overlapping(self) -> str | None: ...

    class Meta:
        abstract = True

    @step("draft", "published", by=supplying, label=_("Publish"), requires=[priced, overlaps_no_other])
    def publish(self, *, actor: Actor) -> None: ...

    @step(["draft", "published"], "withdrawn", by=supplying, label=_("Withdraw"))
    def withdraw(self, *, actor: Actor, reason: str = "") -> None: ...

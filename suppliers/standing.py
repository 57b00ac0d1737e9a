"""Whether a supplier may be dealt with: by one buyer, in one category, on one day.

The most particular decision counts: the buyer's own before the platform's, a category's before one
for all categories, the nearer category before the wider. A block counts wherever it was made. A
qualification under its first review decides nothing; one under review again (an appeal, a lifted
block, a renewal) holds the supplier back until it is decided.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from suppliers.models import Category, Qualification
from suppliers.workflow.qualification import TRUSTED

UNQUALIFIED = "not_qualified"

REVIEWED = ("under_review", "info_requested")
DECISIVE = (*TRUSTED, "rejected", "expired", "suspended", "blocked")


@dataclass(frozen=True, slots=True)
class Standing:
    """What one supplier may do. ``state`` is that of the qualification that decides, or ``not_qualified``."""

    supplier_id: UUID
    state: str = UNQUALIFIED
    qualification_id: UUID | None = None
    qualification_number: str = ""

    @property
    def is_trusted(self) -> bool:
        return self.state in TRUSTED

    @property
    def may_be_invited(self) -> bool:
        return self.is_trusted

    @property
    def may_be_ordered_from(self) -> bool:
        return self.is_trusted

    @property
    def may_sign(self) -> bool:
        return self.is_trusted

    @property
    def reason(self) -> str:
        """Why the supplier is held back, in the reader's language; empty while it is trusted."""
        return "" if self.is_trusted else _reasons()[self.state] % {"number": self.qualification_number}


def standing(
    supplier_ids: Collection[UUID], *, buyer_id: UUID | None, category_id: UUID | None = None, on: date
) -> dict[UUID, Standing]:
    """The standing of each supplier asked for, in one query. ``buyer_id=None`` asks for the platform's own view."""
    deciding: dict[UUID, Qualification] = {}
    for row in _rows(supplier_ids, buyer_id, category_id):
        held = deciding.get(row.supplier_id)
        if held is None or _weight(row) > _weight(held):
            deciding[row.supplier_id] = row
    return {key: _standing(key, deciding.get(key), on) for key in supplier_ids}


def _rows(supplier_ids: Collection[UUID], buyer_id: UUID | None, category_id: UUID | None) -> list[Qualification]:
    decided = Q(state__in=DECISIVE) | Q(state__in=REVIEWED, decided_at__isnull=False)
    whose = Q(buyer=None) | Q(buyer_id=buyer_id)
    where = Q(category=None) | Q(category__in=Category.objects.over(category_id)) if category_id else Q(category=None)
    rows = Qualification.objects.filter(decided, whose, where, supplier_id__in=supplier_ids)
    return list(rows.select_related("category"))


def _weight(row: Qualification) -> tuple[bool, bool, int]:
    depth = row.category.depth if row.category else 0
    return row.state == "blocked", row.buyer_id is not None, depth


def _standing(supplier_id: UUID, row: Qualification | None, on: date) -> Standing:
    if row is None:
        return Standing(supplier_id)
    lapsed = row.state in TRUSTED and row.ended(on=on)
    return Standing(supplier_id, "expired" if lapsed else row.state, row.pk, row.number)


def _reasons() -> dict[str, str]:
    reviewed = gettext("The supplier's qualification %(number)s is under review again.")
    return {
        UNQUALIFIED: gettext("The supplier is not qualified."),
        "rejected": gettext("The supplier's qualification %(number)s was rejected."),
        "expired": gettext("The supplier's qualification %(number)s has expired."),
        "suspended": gettext("The supplier is suspended (%(number)s)."),
        "blocked": gettext("The supplier is blocked (%(number)s)."),
        "under_review": reviewed,
        "info_requested": reviewed,
    }

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

from django.db import connection
from django.utils.translation import gettext

from suppliers.workflow.qualification import TRUSTED

UNQUALIFIED = "not_qualified"

REVIEWED = ("under_review", "info_requested")
DECISIVE = (*TRUSTED, "rejected", "expired", "suspended", "blocked")

DECIDED = """
    SELECT own.supplier_id, own.id, own.number, own.state, own.buyer_id IS NOT NULL, own.valid_until,
      coalesce(category.depth, 0)
    FROM suppliers_qualification own LEFT JOIN suppliers_category category ON category.id = own.category_id
    WHERE own.supplier_id = ANY(%s::uuid[])
      AND (own.state = ANY(%s) OR own.state = ANY(%s) AND own.decided_at IS NOT NULL)
      AND (own.buyer_id IS NULL OR own.buyer_id = %s)
      AND (own.category_id IS NULL
        OR own.category_id IN (SELECT unnest(wanted.lineage) FROM suppliers_category wanted WHERE wanted.id = %s))
"""
"""Asked in nearly every step between two organisations, so it is written out."""


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


@dataclass(frozen=True, slots=True)
class _Decided:
    """What counts of a qualification that may decide."""

    supplier_id: UUID
    id: UUID
    number: str
    state: str
    by_buyer: bool
    valid_until: date | None
    depth: int
    """Of its category; nought for all categories."""

    @property
    def weight(self) -> tuple[bool, bool, int]:
        return self.state == "blocked", self.by_buyer, self.depth

    def standing(self, on: date) -> Standing:
        lapsed = self.state in TRUSTED and self.valid_until is not None and self.valid_until < on
        return Standing(self.supplier_id, "expired" if lapsed else self.state, self.id, self.number)


def standing(
    supplier_ids: Collection[UUID], *, buyer_id: UUID | None, category_id: UUID | None = None, on: date
) -> dict[UUID, Standing]:
    """The standing of each supplier asked for, in one query. ``buyer_id=None`` asks for the platform's own view."""
    deciding: dict[UUID, _Decided] = {}
    for row in _decided(supplier_ids, buyer_id, category_id):
        held = deciding.get(row.supplier_id)
        if held is None or row.weight > held.weight:
            deciding[row.supplier_id] = row
    return {key: deciding[key].standing(on) if key in deciding else Standing(key) for key in supplier_ids}


def _decided(supplier_ids: Collection[UUID], buyer_id: UUID | None, category_id: UUID | None) -> list[_Decided]:
    if not supplier_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(DECIDED, [list(supplier_ids), [*DECISIVE], [*REVIEWED], buyer_id, category_id])
        return [_Decided(*row) for row in cursor.fetchall()]


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

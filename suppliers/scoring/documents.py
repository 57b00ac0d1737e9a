"""The component that comes from papers, not from dealings: which of the required documents are valid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from uuid import UUID

from suppliers.models import Certificate, DocumentRequirement
from suppliers.models.score import Component
from suppliers.scoring.formula import Evidence

Whose = tuple[UUID, UUID | None]


def documents_held(whose: Collection[Whose], *, as_of: date) -> dict[Whose, dict[str, Evidence]]:
    """Per supplier and buyer: of the kinds required in all categories, how many are valid that day."""
    required = _required()
    held = _held({supplier for supplier, _ in whose}, as_of)
    found = {}
    for supplier, buyer in whose:
        kinds = required[None] | required.get(buyer, set())
        if kinds:
            valid = len(kinds & held[supplier])
            found[supplier, buyer] = {Component.DOCUMENTS.value: _evidence(len(kinds), valid)}
    return found


def _evidence(asked: int, valid: int) -> Evidence:
    return Evidence(asked, Decimal(asked), Decimal(valid))


def _required() -> dict[UUID | None, set[str]]:
    kinds: dict[UUID | None, set[str]] = defaultdict(set)
    asked = DocumentRequirement.objects.filter(category=None)
    for buyer_id, kind in asked.values_list("buyer_id", "kind"):
        kinds[buyer_id].add(kind)
    return kinds


def _held(suppliers: Collection[UUID], as_of: date) -> dict[UUID, set[str]]:
    held: dict[UUID, set[str]] = defaultdict(set)
    valid = Certificate.objects.filter(supplier_id__in=suppliers).valid(as_of)
    for supplier_id, kind in valid.values_list("supplier_id", "kind"):
        held[supplier_id].add(kind)
    return held

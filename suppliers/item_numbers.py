"""Item numbers like one that a catalogue does not have."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from rapidfuzz import fuzz, process

from suppliers.models import Product

SUGGESTED = 3
LIKE_ENOUGH = 75
MOST_COMPARED = 5_000
MOST_ASKED = 50
"""Rows of one upload; after that many strange item numbers it is another catalogue."""


class Numbers:
    """Of one supplier, for one upload."""

    def __init__(self, supplier_id: UUID) -> None:
        self.supplier_id, self.asked = supplier_id, 0
        self._beginning_with = lru_cache(maxsize=MOST_ASKED)(self._read)

    def like(self, number: str) -> tuple[str, ...]:
        """The likest first; nothing once too many were asked for."""
        self.asked += 1
        if self.asked > MOST_ASKED:
            return ()
        close = process.extract(
            number, self._beginning_with(number[:2]), scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH, limit=SUGGESTED
        )
        return tuple(sku for sku, *_ in close)

    def _read(self, beginning: str) -> list[str]:
        own = Product.objects.filter(supplier_id=self.supplier_id, sku__istartswith=beginning)
        return list(own.values_list("sku", flat=True)[:MOST_COMPARED])

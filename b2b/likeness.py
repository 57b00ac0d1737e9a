"""Which of many known spellings look like what somebody wrote."""

from __future__ import annotations

from collections.abc import Collection

from rapidfuzz import fuzz, process

MOST = 3
ALIKE = 75
"""Of a hundred: one slip in four letters, two in eight."""


def closest(text: str, known: Collection[str]) -> list[str]:
    """The most alike first; nothing where none is alike."""
    if len(text) < 2:  # noqa: PLR2004 — everything is like a single letter
        return []
    found = process.extract(text, list(known), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=MOST)
    return [spelling for spelling, _, _ in found]

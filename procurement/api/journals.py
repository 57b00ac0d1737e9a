"""What the other side may know of a document's life."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from b2b.policy import Actor


def from_disclosure(entries: Any, steps: Collection[str], *, buyer_id: Any, actor: Actor) -> Any:
    """For others than the buying side only what happened since the first of ``steps``, which showed it to them."""
    if actor.platform or actor.organisation_id == buyer_id:
        return entries
    first = entries.filter(step__in=steps).order_by("sequence").values("sequence")[:1]
    return entries.filter(sequence__gte=first)

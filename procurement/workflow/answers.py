"""How many quotations came in: the app that keeps quotations tells, since this one must not ask it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Counter = Callable[[Collection[UUID]], Mapping[UUID, int]]
"""Keys of RFQs to the number of quotations submitted for each; an RFQ without any may be left out."""

_counters: list[Counter] = []


def count_with(counter: Counter) -> None:
    """Register who counts; called once from ``AppConfig.ready``. Without it no RFQ fails for want of quotations."""
    if counter not in _counters:
        _counters.append(counter)


def submitted(rfq_ids: Collection[UUID]) -> dict[UUID, int] | None:
    """The number of submitted quotations for each RFQ, or ``None`` when nobody counts them."""
    if not _counters:
        return None
    counted = [counter(rfq_ids) for counter in _counters]
    return {rfq_id: sum(count.get(rfq_id, 0) for count in counted) for rfq_id in rfq_ids}

"""Who audits: the platform's control staff everything, a buying organisation's its own."""

from __future__ import annotations

from b2b import policy
from b2b.policy import Actor

inspector = policy.compliance | policy.auditor


def sees_everything(actor: Actor) -> bool:
    """The platform's control staff."""
    return actor.platform and inspector(actor, None)

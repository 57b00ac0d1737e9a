"""Who may do what with quotations, openings and awards."""

from __future__ import annotations

from b2b.policy import (
    Actor,
    Rule,
    buyer,
    buying_manager,
    clock,
    controller,
    owner,
    sales,
    second_factor,
    seller,
)
from b2b.workflow.duties import editor

OVERSEEING_ROLES = frozenset({"compliance", "auditor"})

bidding = sales & seller
buying = buyer & owner
controlling = controller
unsealing = (buying | controller) & second_factor
"""Whose consent an opening needs; both count as one person each."""
approving = buying_manager & owner & ~editor
"""Nobody approves what they proposed."""
overruling = (buying_manager & owner) | controller
endorsing = controller & ~editor
judging = controller
waiting = clock


def oversees(actor: Actor) -> bool:
    """The platform's compliance staff and auditors see every document, and no sealed value."""
    return actor.platform and bool(actor.roles & OVERSEEING_ROLES)


__all__ = [
    "Rule",
    "approving",
    "bidding",
    "buying",
    "controlling",
    "endorsing",
    "judging",
    "overruling",
    "oversees",
    "unsealing",
    "waiting",
]

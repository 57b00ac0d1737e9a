"""Who may do what with contracts and the library they are made from."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from b2b.policy import (
    Actor,
    Rule,
    buyer,
    buying_manager,
    clock,
    compliance,
    controller,
    finance,
    owner,
    sales,
    second_factor,
    seller,
    signatory,
)
from b2b.workflow.duties import editor

OVERSEEING_ROLES = frozenset({"compliance", "auditor"})
REVIEWERS = ("compliance", "buying_manager")
"""The two roles, held by two people, whose word a contract and its early end need."""


def _keeps(actor: Actor, document: Any) -> bool:
    """The platform keeps the library for all; a buyer keeps its own."""
    if document.buyer_id is None:
        return actor.platform
    return bool(actor.organisation_id == document.buyer_id)


keeper = Rule(_("of the organisation that keeps the library"), _keeps)
writing = (buyer | buying_manager | compliance) & keeper
"""Who words clauses and composes templates."""
releasing = (buying_manager | compliance) & keeper & ~editor
"""Who puts a wording in force: never who wrote it."""

drafting = buyer & owner
reviewing = controller | (buying_manager & owner)
approving = reviewing & ~editor
"""Nobody approves a contract they wrote."""
signing = signatory & (owner | seller) & second_factor
reopening = (buyer & owner) | ((signatory | sales) & seller)
refusing = signatory & (owner | seller)
judging = controller
ending = reviewing
closing = finance & owner
ordering = buyer & owner
waiting = clock


def oversees(actor: Actor) -> bool:
    """The platform's compliance staff and auditors see every contract."""
    return actor.platform and bool(actor.roles & OVERSEEING_ROLES)

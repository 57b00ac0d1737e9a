"""Who may do what in procurement, in the words of the buying and the supplying side."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from b2b.errors import NotAllowed
from b2b.policy import (
    Actor,
    Rule,
    admin,
    buyer,
    buying_manager,
    clock,
    controller,
    finance,
    owner,
    receiver,
    requester,
    sales,
    second_factor,
    seller,
)
from b2b.workflow.duties import editor

OVERSEEING_ROLES = frozenset({"compliance", "auditor"})

asking = (requester | buyer) & owner
"""Whoever may need something, and write down what."""
buying = buyer & owner
managing = buying_manager & owner
approving = managing & ~editor
"""Nobody approves what they wrote, or edited since the last approval."""
receiving = receiver & owner
accounting = finance & owner
clearing = accounting & ~editor
cosigning = (buying_manager | finance) & owner & ~editor
"""The approvers of an order; which of them are needed follows from the amount."""
paying = accounting & second_factor
selling = sales & seller
author = Rule(
    _("of the organisation that wrote it"),
    lambda actor, document: actor.organisation_id is not None and actor.organisation_id == document.author_id,
)
billing = (selling | accounting) & author
"""An invoice is sent by its supplier, or typed from paper by the buyer's finance; the other side leaves it as it is."""
settling = (buyer | finance) & owner & ~editor
steering = admin & owner
overruling = managing | controller
judging = controller
waiting = clock


def organisation_of(actor: Actor) -> UUID:
    """Whom the actor acts for. Raises ``NotAllowed`` where that is nobody."""
    if actor.organisation_id is None:
        raise NotAllowed
    return actor.organisation_id


def oversees(actor: Actor) -> bool:
    """The platform's compliance staff and auditors see every document, and no sealed value."""
    return actor.platform and bool(actor.roles & OVERSEEING_ROLES)

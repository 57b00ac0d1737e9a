"""Who still has to approve an order: one person for each role its amount asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext

from b2b.errors import NotAllowed
from b2b.models import Role
from b2b.money import Money
from b2b.policy import Actor
from b2b.rows import insert

if TYPE_CHECKING:
    from uuid import UUID

    from procurement.models import PurchaseOrder


def sign(order: PurchaseOrder, *, actor: Actor) -> list[str]:
    """Record the actor's approval; the roles still missing. Raises ``NotAllowed`` when it adds nothing."""
    given = dict(order.approvals.filter(round=order.approval_round).values_list("role", "user_id"))
    missing = [role for role in roles_needed(order) if role not in given]
    if actor.user_id in given.values():
        raise NotAllowed(gettext("You have approved already; another person has to."))
    mine = next((role for role in missing if role in actor.roles), None)
    if mine is None:
        named = ", ".join(str(Role(role).label) for role in missing)
        raise NotAllowed(gettext("The approval still needed is by: %(roles)s.") % {"roles": named})
    user_id = cast("UUID", actor.user_id)
    insert([order.approvals.model(order=order, round=order.approval_round, role=mine, user_id=user_id)])
    return [role for role in missing if role != mine]


def roles_needed(order: PurchaseOrder) -> list[str]:
    """A buying manager always; finance as well from the policy's second limit."""
    policy = order.policy
    if policy.reached(policy.order_second_limit, Money(order.total, order.currency)):
        return [Role.BUYING_MANAGER.value, Role.FINANCE.value]
    return [Role.BUYING_MANAGER.value]

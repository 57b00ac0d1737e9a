"""The two words a contract needs, and its early end: compliance's and a buying manager's, by two people."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import NotAllowed
from b2b.models import Role
from b2b.policy import Actor, Rule
from contracts.policy import REVIEWERS

if TYPE_CHECKING:
    from contracts.models import Contract


class Purpose(models.TextChoices):
    APPROVAL = "approval", _("Approval")
    TERMINATION = "termination", _("Termination")


def give(contract: Contract, purpose: str, *, number: int, actor: Actor) -> list[str]:
    """Record the actor's word in this round; the roles still missing. Raises ``NotAllowed`` when it adds nothing."""
    given = dict(contract.consents.filter(purpose=purpose, number=number).values_list("role", "user_id"))
    missing = [role for role in REVIEWERS if role not in given]
    if actor.user_id in given.values():
        raise NotAllowed(gettext("You have given your word already; another person has to."))
    mine = next((role for role in missing if role in _roles_for(contract, actor)), None)
    if mine is None:
        named = ", ".join(str(Role(role).label) for role in missing)
        raise NotAllowed(gettext("The word still needed is that of: %(roles)s.") % {"roles": named})
    contract.consents.create(purpose=purpose, number=number, role=mine, user_id=person(actor))
    return [role for role in missing if role != mine]


def person(actor: Actor) -> UUID:
    """Who gives a word or signs is somebody, never the clock. Raises ``NotAllowed``."""
    if actor.user_id is None:
        raise NotAllowed
    return actor.user_id


def _roles_for(contract: Contract, actor: Actor) -> set[str]:
    """The platform's staff speak for compliance only: it is the buyer's managers who buy."""
    if actor.organisation_id == contract.buyer_id:
        return set(actor.roles)
    return set(actor.roles) & {"compliance"}


proposer = Rule(
    _("who proposed it"),
    lambda actor, contract: actor.user_id is not None and actor.user_id == contract.termination_proposed_by_id,
)

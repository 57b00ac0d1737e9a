"""Who may, as far as suppliers and their catalogues go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from b2b.errors import NotAllowed
from b2b.models import Membership
from b2b.policy import Actor, Rule, admin, compliance, controller, finance, platform, sales, seller


def acting_organisation(actor: Actor) -> UUID:
    """The organisation acted for. Raises ``NotAllowed`` where there is none."""
    if actor.organisation_id is None:
        raise NotAllowed
    return actor.organisation_id


supplying = sales & seller
"""The supplier's own sales staff."""

profile_keeper = (sales | admin) & seller
"""Who keeps an organisation's public profile; an administrator may, as it is a setting of the organisation."""

bank_maker = (finance | admin) & seller
"""Who may put bank details forward."""

bank_checker = (finance & seller) | (compliance & platform)
"""Who may confirm bank details put forward by somebody else."""

catalogue_reviewer = compliance & platform
"""Who reviews what suppliers want to list."""


def _related(actor: Actor, document: Any) -> bool:
    if actor.organisation_id == document.supplier_id:
        return True
    memberships = Membership.objects.filter(organisation_id=document.supplier_id, active=True)
    return actor.user_id is not None and memberships.filter(user_id=actor.user_id).exists()


related = Rule(_("a member of the supplier"), _related)

reviewer = controller & ~related
"""Control staff who do not belong to the supplier they judge, not even with a second membership."""


def _proposed_block(actor: Actor, qualification: Any) -> bool:
    return actor.user_id is not None and actor.user_id == qualification.block_proposed_by_id


block_proposer = Rule(_("who proposed the block"), _proposed_block)

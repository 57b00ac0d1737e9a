"""Who may do what with credit. The supplier is the creditor: its finance grants, the buyer asks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, Rule, compliance, finance, owner, platform, seller

applicant = finance & owner
creditor_finance = finance & seller
platform_compliance = compliance & platform

first_reviewer = Rule(
    _("the first reviewer"),
    lambda actor, account: actor.user_id is not None and actor.user_id == account.reviewed_by_id,
)


def sees_everything(actor: Actor) -> bool:
    """The platform's control staff."""
    return actor.platform and bool(actor.roles & {"compliance", "auditor"})

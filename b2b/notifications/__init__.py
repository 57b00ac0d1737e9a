"""Telling members what they should know: in the application at once, by mail through the outbox.

A kind is declared once, with its words as templates for ``gettext``; a notification keeps only the
facts, so each reader finds it in their own language and in today's wording.

    kind("procurement.rfq_invitation", title=_("%(buyer)s invites you to quote for %(number)s"))
    notify(members_with_role(supplier_id, ["sales"]), "procurement.rfq_invitation", rfq, buyer=buyer.name)

Every step of a document is a kind by itself (``<app>.<model>.<step>``) with words made from the
labels of the document, the step and the state; declaring the kind gives it better ones.
"""

from b2b.notifications.kinds import Kind, kind, kind_of, known_kinds
from b2b.notifications.telling import (
    members_with_role,
    members_with_role_by_organisation,
    notify,
    notify_of_step,
)
from b2b.notifications.wording import Words, words

__all__ = [
    "Kind",
    "Words",
    "kind",
    "kind_of",
    "known_kinds",
    "members_with_role",
    "members_with_role_by_organisation",
    "notify",
    "notify_of_step",
    "words",
]

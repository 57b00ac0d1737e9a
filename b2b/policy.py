"""Who may: named rules over (actor, document) that combine with ``&``, ``|`` and ``~``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from b2b.errors import NotAllowed


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting for one organisation during one request, or the clock acting for nobody."""

    user_id: UUID | None = None
    organisation_id: UUID | None = None
    roles: frozenset[str] = frozenset()
    platform: bool = False
    second_factor: bool = False
    request_id: str = ""
    scopes: frozenset[str] | None = field(default=None)
    """What an API token may touch; ``None`` for a signed-in person, who may all that the roles allow."""

    @property
    def acts_for(self) -> UUID:
        """The organisation acted for; raises ``NotAllowed`` for an actor of none, such as the clock."""
        if self.organisation_id is None:
            raise NotAllowed(gettext("Choose the organisation you act for."))
        return self.organisation_id

    def __str__(self) -> str:
        return "clock" if self.user_id is None else str(self.user_id)


CLOCK = Actor(roles=frozenset({"clock"}))
"""The actor behind steps that time takes, such as closing an RFQ at its deadline."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named yes/no question; the name is what refusals and the who-may tables show."""

    name: str | Promise
    ask: Callable[[Actor, Any], bool]

    def __call__(self, actor: Actor, document: Any) -> bool:
        return self.ask(actor, document)

    def __and__(self, other: Rule) -> Rule:
        return Rule(format_lazy(_("{0} and {1}"), self.name, other.name), lambda a, d: self(a, d) and other(a, d))

    def __or__(self, other: Rule) -> Rule:
        return Rule(format_lazy(_("({0} or {1})"), self.name, other.name), lambda a, d: self(a, d) or other(a, d))

    def __invert__(self) -> Rule:
        return Rule(format_lazy(_("not {0}"), self.name), lambda a, d: not self(a, d))


def role(code: str, name: str | Promise) -> Rule:
    """The actor holds this role in the organisation acted for."""
    return Rule(name, lambda actor, document: code in actor.roles)


requester = role("requester", _("requester"))
buyer = role("buyer", pgettext_lazy("role", "buyer"))
buying_manager = role("buying_manager", _("buying manager"))
receiver = role("receiver", _("receiver"))
finance = role("finance", _("finance"))
sales = role("sales", _("sales"))
signatory = role("signatory", _("signatory"))
compliance = role("compliance", _("compliance"))
auditor = role("auditor", _("auditor"))
admin = role("admin", _("administrator"))
clock = role("clock", _("the clock"))

platform = Rule(_("of the platform's staff"), lambda actor, document: actor.platform)
owner = Rule(
    _("of the buying organisation"),
    lambda actor, document: actor.organisation_id is not None and actor.organisation_id == document.buyer_id,
)
seller = Rule(
    _("of the supplying organisation"),
    lambda actor, document: actor.organisation_id is not None and actor.organisation_id == document.supplier_id,
)
controller = compliance & (owner | platform)
"""Control staff: the platform's own, or the buying organisation's."""

second_factor = Rule(_("signed in with a second factor"), lambda actor, document: actor.second_factor)

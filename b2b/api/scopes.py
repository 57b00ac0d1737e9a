"""What a token may touch: ``<app>:read`` or ``<app>:write``, by the app a view belongs to."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from rest_framework.permissions import SAFE_METHODS

from b2b.api.refusals import ScopeMissing
from b2b.own_apps import own_apps
from b2b.policy import Actor


@cache
def every_scope() -> tuple[str, ...]:
    labels = sorted(config.label for config in own_apps())
    return tuple(f"{label}:{access}" for label in labels for access in ("read", "write"))


def require_scope(actor: Actor, view: Any, method: str) -> None:
    """Raise ``ScopeMissing`` unless the token's scopes cover the method; ``write`` includes ``read``."""
    if actor.scopes is None:
        return
    config = apps.get_containing_app_config(type(view).__module__)
    sufficient = [f"{config.label}:write"] if config else []
    if config and method in SAFE_METHODS:
        sufficient.insert(0, f"{config.label}:read")
    if actor.scopes.isdisjoint(sufficient):
        raise ScopeMissing(gettext("It needs the scope %(scope)s.") % {"scope": sufficient[0] if sufficient else "–"})

"""Who may bring tables."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import NotAllowed
from b2b.policy import Actor, Rule
from b2b.uploads.format import Format
from b2b.uploads.formats import format_of, formats


def _may_bring(actor: Actor, upload: Any) -> bool:
    if actor.organisation_id is None or actor.organisation_id != upload.organisation_id:
        return False
    declared = format_of(upload.format)
    return declared.by(actor, upload) and _covers(actor, declared, "write")


def require_scope(declared: Format, actor: Actor, access: str) -> None:
    """A token's scopes must cover what the table is about, not uploads alone. Raises ``NotAllowed``."""
    if not _covers(actor, declared, *dict.fromkeys((access, "write"))):
        raise NotAllowed(gettext("It needs the scope %(scope)s.") % {"scope": f"{_app_of(declared)}:{access}"})


def readable_formats(actor: Actor) -> list[str] | None:
    """The codes of the formats a token may read the tables of; ``None`` for a person, who may read all."""
    if actor.scopes is None:
        return None
    return [code for code, declared in formats().items() if _covers(actor, declared, "read", "write")]


def _covers(actor: Actor, declared: Format, *accesses: str) -> bool:
    if actor.scopes is None:
        return True
    return not actor.scopes.isdisjoint({f"{_app_of(declared)}:{access}" for access in accesses})


def _app_of(declared: Format) -> str:
    if declared.scope:
        return declared.scope
    config = apps.get_containing_app_config(type(declared).__module__)
    return config.label if config else ""


uploader = Rule(_("who may keep what this kind of table holds"), _may_bring)
"""The role a format asks for, in the organisation the upload was made for."""

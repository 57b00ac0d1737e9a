"""Who may bring tables."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, Rule
from b2b.uploads.formats import format_of


def _may_bring(actor: Actor, upload: Any) -> bool:
    if actor.organisation_id is None or actor.organisation_id != upload.organisation_id:
        return False
    return format_of(upload.format).by(actor, upload)


uploader = Rule(_("who may keep what this kind of table holds"), _may_bring)
"""The role a format asks for, in the organisation the upload was made for."""

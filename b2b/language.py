"""Which language a person reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from b2b.models import Organisation, User


def reading_language(user: User | None, organisation: Organisation | None = None) -> str:
    """The person's own choice, else the organisation's, else the installation's; for what no request asks for."""
    chosen = (user and user.language) or (organisation and organisation.language)
    return chosen or settings.LANGUAGE_CODE

"""Values that stand encrypted in the database: sealed prices, bank details, second-factor secrets.

Fernet (AES-128-CBC with HMAC-SHA256) under ``FIELD_KEYS``, newest first. To rotate, put a new key in
front: it seals from now on, and older keys open what they sealed for as long as they stand in the
list. Whoever reads the database or a backup without the keys reads nothing.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError

if TYPE_CHECKING:
    TextColumn = models.TextField[Any, Any]
else:
    TextColumn = models.TextField


class SealBroken(DomainError):
    """The token was changed, cut short, or sealed with a key that is no longer known."""

    code, title = "seal-broken", _("A sealed value cannot be opened: it was changed, or its key is gone.")


def seal(data: bytes | str) -> bytes:
    """A token that only ``unseal`` can read; two seals of the same value differ."""
    return _keyring().encrypt(data.encode() if isinstance(data, str) else data)


def unseal(token: bytes | memoryview | str) -> bytes:
    """What was sealed. Raises ``SealBroken`` for anything this installation did not seal."""
    try:
        return _keyring().decrypt(_plain(token))
    except InvalidToken:
        raise SealBroken from None


def unseal_text(token: bytes | memoryview | str) -> str:
    return unseal(token).decode()


def reseal(token: bytes | memoryview | str) -> bytes:
    """The same value under the newest key. Raises ``SealBroken``."""
    try:
        return _keyring().rotate(_plain(token))
    except InvalidToken:
        raise SealBroken from None


def _plain(token: bytes | memoryview | str) -> bytes:
    """PostgreSQL hands binary columns over as memory views."""
    return token.encode() if isinstance(token, str) else bytes(token)


def _keyring() -> MultiFernet:
    return _fernets(tuple(settings.FIELD_KEYS) or (_development_key(settings.SECRET_KEY),))


@lru_cache(maxsize=8)
def _fernets(keys: Sequence[str]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _development_key(secret: str) -> str:
    """Without ``DEBUG`` the settings guard insists on real ``FIELD_KEYS``."""
    digest = hashlib.sha256(b"hanse.sealing.development:" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


class SealedTextField(TextColumn):
    """Text that is plain in Python and a token in the database. It cannot be searched or ordered by."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal_text(value)

    def get_prep_value(self, value: Any) -> str | None:
        text = super().get_prep_value(value)
        return None if text is None else seal(text).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: it cannot be compared in the database.")
        return super().get_lookup(lookup_name)

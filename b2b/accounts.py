"""Where the account library asks us how we do things."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter

from b2b.sealing import seal, unseal_text


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """Whoever reads the database without the keys cannot make one-time codes."""

    def encrypt(self, text: str) -> str:
        return seal(text).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal_text(encrypted_text)

"""Refuse to start with a setting that would hurt somebody: one sentence for all that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import ImproperlyConfigured

SHORTEST_SECRET = 32


def refuse_unsafe(
    *,
    debug: bool,
    secret_key: str,
    allowed_hosts: Sequence[str],
    journal_signing_key: str,
    field_keys: Sequence[str],
) -> None:
    """Raise ``ImproperlyConfigured`` naming every unsafe setting; with ``DEBUG`` all are let through."""
    if debug:
        return
    wrong = list(_unsafe(secret_key, allowed_hosts, journal_signing_key, field_keys))
    if wrong:
        raise ImproperlyConfigured("Hanse does not start: " + " ".join(wrong))


def _unsafe(
    secret_key: str, allowed_hosts: Sequence[str], journal_signing_key: str, field_keys: Sequence[str]
) -> Iterator[str]:
    if len(secret_key) < SHORTEST_SECRET:
        yield f"SECRET_KEY needs at least {SHORTEST_SECRET} random characters."
    if not allowed_hosts or "*" in allowed_hosts:
        yield "ALLOWED_HOSTS must name the hosts this installation answers for."
    if not journal_signing_key:
        yield "JOURNAL_SIGNING_KEY must be the base64 of 32 random bytes."
    if not field_keys:
        yield "FIELD_KEYS must hold at least one Fernet key."

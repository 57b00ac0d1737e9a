"""Contents in the storage, each once, under the SHA-256 of its bytes."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError

log = logging.getLogger(__name__)


class ContentDamaged(DomainError):
    """The storage lost or changed a content; a backup has to bring it back."""

    code, title = "content-damaged", _("The stored file is missing or damaged.")


def keep(file: File[bytes]) -> str:
    """Write the content unless it is there already; return its SHA-256 in hex.

    Runs inside a transaction: the lock on the hash lasts until it ends, so that a half-written
    content of a writer that died is only ever seen by the one who replaces it.
    """
    sha256 = digest(file)
    _lock(sha256)
    path = path_of(sha256)
    if default_storage.exists(path):
        if default_storage.size(path) == file.size:
            return sha256
        default_storage.delete(path)
    file.seek(0)
    default_storage.save(path, file)
    return sha256


def open_verified(sha256: str) -> File[Any]:
    """The content, read once through and found unchanged. Raises ``ContentDamaged``."""
    try:
        content = default_storage.open(path_of(sha256))
    except FileNotFoundError:
        log.error("Content %s is missing from the storage.", sha256)  # noqa: TRY400 — the hash says it all
        raise ContentDamaged from None
    if digest(content) != sha256:
        content.close()
        log.error("Content %s is damaged in the storage.", sha256)
        raise ContentDamaged
    content.seek(0)
    return content


def digest(file: File[Any]) -> str:
    """SHA-256 in hex of the whole file."""
    running = hashlib.sha256()
    for chunk in file.chunks():
        running.update(chunk)
    return running.hexdigest()


def path_of(sha256: str) -> str:
    """Two levels of folders keep each one small."""
    return f"contents/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _lock(sha256: str) -> None:
    """One writer per content until the transaction ends."""
    key = int.from_bytes(bytes.fromhex(sha256[:16]), signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])

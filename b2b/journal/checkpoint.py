"""Signed statements of what the journal held, so that no later rewriting can be consistent."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from b2b.models.journal import JournalCheckpoint
from b2b.together import write_down

JOURNAL_LOCK = 0x6A6F75726E616C
"""Advisory lock: every writer of the journal shares it, a checkpoint holds it alone (see the trigger)."""
WAIT_SECONDS = 2

COVERED = """
    SELECT count(*), min(id), max(id),
           sha256(coalesce(string_agg(hash, ''::bytea ORDER BY id), ''::bytea)),
           coalesce(string_agg(int8send(id) || substring(hash FROM 1 FOR 8), ''::bytea ORDER BY id), ''::bytea)
    FROM b2b_journalentry WHERE id > %s
"""


def signing_key() -> Ed25519PrivateKey:
    """The key of ``JOURNAL_SIGNING_KEY``; in development, one derived from ``SECRET_KEY``."""
    if settings.JOURNAL_SIGNING_KEY:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(settings.JOURNAL_SIGNING_KEY))
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(settings.SECRET_KEY.encode()).digest())


def verification_key() -> Ed25519PublicKey:
    return signing_key().public_key()


CLAIMS = ("number", "first_id", "last_id", "count", "digest", "leaves", "previous_signature", "signed_at")


def claims(checkpoint: JournalCheckpoint) -> dict[str, int | str]:
    """What a checkpoint says, in a form JSON carries unchanged."""
    return {
        "number": checkpoint.number,
        "first_id": checkpoint.first_id,
        "last_id": checkpoint.last_id,
        "count": checkpoint.count,
        "digest": bytes(checkpoint.digest).hex(),
        "leaves": hashlib.sha256(checkpoint.leaves).hexdigest(),
        "previous_signature": bytes(checkpoint.previous_signature).hex(),
        "signed_at": checkpoint.signed_at.isoformat(),
    }


def statement_of(claimed: Mapping[str, object]) -> bytes:
    """The bytes a signature over these claims covers."""
    return json.dumps({name: claimed[name] for name in CLAIMS}, sort_keys=True).encode()


def statement(checkpoint: JournalCheckpoint) -> bytes:
    """The bytes a checkpoint's signature covers."""
    return statement_of(claims(checkpoint))


def sign_checkpoint() -> JournalCheckpoint | None:
    """Sign all entries since the last checkpoint; ``None`` when there are none or a writer is too slow.

    The lock is taken alone, so no entry with a smaller number can appear afterwards.
    """
    write_down()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [JOURNAL_LOCK])
            return _sign_after(JournalCheckpoint.objects.order_by("number").last())
    except OperationalError:
        return None


def _sign_after(last: JournalCheckpoint | None) -> JournalCheckpoint | None:
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [last.last_id if last else 0])
        count, first_id, last_id, digest, leaves = cursor.fetchone()
    if not count:
        return None
    checkpoint = JournalCheckpoint(
        number=last.number + 1 if last else 1,
        first_id=first_id,
        last_id=last_id,
        count=count,
        digest=bytes(digest),
        leaves=bytes(leaves),
        previous_signature=bytes(last.signature) if last else b"",
        signed_at=timezone.now(),
    )
    checkpoint.signature = signing_key().sign(statement(checkpoint))
    checkpoint.save(force_insert=True)
    return checkpoint

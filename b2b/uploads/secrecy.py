"""What uploads of sealed formats keep: encrypted in the database and in the storage from the first moment on.

Prices that are sealed until bids are opened come in as tables, too. Their file, the first rows shown to confirm the
columns by, and every row of the review are tokens of ``b2b.sealing``; who reads the database, a backup or the
storage reads nothing. In Python they are plain, for those ``visible_to`` lets through.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from django.core.files import File
from django.db import models

from b2b import contents
from b2b.sealing import seal, unseal
from b2b.sentences import kept, revived

TOKEN = "sealed"  # noqa: S105 — the name of the only member, no secret


class Secret(dict[str, Any]):
    """JSON that is sealed whenever it is written."""


class SealableJSONField(models.JSONField):
    """JSON that may stand sealed. What was read from a token is sealed again when it is saved."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        found = super().from_db_value(value, expression, connection)
        if not (isinstance(found, dict) and len(found) == 1 and TOKEN in found):
            return found
        plain = json.loads(unseal(found[TOKEN]), cls=self.decoder)
        return Secret(plain) if isinstance(plain, dict) else plain

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        if isinstance(value, Secret):
            value = json.loads(sealed_json(json.dumps(value, ensure_ascii=False, cls=self.encoder)))
        return super().get_db_prep_value(value, connection, prepared)

    def deconstruct(self) -> Any:
        """To the database it is JSON like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


def sealed_json(text: str) -> str:
    """A JSON text as the JSON text of its token."""
    return json.dumps({TOKEN: seal(text).decode()})


def keep_sealed(file: File[bytes]) -> str:
    """Keep a content so that only ``open_sealed`` reads it; answers the SHA-256 of the token, which tells nothing."""
    file.seek(0)
    return contents.keep(File(BytesIO(seal(file.read())), name=file.name))


def open_sealed(sha256: str) -> bytes:
    """Raises ``ContentDamaged`` or ``SealBroken``."""
    with contents.open_verified(sha256) as token:
        return unseal(token.read())


class SentencesField(SealableJSONField):
    """JSON with sentences in it, which are read in the reader's language and kept as what they say."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return revived(super().from_db_value(value, expression, connection))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        return super().get_db_prep_value(kept(value), connection, prepared)

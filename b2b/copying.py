"""Many rows into a table by COPY: the fastest way in, past the ORM but not past triggers and constraints."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection

from b2b.models.encoding import JournalEncoder

COPIED_AT_ONCE = 5_000
"""Rows held as text at one time."""

ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows of values in the order of the columns; both names are ours, never a user's.

    Dictionaries and lists go as JSON, ``None`` as NULL, the rest as its text.
    """
    remaining = iter(rows)
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    while some := list(islice(remaining, COPIED_AT_ONCE)):
        text = StringIO("".join("\t".join(map(_written, row)) + "\n" for row in some))
        with connection.cursor() as cursor:
            cursor.copy_expert(statement, text)


def _written(value: Any) -> str:
    if value is None:
        return "\\N"
    said = json.dumps(value, cls=JournalEncoder) if isinstance(value, dict | list) else str(value)
    return said.translate(ESCAPED)

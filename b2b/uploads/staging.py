"""Reviewed rows on their way into the table of rows: by COPY, a chunk at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from io import StringIO
from typing import Any
from uuid import UUID

from django.db import connection

from b2b.copying import ESCAPED
from b2b.sheets.faults import CellFault, Conversion
from b2b.uploads.cells import dumped
from b2b.uploads.format import Candidate
from b2b.uploads.secrecy import sealed_json

COLUMNS = (
    "upload_id", "number", "key", "outcome", "cells", "before", "after", "faults", "conversions", "remark",
    "document_id", "bumps",
)  # fmt: skip
_COPY = f"COPY uploads_uploadrow ({', '.join(COLUMNS)}) FROM STDIN"
_NULL = "\\N"
MANY_ROWS = 1_000
"""From so many rows of an upload on the planner is told of them."""
LONGEST_KEY = 300
LONGEST_REMARK = 200


def tell_planner() -> None:
    """Have PostgreSQL count the rows anew: of thousands it never heard of it would compare each with each."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE uploads_uploadrow")


def stage(upload_id: UUID, rows: Iterable[Candidate], *, sealed: bool = False) -> None:
    """Keep reviewed rows; inside the caller's transaction. ``sealed`` rows tell nothing but key and outcome."""
    text = "".join(_lines(str(upload_id), rows, sealed_json if sealed else str))
    with connection.cursor() as cursor:
        cursor.copy_expert(_COPY, StringIO(text))


def _lines(upload_id: str, rows: Iterable[Candidate], kept: Callable[[str], str]) -> Iterator[str]:
    for row in rows:
        yield "\t".join(
            (
                upload_id,
                str(row.number),
                row.key[:LONGEST_KEY].translate(ESCAPED),
                row.outcome,
                kept(dumped(row.cells)).replace("\\", "\\\\"),
                _json(row.before, kept),
                _json(row.after, kept),
                _json([fault_said(fault) for fault in row.faults], kept) if row.faults else _NULL,
                _json([conversion_said(one) for one in row.conversions], kept) if row.conversions else _NULL,
                row.remark[:LONGEST_REMARK].translate(ESCAPED),
                str(row.document_id) if row.document_id else _NULL,
                "0\n",
            )
        )


def _json(value: Any, kept: Callable[[str], str]) -> str:
    return _NULL if value is None else kept(json.dumps(value, ensure_ascii=False)).replace("\\", "\\\\")


def fault_said(fault: CellFault) -> dict[str, Any]:
    """A fault as a row keeps it."""
    said = asdict(fault)
    return {name: said[name] for name in ("column", "code", "detail", "heading", "value", "suggestions")}


def conversion_said(one: Conversion) -> dict[str, Any]:
    return {"column": one.column, "heading": one.heading, "shown": one.shown, "taken": one.taken}

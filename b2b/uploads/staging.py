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
from b2b.sentences import kept as kept_sentence
from b2b.sheets.faults import CellFault, Conversion
from b2b.sheets.parser import Parser
from b2b.uploads import conversions
from b2b.uploads.cells import dumped
from b2b.uploads.format import Candidate
from b2b.uploads.secrecy import sealed_json

COLUMNS = (
    "upload_id", "number", "key", "outcome", "cells", "before", "after", "faults", "conversions", "remark",
    "document_id", "bumps",
)  # fmt: skip
_COPY = f"COPY uploads_uploadrow ({', '.join(COLUMNS)}) FROM STDIN"
_NULL = "\\N"
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
MANY_ROWS = 1_000
"""From so many rows of an upload on the planner is told of them."""
LONGEST_KEY = 300
LONGEST_REMARK = 200


def tell_planner() -> None:
    """Have PostgreSQL count the rows anew: of thousands it never heard of it would compare each with each.

    Only the columns rows are looked up by: to sort the cells of all rows takes longer than to read them.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE uploads_uploadrow (upload_id, number, key, outcome, document_id)")


def stage(upload_id: UUID, rows: Iterable[Candidate], *, sealed: bool = False) -> None:
    """Keep reviewed rows; inside the caller's transaction. ``sealed`` rows tell nothing but key and outcome."""
    converted: list[tuple[int, list[dict[str, Any]]]] = []
    text = "".join(_lines(str(upload_id), rows, sealed_json if sealed else str, converted))
    with connection.cursor() as cursor:
        cursor.copy_expert(_COPY, StringIO(text))
    if converted and not sealed:
        conversions.add(upload_id, converted)


def _lines(
    upload_id: str,
    rows: Iterable[Candidate],
    kept: Callable[[str], str],
    converted: list[tuple[int, list[dict[str, Any]]]],
) -> Iterator[str]:
    """Rows as COPY takes them; what was converted in them goes to ``converted``."""
    parsers: dict[int, Parser[Any] | None] = {}
    for row in rows:
        said = []
        for one in row.conversions:
            if one.column not in parsers:
                parsers[one.column] = row.parser_at(one.column)
            said.append(conversion_said(one, parsers[one.column]))
        if said:
            converted.append((row.number, said))
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
                _json(said, kept) if said else _NULL,
                row.remark[:LONGEST_REMARK].translate(ESCAPED),
                str(row.document_id) if row.document_id else _NULL,
                "0\n",
            )
        )


def _json(value: Any, kept: Callable[[str], str]) -> str:
    return _NULL if value is None else kept(_encoded(value)).replace("\\", "\\\\")


def fault_said(fault: CellFault) -> dict[str, Any]:
    """A fault as a row keeps it; its sentence so that everybody may read it in their language."""
    said = asdict(fault) | {"detail": kept_sentence(fault.detail)}
    return {name: said[name] for name in ("column", "code", "detail", "heading", "value", "suggestions")}


def conversion_said(one: Conversion, parse: Parser[Any] | None) -> dict[str, Any]:
    """A conversion as a row keeps it; ``parse`` is what reads its column."""
    return {
        "column": one.column,
        "heading": one.heading,
        "shown": one.shown,
        "taken": kept_sentence(one.taken),
        "kind": conversions.kind_of(one, parse),
    }

"""The statements by which reviewed rows of a register come into force, and are taken back.

Every placeholder in braces is a name of ours: a table, columns of a model, ``before`` or ``after``. ``thing`` is a
row of the register, ``said`` the same row with one side of an uploaded row's JSON put over it.
"""

# ruff: noqa: S608 — nothing that comes from outside is put into the text; it travels as parameters

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of an upload behind ``over`` and up to ``upto``; of what is found among them, ``most`` are told."""

    upload_id: UUID
    over: int
    upto: int
    most: int = 1_000


_SPAN = "row.upload_id = %(upload)s AND row.number > %(over)s AND row.number <= %(upto)s"
_CHANGED = f"{_SPAN} AND row.outcome IN ('changed', 'missing')"
_ACTING = f"{_SPAN} AND row.outcome IN ('new', 'changed', 'missing')"
_NEW = f"{_SPAN} AND row.outcome = 'new'"

LOCK = f"""
    SELECT 1 FROM {{table}} thing JOIN uploads_uploadrow row ON row.document_id = thing.{{identity}}
    WHERE {_ACTING} ORDER BY thing.{{identity}} FOR UPDATE OF thing
"""
DRIFTED = f"""
    SELECT row.number, row.key
    FROM uploads_uploadrow row
    LEFT JOIN {{table}} thing ON thing.{{identity}} = row.document_id
    LEFT JOIN LATERAL jsonb_populate_record(thing, row.{{side}}) said ON thing.{{identity}} IS NOT NULL
    WHERE {_CHANGED} AND (
        thing.{{identity}} IS NULL AND NOT (%(deleted)s AND row.outcome = 'missing')
        OR ROW({{now}}) IS DISTINCT FROM ROW({{then}})
    )
    ORDER BY row.number LIMIT %(most)s
"""
INSERT = f"""
    INSERT INTO {{table}} ({{columns}})
    SELECT {{columns}} FROM (
        SELECT said.* FROM uploads_uploadrow row,
        LATERAL jsonb_populate_record(
            NULL::{{table}}, %(constants)s::jsonb || row.after || jsonb_build_object('{{identity}}', row.document_id)
        ) said
        WHERE {_NEW} ORDER BY row.number
    ) new
    ON CONFLICT DO NOTHING
"""
NOT_INSERTED = f"""
    SELECT row.number, row.key FROM uploads_uploadrow row
    WHERE {_NEW} AND NOT EXISTS (SELECT FROM {{table}} thing WHERE thing.{{identity}} = row.document_id)
    ORDER BY row.number LIMIT %(most)s
"""
UPDATE = f"""
    UPDATE {{table}} thing SET {{set}}
    FROM (
        SELECT said.* FROM uploads_uploadrow row
        JOIN {{table}} seen ON seen.{{identity}} = row.document_id,
        LATERAL jsonb_populate_record(seen, row.{{side}}) said
        WHERE {_CHANGED}
    ) said
    WHERE thing.{{identity}} = said.{{identity}}
"""
DELETE = f"""
    DELETE FROM {{table}} thing USING uploads_uploadrow row WHERE thing.{{identity}} = row.document_id AND {_NEW}
"""
# What later uploads did and took back again does not count: it is as if they had not been.
LIVED_ON = f"""
    SELECT row.number, row.key FROM uploads_uploadrow row JOIN {{table}} thing ON thing.{{identity}} = row.document_id
    WHERE {_NEW} AND thing.version > 1 + (
        SELECT coalesce(sum(other.bumps), 0) FROM uploads_uploadrow other
        WHERE other.document_id = row.document_id AND other.outcome IN ('new', 'changed', 'missing')
    ) + (
        SELECT coalesce(sum(kept.moves), 0) FROM uploads_versionmoves kept WHERE kept.document_id = row.document_id
    )
    ORDER BY row.number LIMIT %(most)s
"""
RESHAPED = f"""
    SELECT row.number, row.key
    FROM uploads_uploadrow row JOIN {{table}} thing ON thing.{{identity}} = row.document_id,
    LATERAL jsonb_populate_record(thing, row.after) said
    WHERE {_NEW} AND ROW({{now}}) IS DISTINCT FROM ROW({{then}})
    ORDER BY row.number LIMIT %(most)s
"""
REFERRED_TO = f"""
    SELECT row.number, row.key FROM uploads_uploadrow row
    WHERE {_NEW} AND EXISTS (SELECT FROM {{other}} other WHERE other.{{column}} = row.document_id)
    ORDER BY row.number LIMIT %(most)s
"""

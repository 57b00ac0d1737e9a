"""Variants among the rows of an uploaded catalogue: what they name may stand anywhere in the file."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

PENDING = "="
"""Begins what stands for an item of the same file whose key is not known yet: its item number follows."""

_RESOLVE = """
    UPDATE uploads_uploadrow child
    SET after = jsonb_set(child.after, '{variant_of_id}', to_jsonb(parent.document_id::text))
    FROM uploads_uploadrow parent
    WHERE child.upload_id = %(upload)s AND child.after ->> 'variant_of_id' LIKE '=%%'
        AND parent.upload_id = %(upload)s AND parent.key = substr(child.after ->> 'variant_of_id', 2)
        AND parent.outcome IN ('new', 'changed', 'unchanged')
"""
# What is so once the upload is applied: what a row says goes before what the catalogue says.
_WRONG = """
    SELECT * FROM (WITH child AS (
        SELECT number, document_id, after ->> 'variant_of_id' AS parent FROM uploads_uploadrow
        WHERE upload_id = %(upload)s AND after ->> 'variant_of_id' IS NOT NULL
    )
    SELECT child.number, CASE
        WHEN child.parent LIKE '=%%' THEN 'unknown-product'
        WHEN CASE WHEN own.after ? 'variant_of_id' THEN own.after ->> 'variant_of_id'
             ELSE product.variant_of_id::text END IS NOT NULL THEN 'variant-of-variant'
        WHEN EXISTS (
            SELECT FROM suppliers_product other WHERE other.variant_of_id = child.document_id AND NOT EXISTS (
                SELECT FROM uploads_uploadrow said WHERE said.upload_id = %(upload)s
                    AND said.document_id = other.id AND said.after ? 'variant_of_id')
        ) THEN 'variant-has-variants'
    END AS code
    FROM child
    LEFT JOIN suppliers_product product ON product.id::text = child.parent
    LEFT JOIN uploads_uploadrow own ON own.upload_id = %(upload)s AND own.document_id::text = child.parent
        AND own.outcome IN ('new', 'changed')
    ) found WHERE code IS NOT NULL ORDER BY number
"""
_CHAINS = """
    SELECT row.number, row.key FROM uploads_uploadrow row
    JOIN suppliers_product child ON child.id = row.document_id
    JOIN suppliers_product parent ON parent.id = child.variant_of_id
    WHERE row.upload_id = %(upload)s AND row.number BETWEEN %(first)s AND %(last)s
        AND row.outcome IN ('new', 'changed')
        AND (parent.variant_of_id IS NOT NULL OR parent.supplier_id <> child.supplier_id
            OR EXISTS (SELECT FROM suppliers_product other WHERE other.variant_of_id = child.id))
    ORDER BY row.number LIMIT 100
"""
_USED = """
    SELECT row.number, row.key FROM uploads_uploadrow row
    WHERE row.upload_id = %(upload)s AND row.outcome = 'new' AND EXISTS (
        SELECT FROM suppliers_product variant WHERE variant.variant_of_id = row.document_id AND NOT EXISTS (
            SELECT FROM uploads_uploadrow own
            WHERE own.upload_id = %(upload)s AND own.document_id = variant.id AND own.after ? 'variant_of_id'
                AND own.outcome IN ('new', 'changed')))
    ORDER BY row.number LIMIT 5
"""


def resolve(upload_id: UUID) -> None:
    """Put the keys of items of the same file in place of their numbers."""
    with connection.cursor() as cursor:
        cursor.execute(_RESOLVE, {"upload": upload_id})


def wrong(upload_id: UUID) -> dict[int, str]:
    """Rows that would make a variant of nothing, or of a variant: the code of what is wrong, by number."""
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, {"upload": upload_id})
        return dict(cursor.fetchall())


def chains(upload_id: UUID, first: int, last: int) -> list[tuple[int, str]]:
    """Of applied rows, those that are variants of variants now, as the catalogue changed since the review."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAINS, {"upload": upload_id, "first": first, "last": last})
        return list(cursor.fetchall())


def used(upload_id: UUID) -> list[tuple[int, str]]:
    """New items of the upload that got variants since, other than by the upload itself."""
    with connection.cursor() as cursor:
        cursor.execute(_USED, {"upload": upload_id})
        return list(cursor.fetchall())

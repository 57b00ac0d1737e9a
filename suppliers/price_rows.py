"""Rows of uploaded prices, many at a time, in the database itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.utils.translation import gettext

from b2b.sheets.faults import cell_fault
from b2b.uploads.models import Upload
from b2b.uploads.staging import fault_said

_PRICE = """
    jsonb_build_object('price_list_id', price.price_list_id, 'product_id', price.product_id,
        'min_quantity', trim_scale(price.min_quantity)::text, 'unit_price', trim_scale(price.unit_price)::text,
        'price_base_quantity', trim_scale(price.price_base_quantity)::text)
"""
_SPAN = "row.upload_id = %(upload)s AND row.number BETWEEN %(first)s AND %(last)s"
_STAGE_MISSING = f"""
    INSERT INTO uploads_uploadrow (upload_id, number, key, outcome, cells, before, after, remark, document_id, bumps)
    SELECT %(upload)s, last.number + row_number() OVER (ORDER BY product.sku, price.min_quantity),
        product.sku || ' / ' || trim_scale(price.min_quantity)::text, 'missing', '[]'::jsonb, {_PRICE}, '{{}}'::jsonb,
        '', price.id, 0
    FROM suppliers_price price JOIN suppliers_product product ON product.id = price.product_id,
        (SELECT coalesce(max(number), 0) AS number FROM uploads_uploadrow WHERE upload_id = %(upload)s) last
    WHERE price.price_list_id = %(list)s AND NOT EXISTS (
        SELECT FROM uploads_uploadrow row WHERE row.upload_id = %(upload)s AND row.document_id = price.id)
"""  # noqa: S608 — nothing but our own constants go in
_DELETE_MISSING = f"""
    DELETE FROM suppliers_price price USING uploads_uploadrow row
    WHERE {_SPAN} AND row.outcome = 'missing' AND price.id = row.document_id
"""  # noqa: S608 — nothing but our own constants go in
_RESTORE_MISSING = f"""
    INSERT INTO suppliers_price (id, price_list_id, product_id, min_quantity, unit_price, price_base_quantity)
    SELECT said.id, said.price_list_id, said.product_id, said.min_quantity, said.unit_price, said.price_base_quantity
    FROM uploads_uploadrow row,
        LATERAL jsonb_populate_record(
            NULL::suppliers_price, row.before || jsonb_build_object('id', row.document_id)) said
    WHERE {_SPAN} AND row.outcome = 'missing'
    ON CONFLICT DO NOTHING
"""  # noqa: S608 — nothing but our own constants go in
_NOT_RESTORED = f"""
    SELECT row.number FROM uploads_uploadrow row WHERE {_SPAN} AND row.outcome = 'missing'
        AND NOT EXISTS (SELECT FROM suppliers_price price WHERE price.id = row.document_id)
"""  # noqa: S608 — nothing but our own constants go in
_LISTS = f"""
    SELECT DISTINCT (row.after ->> 'price_list_id')::uuid FROM uploads_uploadrow row
    WHERE {_SPAN} AND row.outcome = 'new'
    UNION
    SELECT DISTINCT price.price_list_id
    FROM uploads_uploadrow row JOIN suppliers_price price ON price.id = row.document_id
    WHERE {_SPAN} AND row.outcome IN ('changed', 'missing')
"""  # noqa: S608 — nothing but our own constants go in
_FROZEN = """
    SELECT list.id FROM suppliers_pricelist list WHERE list.state <> 'draft' AND list.id IN (
        SELECT (row.after ->> 'price_list_id')::uuid FROM uploads_uploadrow row
        WHERE row.upload_id = %(upload)s AND row.outcome = 'new'
        UNION
        SELECT price.price_list_id FROM uploads_uploadrow row JOIN suppliers_price price ON price.id = row.document_id
        WHERE row.upload_id = %(upload)s AND row.outcome = 'changed')
    ORDER BY list.id
"""
_FACTS = """
    jsonb_build_object('price_list_id', %(fresh)s::text, 'currency', list.currency, 'buyer_id', list.buyer_id,
        'scope', list.scope, 'valid_from', list.valid_from, 'valid_until', list.valid_until, 'list_name', list.name)
"""
_COPY = f"""
    UPDATE uploads_uploadrow row
    SET outcome = 'new', before = NULL, document_id = gen_random_uuid(),
        after = {_PRICE} || coalesce(row.after, '{{}}'::jsonb) || {_FACTS}
    FROM suppliers_price price JOIN suppliers_pricelist list ON list.id = price.price_list_id
    WHERE row.upload_id = %(upload)s AND row.outcome IN ('changed', 'unchanged')
        AND price.id = row.document_id AND list.id = %(list)s
"""  # noqa: S608 — nothing but our own constants go in
_MOVE = f"""
    UPDATE uploads_uploadrow row SET after = row.after || {_FACTS}
    FROM suppliers_pricelist list
    WHERE row.upload_id = %(upload)s AND row.outcome = 'new' AND list.id = %(list)s
        AND row.after ->> 'price_list_id' = %(list)s::text
"""  # noqa: S608 — nothing but our own constants go in
_RENEW = """
    UPDATE uploads_uploadrow row SET after = row.after || jsonb_build_object('price_list_id', %(fresh)s::text)
    WHERE row.upload_id = %(upload)s AND row.outcome = 'new' AND row.after ->> 'price_list_id' = %(list)s::text
"""
# Of two lists of the same terms whose days meet, the one that begins later is in the way.
_OVERLAPPING = """
    WITH made AS (
        SELECT DISTINCT after ->> 'price_list_id' AS id, after ->> 'currency' AS currency,
            after ->> 'buyer_id' AS buyer, after ->> 'scope' AS scope,
            (after ->> 'valid_from')::date AS since, (after ->> 'valid_until')::date AS until
        FROM uploads_uploadrow WHERE upload_id = %(upload)s AND outcome = 'new'
    )
    SELECT later.id, min(other.since)::text FROM made later JOIN made other ON other.id <> later.id
        AND other.currency = later.currency AND other.buyer IS NOT DISTINCT FROM later.buyer
        AND other.scope = later.scope AND (other.since, other.id) < (later.since, later.id)
        AND (other.until IS NULL OR other.until >= later.since)
    GROUP BY later.id
"""
_MARK = """
    UPDATE uploads_uploadrow
    SET outcome = 'faulty', before = NULL, after = NULL, document_id = NULL, faults = %(faults)s
    WHERE upload_id = %(upload)s AND outcome = 'new' AND after ->> 'price_list_id' = %(list)s
"""


def _run(statement: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _column(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


# --- In force and back ----------------------------------------------------------------------------------------
def lists_of(upload_id: UUID, first: int, last: int) -> list[UUID]:
    """The price lists that rows of an upload are about."""
    return _column(_LISTS, upload=upload_id, first=first, last=last)


def stage_missing(upload_id: UUID, price_list_id: UUID) -> int:
    """Prices of the list that are in no row, as rows that take them out."""
    return _run(_STAGE_MISSING, upload=upload_id, list=price_list_id)


def delete_missing(upload_id: UUID, first: int, last: int) -> None:
    _run(_DELETE_MISSING, upload=upload_id, first=first, last=last)


def restore_missing(upload_id: UUID, first: int, last: int) -> list[int]:
    """Put back what was taken out; the rows whose place is taken meanwhile, and then nothing is to be kept."""
    span = {"upload": upload_id, "first": first, "last": last}
    _run(_RESTORE_MISSING, **span)
    return _column(_NOT_RESTORED, **span)


def renew_lists(upload_id: UUID, made: Iterable[str]) -> None:
    """Name other lists for the rows of lists that were made and withdrawn, should the upload be applied again."""
    for key in made:
        _run(_RENEW, upload=upload_id, list=key, fresh=str(uuid5(upload_id, f"again|{key}")))


# --- Lists that are frozen ----------------------------------------------------------------------------------------
def frozen_that_change(upload_id: UUID) -> list[UUID]:
    """Published lists, and those that wait for approval, of which some row says something else."""
    return _column(_FROZEN, upload=upload_id)


def copy_into(upload_id: UUID, price_list_id: UUID, fresh: UUID) -> None:
    """Let all rows of a list be rows of a new one on the same terms."""
    values = {"upload": upload_id, "list": price_list_id, "fresh": str(fresh)}
    _run(_COPY, **values)
    _run(_MOVE, **values)


def mark_overlapping(upload: Upload, heading: str) -> None:
    """Rows of a list whose days meet those of another list of the file: both could never be published."""
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPPING, {"upload": upload.pk})
        found = cursor.fetchall()
    places = (upload.layout or {}).get("columns", {})
    for key, since in found:
        detail = gettext(
            "The validity overlaps with that of rows valid from %(day)s for the same customer and currency. "
            "Give all rows the same days, or the earlier ones an end before the later begin."
        )
        column = places.get("valid_from", 0)
        fault = cell_fault("price-lists-overlap", detail % {"day": since}, sheet="", column=column, heading=heading)
        _run(_MARK, upload=upload.pk, list=key, faults=json.dumps([fault_said(fault)]))

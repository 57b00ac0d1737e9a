"""Rows of uploaded prices, many at a time, in the database itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from django.db import connection
from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Cast, Concat


def _plain(column: str) -> Any:
    return Cast(Func(F(column), function="trim_scale"), TextField())


LABEL = Concat(
    "product__name", Value(" · "), _plain("min_quantity"), Value(" × "), _plain("unit_price"), Value(" "),
    "price_list__currency", output_field=TextField(),
)  # fmt: skip

_PRICE = """
    jsonb_build_object('price_list_id', price.price_list_id, 'product_id', price.product_id,
        'min_quantity', trim_scale(price.min_quantity)::text, 'unit_price', trim_scale(price.unit_price)::text,
        'price_base_quantity', trim_scale(price.price_base_quantity)::text,
        'valid_from', price.valid_from, 'valid_until', price.valid_until)
"""
_COLUMNS = "id, price_list_id, product_id, min_quantity, unit_price, price_base_quantity"
_SPAN = "row.upload_id = %(upload)s AND row.number BETWEEN %(first)s AND %(last)s"
INSERT = f"""
    INSERT INTO {{table}} ({_COLUMNS}, valid_from, valid_until)
    SELECT said.id, said.price_list_id, said.product_id, said.min_quantity, said.unit_price, said.price_base_quantity,
        nullif((row.after ->> 'begins')::date, list.valid_from), nullif((row.after ->> 'ends')::date, list.valid_until)
    FROM uploads_uploadrow row
    CROSS JOIN LATERAL jsonb_populate_record(
        NULL::{{table}}, %(constants)s::jsonb || row.after || jsonb_build_object('{{identity}}', row.document_id)) said
    JOIN suppliers_pricelist list ON list.id = said.price_list_id
    WHERE row.upload_id = %(upload)s AND row.number > %(over)s AND row.number <= %(upto)s AND row.outcome = 'new'
    ORDER BY row.number
    ON CONFLICT DO NOTHING
"""  # noqa: S608 — nothing but our own constants go in
"""Days that are the list's are not the price's own: they move with the list."""

# What leaves: prices a list has and the file has not, or whose place a row takes whose days meet theirs. Lists are
# compared as texts, so that prices are looked up by their product: by its list, each row would read the whole list.
_STAGE = f"""
    INSERT INTO uploads_uploadrow (upload_id, number, key, outcome, cells, before, after, remark, document_id, bumps)
    SELECT %(upload)s, last.number + row_number() OVER (ORDER BY product.sku, price.min_quantity, price.valid_from),
        concat_ws(' / ', product.sku, trim_scale(price.min_quantity)::text, price.valid_from::text), 'missing',
        '[]'::jsonb, {_PRICE}, '{{}}'::jsonb, '', price.id, 0
    FROM suppliers_price price JOIN suppliers_product product ON product.id = price.product_id,
        (SELECT coalesce(max(number), 0) AS number FROM uploads_uploadrow WHERE upload_id = %(upload)s) last
"""  # noqa: S608 — nothing but our own constants go in
# Not by NOT EXISTS: where the planner expects a single price to leave, it would read all rows of the upload for each.
_NAMED = "SELECT document_id FROM uploads_uploadrow WHERE upload_id = %(upload)s"
_STAGE_MISSING = f"""{_STAGE} WHERE price.id IN (
    SELECT id FROM suppliers_price WHERE price_list_id = %(list)s EXCEPT {_NAMED})
"""  # noqa: S608 — nothing but our own constants go in
_STAGE_REPLACED = f"""{_STAGE} WHERE price.id IN (
        SELECT there.id
        FROM uploads_uploadrow row
        JOIN suppliers_price there ON there.product_id = (row.after ->> 'product_id')::uuid
            AND there.min_quantity = (row.after ->> 'min_quantity')::numeric
            AND there.price_list_id::text = row.after ->> 'price_list_id'
        JOIN suppliers_pricelist list ON list.id = there.price_list_id
        WHERE row.upload_id = %(upload)s AND row.outcome = 'new' AND daterange(
                nullif((row.after ->> 'begins')::date, list.valid_from),
                nullif((row.after ->> 'ends')::date, list.valid_until), '[]'
            ) && daterange(there.valid_from, there.valid_until, '[]')
        EXCEPT {_NAMED})
"""  # noqa: S608 — nothing but our own constants go in
_GONE = """
    SELECT row.number FROM uploads_uploadrow row WHERE row.upload_id = %(upload)s AND row.outcome = 'missing'
        AND NOT EXISTS (SELECT FROM suppliers_price price WHERE price.id = row.document_id)
    ORDER BY row.number
"""
_DELETE_MISSING = """
    DELETE FROM suppliers_price price USING uploads_uploadrow row
    WHERE row.upload_id = %(upload)s AND row.outcome = 'missing' AND price.id = row.document_id
"""
_RESTORE_MISSING = f"""
    INSERT INTO suppliers_price ({_COLUMNS}, valid_from, valid_until)
    SELECT said.id, said.price_list_id, said.product_id, said.min_quantity, said.unit_price, said.price_base_quantity,
        said.valid_from, said.valid_until
    FROM uploads_uploadrow row,
        LATERAL jsonb_populate_record(
            NULL::suppliers_price, row.before || jsonb_build_object('id', row.document_id)) said
    WHERE {_SPAN} AND row.outcome = 'missing'
    ON CONFLICT DO NOTHING
"""  # noqa: S608 — nothing but our own constants go in
_LISTS = f"""
    SELECT DISTINCT (row.after ->> 'price_list_id')::uuid FROM uploads_uploadrow row
    WHERE {_SPAN} AND row.outcome = 'new'
    UNION
    SELECT DISTINCT price.price_list_id
    FROM uploads_uploadrow row JOIN suppliers_price price ON price.id = row.document_id
    WHERE {_SPAN} AND row.outcome IN ('changed', 'missing')
"""  # noqa: S608 — nothing but our own constants go in
_RENEW = """
    UPDATE uploads_uploadrow row SET after = row.after || jsonb_build_object('price_list_id', %(fresh)s::text)
    WHERE row.upload_id = %(upload)s AND row.outcome = 'new' AND row.after ->> 'price_list_id' = %(list)s::text
"""
_RESTORE_ENDS = """
    UPDATE suppliers_price price SET valid_until = (row.before ->> 'ends')::date
    FROM uploads_uploadrow row, suppliers_pricelist list
    WHERE row.upload_id = %(upload)s AND row.outcome = 'changed' AND row.document_id = price.id
        AND list.id = price.price_list_id AND list.id = %(list)s
        AND (row.before ->> 'ends')::date IS DISTINCT FROM list.valid_until
"""
LAST = 2**31 - 1


def _run(statement: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _column(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


def lists_of(upload_id: UUID, first: int, last: int) -> list[UUID]:
    """The price lists that rows of an upload are about."""
    return _column(_LISTS, upload=upload_id, first=first, last=last)


def stage_replaced(upload_id: UUID) -> int:
    """Prices that give way to new rows of the same list, tier and days, as rows that take them out."""
    return _run(_STAGE_REPLACED, upload=upload_id)


def stage_missing(upload_id: UUID, price_list_id: UUID) -> int:
    """Prices of the list that are in no row, as rows that take them out."""
    return _run(_STAGE_MISSING, upload=upload_id, list=price_list_id)


def delete_missing(upload_id: UUID) -> list[int]:
    """Take out all that leaves; the rows whose price is gone already, and then nothing is to be kept."""
    gone = _column(_GONE, upload=upload_id)
    _run(_DELETE_MISSING, upload=upload_id)
    return gone


def restore_missing(upload_id: UUID, first: int, last: int) -> None:
    """Put back what was taken out, where its place is free."""
    _run(_RESTORE_MISSING, upload=upload_id, first=first, last=last)


def restore_ends(upload_id: UUID, price_list_id: UUID) -> None:
    """Give the prices of a list that goes on the last days of their own they had."""
    _run(_RESTORE_ENDS, upload=upload_id, list=price_list_id)


def not_restored(upload_id: UUID) -> list[int]:
    """The rows whose place is taken meanwhile."""
    return _column(_GONE, upload=upload_id)


def renew_lists(upload_id: UUID, made: Iterable[str]) -> dict[str, str]:
    """Name other lists for the rows of lists that were made and withdrawn, should the upload be applied again."""
    names = {key: str(uuid5(upload_id, f"again|{key}")) for key in made}
    for key, fresh in names.items():
        _run(_RENEW, upload=upload_id, list=key, fresh=fresh)
    return names

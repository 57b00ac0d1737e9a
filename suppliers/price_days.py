"""The days of uploaded prices, for all rows of a file together, in the database itself.

A price without an end is valid until further notice; the next price of the same tier in the file is that notice, so
the earlier one ends the day before. An end that is written and reaches into the next price is a fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext

from b2b.sheets.faults import CellFault, cell_fault
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.settling import make_faulty

OVERLAP = "prices-overlap"
KIND = "blank:next"
"""Of the conversions: a blank end that is taken for the day before the next price begins."""

# Every sound row in full, whether it is new or names a price that is there.
_SAID = """
    SELECT row.id, row.number, row.outcome, said.terms, said.list_id, said.product_id, said.min_quantity, said.since,
        said.until, %(open)s AND trim(coalesce(row.cells ->> %(place)s::int, '')) = '' AS is_open,
        CASE row.outcome WHEN 'new' THEN row.after ELSE jsonb_build_object(
            'terms', said.terms, 'price_list_id', said.list_id, 'product_id', said.product_id,
            'min_quantity', trim_scale(said.min_quantity)::text, 'unit_price', trim_scale(price.unit_price)::text,
            'price_base_quantity', trim_scale(price.price_base_quantity)::text, 'begins', said.since,
            'ends', said.until) || coalesce(row.after, '{}') END AS whole
    FROM uploads_uploadrow row
    LEFT JOIN suppliers_price price ON row.outcome <> 'new' AND price.id = row.document_id
    LEFT JOIN suppliers_pricelist list ON list.id = price.price_list_id
    CROSS JOIN LATERAL (
        SELECT row.after ->> 'terms' AS terms, (row.after ->> 'price_list_id')::uuid AS list_id,
            (row.after ->> 'product_id')::uuid AS product_id, (row.after ->> 'min_quantity')::numeric AS min_quantity,
            (row.after ->> 'begins')::date AS since, (row.after ->> 'ends')::date AS until
        WHERE row.outcome = 'new'
        UNION ALL
        SELECT concat_ws('|', list.currency, coalesce(list.buyer_id::text, ''), list.scope), list.id, price.product_id,
            price.min_quantity, coalesce(price.valid_from, list.valid_from),
            coalesce((row.after ->> 'ends')::date, price.valid_until, list.valid_until)
        WHERE row.outcome <> 'new'
    ) said
    WHERE row.upload_id = %(upload)s AND row.outcome IN ('new', 'changed', 'unchanged')
"""
_NEXT = f"""
    said AS ({_SAID}),
    following AS (
        SELECT *, lead(since) OVER tier AS next_since, lead(number) OVER tier AS next_number
        FROM said WINDOW tier AS (PARTITION BY terms, product_id, min_quantity ORDER BY since, number)
    )
"""  # noqa: S608 — nothing but our own constants go in
_AS_NEW = """
    outcome = 'new', before = NULL,
    document_id = CASE row.outcome WHEN 'new' THEN row.document_id ELSE gen_random_uuid() END
"""
_END = f"""
    WITH {_NEXT},
    meant AS (SELECT *, coalesce(next_since - 1, %(ends)s::date) AS ends FROM following WHERE is_open)
    UPDATE uploads_uploadrow row SET {_AS_NEW},
        after = meant.whole || jsonb_build_object('ends', meant.ends),
        conversions = (
            SELECT jsonb_agg(one) FROM (
                SELECT one FROM jsonb_array_elements(coalesce(row.conversions, '[]')) one
                WHERE one ->> 'kind' <> %(kind)s
                UNION ALL
                SELECT jsonb_build_object('column', %(column)s::int, 'heading', %(heading)s::text, 'shown', '',
                    'taken', meant.ends::text, 'kind', %(kind)s::text) WHERE meant.next_since IS NOT NULL
            ) all_of_them)
    FROM meant WHERE row.id = meant.id AND meant.until IS DISTINCT FROM meant.ends
"""  # noqa: S608 — nothing but our own constants go in
_COUNT = """
    DELETE FROM uploads_conversioncount WHERE upload_id = %(upload)s AND kind = %(kind)s;
    INSERT INTO uploads_conversioncount (upload_id, "column", kind, heading, shown, taken, rows, first_row, last_row)
    SELECT %(upload)s, %(column)s, %(kind)s, %(heading)s, '', (array_agg(one -> 'taken' ORDER BY row.number))[1],
        count(*), min(row.number), max(row.number)
    FROM uploads_uploadrow row, jsonb_array_elements(row.conversions) one
    WHERE row.upload_id = %(upload)s AND row.conversions IS NOT NULL AND one ->> 'kind' = %(kind)s
    HAVING count(*) > 0
"""
_OVERLAPPING = f"""
    WITH {_NEXT}
    SELECT number, next_number, next_since, until FROM following
    WHERE NOT is_open AND next_since <= coalesce(until, 'infinity') ORDER BY number
"""  # noqa: S608 — nothing but our own constants go in
_HOMES = f"""
    WITH said AS ({_SAID})
    SELECT terms, list_id, min(since), nullif(max(coalesce(until, 'infinity')), 'infinity'),
        count(*) FILTER (WHERE outcome <> 'unchanged')
    FROM said GROUP BY terms, list_id
"""  # noqa: S608 — nothing but our own constants go in
_GATHER = f"""
    WITH said AS ({_SAID})
    UPDATE uploads_uploadrow row
    SET {_AS_NEW}, after = said.whole || jsonb_build_object('price_list_id', %(into)s::text)
    FROM said WHERE row.id = said.id AND said.list_id = %(list)s
"""  # noqa: S608 — nothing but our own constants go in
# Prices of the list that stay, as no row names them and none begins with them, on a day of a row. The list is
# compared as text, so that prices are looked up by their product: by the list, each row would read all of it.
_IN_THE_WAY = """
    SELECT EXISTS (
        SELECT price.id FROM uploads_uploadrow row
        JOIN suppliers_price price ON price.product_id = (row.after ->> 'product_id')::uuid
            AND price.min_quantity = (row.after ->> 'min_quantity')::numeric
            AND price.price_list_id::text = %(into)s::text
        JOIN suppliers_pricelist list ON list.id = price.price_list_id
        WHERE row.upload_id = %(upload)s AND row.outcome = 'new' AND row.after ->> 'price_list_id' = %(list)s::text
            AND coalesce(price.valid_from, list.valid_from) <> (row.after ->> 'begins')::date
            AND daterange((row.after ->> 'begins')::date, (row.after ->> 'ends')::date, '[]')
                && daterange(price.valid_from, price.valid_until, '[]')
        EXCEPT SELECT document_id FROM uploads_uploadrow WHERE upload_id = %(upload)s)
"""
# A list ends where every price that is valid longer is in a row as it is, but for one last day that all have alike.
_NAMED = f"""
    said AS ({_SAID}),
    named AS (
        SELECT price.id AS price_id, coalesce(price.valid_until, list.valid_until) AS until, said.id AS row_id,
            said.until AS last,
            (said.whole ->> 'unit_price')::numeric = price.unit_price
                AND (said.whole ->> 'price_base_quantity')::numeric = price.price_base_quantity AS is_same
        FROM suppliers_price price JOIN suppliers_pricelist list ON list.id = price.price_list_id
        LEFT JOIN said ON said.product_id = price.product_id AND said.min_quantity = price.min_quantity
            AND said.since = coalesce(price.valid_from, list.valid_from)
            AND said.terms = concat_ws('|', list.currency, coalesce(list.buyer_id::text, ''), list.scope)
            AND (said.outcome = 'new' OR said.list_id = list.id)
        WHERE list.id = %(list)s
    )
"""  # noqa: S608 — nothing but our own constants go in
_LAST_DAY = f"""
    WITH {_NAMED},
    ends AS (SELECT max(last) AS day FROM named WHERE last < coalesce(until, 'infinity'))
    SELECT ends.day FROM named, ends WHERE ends.day IS NOT NULL GROUP BY ends.day
    HAVING bool_and(CASE WHEN coalesce(until, 'infinity') > ends.day THEN coalesce(last = ends.day AND is_same, false)
        ELSE row_id IS NULL OR (last = until AND is_same) END)
"""  # noqa: S608 — nothing but our own constants go in
_LET_END = f"""
    WITH {_NAMED}
    UPDATE uploads_uploadrow row SET outcome = 'changed', document_id = named.price_id, remark = %(remark)s,
        before = jsonb_build_object('ends', named.until), after = jsonb_build_object('ends', %(day)s::date)
    FROM named WHERE row.id = named.row_id AND coalesce(named.until, 'infinity') > %(day)s::date
"""  # noqa: S608 — nothing but our own constants go in
_REMARK = """
    UPDATE uploads_uploadrow SET remark = %(remark)s
    WHERE upload_id = %(upload)s AND outcome = 'new' AND remark = '' AND after ->> 'price_list_id' = %(list)s::text
"""


def overlapping(upload: Upload, number: int) -> QuerySet[UploadRow]:
    """The rows that were refused because they reach into the days of this one."""
    refused = upload.rows.filter(outcome="faulty", faults__0__code=OVERLAP)
    return refused.filter(faults__0__detail__values__row=number)


@dataclass(frozen=True, slots=True)
class Span:
    """A range of days, both included; open where ``ends`` is ``None``."""

    begins: date
    ends: date | None

    def holds(self, other: Span) -> bool:
        return self.begins <= other.begins and (
            self.ends is None or (other.ends is not None and other.ends <= self.ends)
        )

    def meets(self, other: Span) -> bool:
        return (other.ends is None or other.ends >= self.begins) and (self.ends is None or self.ends >= other.begins)


@dataclass(frozen=True, slots=True)
class Home:
    """The rows of a file that belong to one list, which may be yet to be made. ``acting`` is how many change it."""

    terms: str
    list_id: UUID
    span: Span
    acting: int


class Days:
    """The statements, for one upload; ``ends`` is the last day of the list all rows go into."""

    def __init__(self, upload: Upload, *, ends: date | None = None) -> None:
        layout = upload.layout or {}
        self.upload, self.ends = upload, ends
        self.place = layout.get("columns", {}).get("valid_until", 0)
        self.table = layout.get("table", "")
        said_for_all = "valid_until" in layout.get("constants", {})
        self.values = {"upload": upload.pk, "open": not said_for_all, "place": self.place - 1 if self.place else 10**6}

    def end_open_prices(self, heading: str) -> None:
        """Let a price without an end be valid until the day before the next one begins."""
        told = {"column": self.place, "heading": heading, "kind": KIND}
        self._run(_END, ends=self.ends, **told)
        self._run(_COUNT, **told)

    def mark_overlapping(self, heading: str) -> None:
        """Make faulty what is said to be valid on days of the next price."""
        with connection.cursor() as cursor:
            cursor.execute(_OVERLAPPING, self.values)
            found = cursor.fetchall()
        make_faulty(self.upload, {number: self._overlap(heading, *rest) for number, *rest in found})

    def _overlap(self, heading: str, other: int, begins: date, ends: date | None) -> CellFault:
        before = (begins - timedelta(days=1)).isoformat()
        detail = gettext(
            "Row %(row)s has another price of the same item from the same quantity on, valid from %(day)s. Let this "
            "one end before that."
        )
        return cell_fault(
            OVERLAP,
            detail % {"row": other, "day": begins},
            sheet=self.table,
            column=self.place,
            heading=heading,
            value=ends.isoformat() if ends else "",
            suggestions=(before,),
        )

    def homes(self) -> list[Home]:
        with connection.cursor() as cursor:
            cursor.execute(_HOMES, self.values)
            return [Home(terms, key, Span(begins, ends), acting) for terms, key, begins, ends, acting in cursor]

    def gather(self, list_id: UUID, into: UUID) -> None:
        """Let all rows of a list be new rows of another."""
        self._run(_GATHER, list=list_id, into=into)

    def has_way(self, list_id: UUID, into: UUID) -> bool:
        """Whether nothing that stays in a list that is there bars the rows of one that is not."""
        with connection.cursor() as cursor:
            cursor.execute(_IN_THE_WAY, {"upload": self.upload.pk, "list": list_id, "into": into})
            return not cursor.fetchone()[0]

    def last_day(self, list_id: UUID) -> date | None:
        """The day on which the file lets all prices of a list end, and changes nothing else in it."""
        with connection.cursor() as cursor:
            cursor.execute(_LAST_DAY, {**self.values, "list": list_id})
            found = cursor.fetchone()
        return found[0] if found else None

    def let_end(self, list_id: UUID, day: date, *, remark: str) -> None:
        """Let the rows that end prices of the list change those, instead of taking their place."""
        self._run(_LET_END, list=list_id, day=day, remark=remark)

    def remark(self, list_id: UUID, remark: str) -> None:
        self._run(_REMARK, list=list_id, remark=remark)

    def _run(self, statement: str, **values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, {**self.values, **values})

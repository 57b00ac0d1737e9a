"""A supplier's catalogue from .xlsx into the database: read, reviewed, applied, journalled, searchable.

All rows are there already, and half of them change. The limit reads the same file by calamine, copies its rows into
a staging table and upserts those that differ, search index included; it checks nothing and remembers nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.base import ContentFile
from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from b2b import jobs
from b2b.copying import copy_rows
from b2b.models import Membership, Organisation, User
from b2b.policy import Actor
from b2b.sheets.exporting import export_to
from b2b.uploads.models import Upload, UploadRow
from b2b.uploads.starting import bring
from benchmarks.frame import Benchmark
from benchmarks.twelve_columns import COLUMNS, TwelveColumns
from suppliers.models import Category, Product

ROWS, MANY_ROWS = 100_000, 1_000_000
folder = TemporaryDirectory()
began = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def seller() -> Actor:
    supplier = Organisation.objects.create(name="Supplier", is_supplier=True, country="CN", currency="CNY")
    user = User.objects.create(email="seller@example.com")
    Membership.objects.create(user=user, organisation=supplier, roles=["sales"])
    return Actor(user_id=user.pk, organisation_id=supplier.pk, roles=frozenset({"sales"}))


@cache
def category() -> Category:
    return Category.objects.create(code="bolts", name="Bolts", review_required=False)


def item(number: int, *, changed: bool) -> dict[str, Any]:
    """A row; every second item gets another minimum order and lead time when ``changed``."""
    other = changed and number % 2
    return {
        "sku": f"HX-{number:07}",
        "name": f"Hexagon bolt M{number % 40}×{number % 200}, galvanised",
        "native_name": f"六角螺栓 M{number % 40}×{number % 200} 镀锌",
        "category": "bolts",
        "unit": "H87",
        "moq": Decimal(number % 500 + (2 if other else 1)),
        "lead_time_days": number % 90 + (1 if other else 0),
        "brand": f"Brand {number % 20}",
        "part_number": f"DIN {number % 1000}",
        "gtin": str(4006381000000 + number),
        "attributes": {"thread": f"M{number % 40}", "length": str(number % 200)},
        "description": f"Full thread, strength class {'10.9' if other else '8.8'}, batch {number}",
    }


# --- The catalogue that is there -------------------------------------------------------------------
def prepare(rows: int) -> None:
    """A table with the catalogue as it was, to begin each run from, and the file."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE bench_products (LIKE suppliers_product INCLUDING DEFAULTS)")
        copy_rows("bench_products", _WRITTEN, (_product(number) for number in range(rows)))
        # With its triggers, so that every item can be found; then kept as it is.
        cursor.execute("INSERT INTO suppliers_product SELECT * FROM bench_products")
        cursor.execute("TRUNCATE bench_products")
        cursor.execute("INSERT INTO bench_products SELECT * FROM suppliers_product")
    export_to(_file(rows), TwelveColumns, (item(number, changed=True) for number in range(rows)))


_FIELDS = [field for field in Product._meta.concrete_fields if field.name != "search"]
_WRITTEN = [str(field.column) for field in _FIELDS]


def _product(number: int) -> list[Any]:
    values = {name: value for name, value in item(number, changed=False).items() if name != "category"}
    product = Product(
        supplier_id=seller().acts_for,
        category=category(),
        created_by_id=seller().user_id,
        created_at=began,
        version=1,
        **values,
    )
    return [getattr(product, field.attname) for field in _FIELDS]


def _file(rows: int) -> Path:
    return Path(folder.name) / f"catalogue-{rows}.xlsx"


def as_it_was() -> None:
    UploadRow.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE suppliers_product CASCADE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("INSERT INTO suppliers_product SELECT * FROM bench_products")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE suppliers_product")
        cursor.execute("VACUUM ANALYZE uploads_uploadrow")
        cursor.execute("CHECKPOINT")


# --- Ours --------------------------------------------------------------------------------------------
def import_catalogue(rows: int) -> None:
    content = ContentFile(_file(rows).read_bytes(), name="catalogue.xlsx")
    upload = bring(content, format="catalogue", actor=seller())
    del content
    upload = _worked(upload)
    assert (upload.state, upload.counts) == ("reviewed", {"changed": rows // 2, "unchanged": rows // 2}), upload.counts
    upload.apply(actor=seller())
    upload = _worked(upload)
    assert upload.state == "applied", upload.problem


def _worked(upload: Upload) -> Upload:
    upload.refresh_from_db()
    assert upload.job_id is not None
    jobs.work(upload.job_id)
    upload.refresh_from_db()
    return upload


# --- The limit ---------------------------------------------------------------------------------------
def bare_import(rows: int) -> None:
    """Read, copy, upsert."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STAGING)
        cursor.copy_expert("COPY arriving FROM STDIN (FORMAT csv)", _as_csv(_file(rows)))
        cursor.execute(_UPSERT, [seller().acts_for, category().pk])
        assert cursor.rowcount == rows // 2


def _as_csv(path: Path) -> StringIO:
    text = StringIO()
    csv.writer(text).writerows(_read(path))
    text.seek(0)
    return text


def _read(path: Path) -> Iterator[list[Any]]:
    rows = CalamineWorkbook.from_filelike(BytesIO(path.read_bytes())).get_sheet_by_index(0).iter_rows()
    next(rows)
    return rows


_STAGING = f"""
    CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT
    {", ".join(f"''::text AS {name}" for name in COLUMNS)} WITH NO DATA
"""
_SET = ("name", "native_name", "unit", "moq", "lead_time_days", "brand", "part_number", "gtin", "description")
_UPSERT = f"""
    INSERT INTO suppliers_product AS product (
        id, number, version, created_at, state, supplier_id, category_id, sku, name, native_name, unit, moq,
        lead_time_days, brand, part_number, gtin, description, attributes, packages, review_note
    )
    SELECT gen_random_uuid(), '', 1, now(), 'draft', %s, %s, sku, name, native_name, 'H87', moq::numeric,
        lead_time_days::numeric::int, brand, part_number, gtin, description, '{{}}', '{{}}', ''
    FROM arriving
    ON CONFLICT (supplier_id, sku) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _SET)}
    WHERE ({", ".join(f"product.{name}" for name in _SET)})
        IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in _SET)})
"""  # noqa: S608 — our own column names


def _benchmark(name: str, rows: int, *, runs: int | None = None) -> Benchmark:
    return Benchmark(
        name,
        rows,
        3.0,
        partial(import_catalogue, rows),
        partial(bare_import, rows),
        prepare=partial(prepare, rows),
        before_each=as_it_was,
        runs=runs,
    )


BENCHMARKS = [_benchmark("catalogue_import", ROWS), _benchmark("catalogue_import_million", MANY_ROWS, runs=1)]

"""What a catalogue costs on its way into a styled workbook, against a bare writer in Rust and one bare SELECT.

The limit writes neither drop-downs nor number formats nor comments, and has its rows in memory before it begins.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection
from rustpy_xlsxwriter import FastExcel

from b2b.models import Organisation
from b2b.sheets.exporting import export_to
from benchmarks.frame import Benchmark
from benchmarks.twelve_columns import TwelveColumns
from suppliers.models import Category, Product
from suppliers.sheets.catalogue import catalogue_rows

PRODUCTS = 100_000
AT_ONCE = 2_000
UNITS = ("H87", "KGM", "MTR", "SET")
COLUMNS = [
    *("product.sku", "product.name", "product.native_name", "category.code", "unit", "moq", "lead_time_days"),
    *("brand", "part_number", "gtin", "attributes::text", "product.description"),
]
SELECT = f"""
    SELECT {", ".join(COLUMNS)} FROM suppliers_product product
    JOIN suppliers_category category ON category.id = product.category_id ORDER BY product.sku
"""  # noqa: S608 — our own column names

folder = TemporaryDirectory()
target = Path(folder.name) / "catalogue.xlsx"
held: list[dict[str, Any]] = []


def prepare() -> None:
    supplier = Organisation.objects.create(name="Supplier", is_supplier=True, country="CN", currency="CNY")
    category = Category.objects.create(code="bolts", name="Bolts")
    numbers = iter(range(PRODUCTS))
    while some := [product(number, supplier, category) for number in islice(numbers, AT_ONCE)]:
        Product.objects.bulk_create(some)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE suppliers_product")


def product(number: int, supplier: Organisation, category: Category) -> Product:
    size, length = number % 40, number % 200
    return Product(
        supplier=supplier,
        state="listed",
        sku=f"HX-{number:07}",
        name=f"Hexagon bolt M{size}×{length}, galvanised",
        native_name=f"六角螺栓 M{size}×{length} 镀锌",
        description=f"Full thread, strength class 8.8, batch {number}",
        brand=f"Brand {number % 20}",
        part_number=f"DIN {number % 1000}",
        gtin=str(4006381000000 + number),
        category=category,
        unit=UNITS[number % len(UNITS)],
        moq=Decimal(number % 500 + 1),
        lead_time_days=number % 90,
        attributes={"thread": f"M{size}", "length": length},
    )


def export_catalogue() -> None:
    assert export_to(target, TwelveColumns, catalogue_rows(Product.objects.all())) == PRODUCTS


def write_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SELECT)
        rows = cursor.fetchall()
    if not held:
        held.extend(dict(zip(COLUMNS, row, strict=True)) for row in rows)
    FastExcel(str(target), autofit=False).sheet("Catalogue", held).save()


BENCHMARKS = [Benchmark("catalogue_export", PRODUCTS, 2.0, export_catalogue, write_rows, prepare=prepare)]

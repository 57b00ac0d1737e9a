"""A small supplier, and the files its people send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from b2b.models import Organisation
from tests.factories.b2b import SupplierFactory
from tests.factories.suppliers import CategoryFactory, ListedProductFactory, ProductFactory

HEADINGS = ("Item number", "Name", "Category", "Unit", "Minimum order", "Delivery (d)")


def bearings() -> Organisation:
    """A supplier with four bearings in its catalogue."""
    supplier = SupplierFactory(name="Schwarztal")
    category = CategoryFactory(code="bearings", name="Bearings", native_name="轴承")
    for sku, name in (("6204", "Ball bearing 6204"), ("6205", "Ball bearing 6205"), ("6206", "Ball bearing 6206")):
        ProductFactory(supplier=supplier, sku=sku, name=name, category=category, unit="H87", moq=10, lead_time_days=7)
    ListedProductFactory(supplier=supplier, sku="6299", name="Old bearing", category=category, unit="H87")
    return supplier


ROWS: tuple[tuple[Any, ...], ...] = (
    ("6204", "Ball bearing 6204", "bearings", "H87", 10, 7),
    ("6205", "Ball bearing 6205, sealed", "bearings", "H87", 10, 7),
    ("6206", "Ball bearing 6206", "bearings", "H87", "twelve", 7),
    ("6207", "Ball bearing 6207", "bearings", "H87", 10, 5),
    ("6208", "Ball bearing 6208", "bearings", "fathomms", 10, 5),
)
"""Unchanged, changed, a faulty number, new, a faulty unit; and 6299 is missing."""


OLD = ("6299", "Old bearing", "bearings", "H87", 1, None)


def workbook(folder: Path, rows: Iterable[Sequence[Any]], name: str = "catalogue.xlsx") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Catalogue of bearings"])
    sheet.append(list(HEADINGS))
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name

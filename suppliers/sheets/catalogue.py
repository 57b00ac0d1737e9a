"""A supplier's catalogue as a table: one row per item."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Sheet
from suppliers.models import Product
from suppliers.sheets.attributes import AttributeValues

ROWS_AT_ONCE = 2_000


class CatalogueSheet(Sheet):
    code = "catalogue"
    title = _("Catalogue")
    about = _(
        "One row per item; the item number says which. New numbers become drafts. A blank cell empties the field; "
        "a column left out leaves it as it is."
    )
    key: ClassVar = ("sku",)

    sku = Column(
        ("Item number", "货号"),
        parsers.text(max_length=60),
        ("SKU", "Item no.", "Article", "Code", "编号"),
        example="HX-M8-40",
    )
    name = Column(
        ("Name", "名称"),
        parsers.text(max_length=200),
        ("Product", "Product name", "Item", "品名"),
        width=40,
        example="Hexagon bolt M8×40, galvanised",
    )
    native_name = Column(
        ("Name in Chinese", "中文名称"),
        parsers.text(max_length=200),
        ("Chinese name", "中文品名"),
        required=False,
        width=32,
        example="六角螺栓 M8×40 镀锌",
    )
    category = Column(
        ("Category", "类别"),
        parsers.text(max_length=120),
        ("Category code", "分类"),
        required=False,
        example="bolts",
        note=_("The category's code or name."),
    )
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM", "Unit of measure"), width=12, example="H87")
    moq = Column(
        ("Minimum order", "最小起订量"),
        parsers.quantity(),
        ("MOQ", "Minimum order quantity"),
        required=False,
        example="100",
    )
    lead_time_days = Column(
        ("Lead time in days", "交货天数"),
        parsers.whole_number(minimum=0, maximum=3650),
        ("Lead time",),
        required=False,
        example="14",
    )
    brand = Column(("Brand", "品牌"), parsers.text(max_length=80), (), required=False, example="Hanko")
    part_number = Column(
        ("Part number", "零件号"),
        parsers.text(max_length=60),
        ("MPN", "Manufacturer part number"),
        required=False,
        example="DIN 933",
    )
    gtin = Column(
        ("GTIN", "条码"),
        parsers.text(max_length=14),
        ("EAN", "Barcode"),
        required=False,
        example="4006381333931",
    )
    attributes = Column(
        ("Attributes", "属性"),
        AttributeValues(),
        (),
        required=False,
        width=36,
        example="thread=M8; length=40",
    )
    description = Column(
        ("Description", "描述"),
        parsers.text(max_length=4000),
        ("Details",),
        required=False,
        width=60,
        example="Full thread, strength class 8.8",
    )


BLANK: dict[str, Any] = {"category": None, "moq": Decimal(1), "lead_time_days": None, "attributes": {}}
"""What an optional field is when its cell is blank; texts are empty."""


def catalogue_rows(products: QuerySet[Product]) -> Iterator[dict[str, Any]]:
    """The rows an export writes, read a few thousand at a time."""
    columns = [name for name in CatalogueSheet.columns if name != "category"]
    found = products.order_by("sku").values(*columns, "category__code")
    for product in found.iterator(chunk_size=ROWS_AT_ONCE):
        row = {name: product[name] if product[name] not in ("", {}) else None for name in columns}
        yield row | {"category": product["category__code"]}

"""A supplier's catalogue as a table: one row per item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, sales
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Sheet
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from suppliers.cataloguing import CatalogueSession
from suppliers.models import Attribute, Category, Product
from suppliers.sheets.attributes import AttributeValues, with_columns
from suppliers.sheets.packages import Packages

ROWS_AT_ONCE = 2_000


class CatalogueSheet(Sheet):
    code = "catalogue"
    title = _("Catalogue")
    about = _(
        "One row per item; the item number says which. New numbers become drafts. A blank cell empties the field; "
        "a column left out leaves it as it is. Attributes may stand together in one cell or each in a column of its "
        "own, headed by its name. Items missing from the file stay as they are unless you ask to delist them."
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
        often_called="description",
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
        note=_("The category's code or name, in either language."),
        takes_section=True,
    )
    variant_of = Column(
        ("Variant of", "主型号"),
        parsers.text(max_length=60),
        ("Parent item", "Parent SKU", "主货号"),
        required=False,
        note=_("The item number of the item this one is a size, colour or other variant of."),
    )
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM", "Unit of measure"), width=12, example="H87")
    moq = Column(
        ("Minimum order", "最小起订量"),
        parsers.quantity(),
        ("MOQ", "Minimum order quantity"),
        required=False,
        example="100",
    )
    packages = Column(
        ("Package contents", "包装含量"),
        Packages(),
        ("Packages of the item",),
        required=False,
        width=24,
        example="carton=1000; pallet=24000",
        note=_("How much of the item's unit each package holds. Prices may then be for a package, too."),
        rests_on=("sku", "unit"),
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
        rests_on=("sku", "category"),
        note=_("Or one column for each attribute, headed by its name."),
    )
    description = Column(
        ("Description", "描述"),
        parsers.text(max_length=4000),
        ("Details",),
        required=False,
        width=60,
        example="Full thread, strength class 8.8",
    )


@register
class Catalogue(Format):
    sheet, by = CatalogueSheet, sales
    session_class = CatalogueSession
    can_delist = True

    def reading_sheet(self) -> type[Sheet]:
        return with_columns(self.sheet, Attribute.objects.values_list("code", "name", "native_name"))

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        return catalogue_rows(Product.objects.filter(supplier_id=organisation_id))

    def choices(self, *, organisation_id: UUID) -> Mapping[str, Sequence[str]]:
        return {"category": list(Category.objects.order_by("code").values_list("code", flat=True))}


def catalogue_rows(products: QuerySet[Product]) -> Iterator[dict[str, Any]]:
    """The rows an export writes, read a few thousand at a time."""
    related = {"category": "category__code", "variant_of": "variant_of__sku"}
    fields = [related.get(name, name) for name in CatalogueSheet.columns]
    found = products.order_by("sku").values_list(*fields)
    for product in found.iterator(chunk_size=ROWS_AT_ONCE):
        told = zip(CatalogueSheet.columns, product, strict=True)
        yield {name: value if value or value == 0 else None for name, value in told}

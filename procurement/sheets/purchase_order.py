"""The lines of a purchase order as a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault, Invalid
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from b2b.tax import InvalidTax, Tax, VatCategory
from procurement.models import PurchaseOrder
from procurement.order_lines import OrderedLine
from procurement.sheets.uploads import numbered
from suppliers.models import Product

CATEGORIES = {category.value: category.label for category in VatCategory}


class PurchaseOrderSheet(Sheet):
    """One row for each thing ordered."""

    code = "purchase_order"
    title = _("Purchase order")
    about = _(
        "One row for each thing you order. The rows take the place of the lines that were there. With the supplier's "
        "item number, what is left empty is taken from its catalogue."
    )

    number = Column(
        ("Line", "行号"),
        parsers.whole_number(positive=True, maximum=1_000_000),
        ("No.", "Pos.", "Line no.", "Line number", "序号"),
        required=False,
        example="1",
        note=_("Without numbers the rows are counted."),
        width=8,
    )
    sku = Column(
        ("Supplier's item number", "供应商货号"), parsers.text(max_length=60), ("SKU", "Article", "货号"),
        required=False, example="HB-M8-40",
    )  # fmt: skip
    item_number = Column(("Item number", "物料编号"), parsers.text(max_length=60), ("Item code",), required=False)
    item = Column(
        ("Item", "品名"), parsers.text(max_length=500), ("Description", "名称", "规格型号"), required=False,
        example="Hex bolt M8x40, zinc plated", width=48,
    )  # fmt: skip
    quantity = Column(("Quantity", "数量"), parsers.quantity(), ("Qty",), example="2000", width=12)
    unit = Column(("Unit", "单位"), parsers.unit(), ("UOM", "计量单位"), required=False, example="C62", width=10)
    unit_price = Column(
        ("Unit price", "单价"), parsers.unit_price(), ("Price", "不含税单价"), required=False, example="0.12",
        note=_("Without tax, in the order's currency."),
    )  # fmt: skip
    vat_category = Column(
        ("VAT category", "增值税类别"), parsers.choice(CATEGORIES), ("Tax category",), required=False, example="S",
        note=_("S standard, Z zero, E exempt, AE reverse charge, K intra-Community, G export, O outside the scope."),
        width=10,
    )  # fmt: skip
    vat_rate = Column(
        ("VAT rate", "增值税率"),
        parsers.percent(),
        ("VAT", "Tax rate", "税率"),
        required=False,
        example="13%",
        width=10,
    )
    requested_on = Column(
        ("Requested for", "要求交货日期"), parsers.day(), ("Delivery date", "Requested delivery", "交货日期"),
        required=False, example="2027-03-31",
    )  # fmt: skip
    variance_reason = Column(
        ("Why the price differs", "价格差异原因"), parsers.text(max_length=200), required=False, width=32
    )

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        if row["sku"] is None:
            for name in ("item", "unit", "unit_price"):
                if row[name] is None:
                    yield Wrong(name, "required", gettext("Fill this in, or name the supplier's item number."))
        if problem := _tax_problem(row):
            yield Wrong("vat_rate", "tax-does-not-fit", problem)


def _tax_problem(row: Row) -> str:
    if row["vat_category"] is None:
        return gettext("Name the category, too.") if row["vat_rate"] is not None else ""
    try:
        Tax(VatCategory(row["vat_category"]), row["vat_rate"] or Decimal(0))
    except InvalidTax as problem:
        return str(problem)
    return ""


def ordered_lines(order: PurchaseOrder, rows: Sequence[Row]) -> list[OrderedLine]:
    """Raises ``Invalid`` for an item number the supplier does not have."""
    products = _products(order, rows)
    return [
        OrderedLine(
            number=number,
            item=row["item"] or "",
            code=row["item_number"] or "",
            product_id=products.get(row["sku"]),
            quantity=row["quantity"],
            unit=row["unit"] or "",
            unit_price=row["unit_price"],
            vat_category=row["vat_category"],
            vat_rate=row["vat_rate"],
            requested_on=row["requested_on"],
            variance_reason=row["variance_reason"] or "",
        )
        for number, row in zip(numbered(rows), rows, strict=True)
    ]


def _products(order: PurchaseOrder, rows: Sequence[Row]) -> dict[str, UUID]:
    """Item numbers to products, in one query."""
    wanted = {row["sku"] for row in rows} - {None}
    found = dict(Product.objects.filter(supplier_id=order.supplier_id, sku__in=wanted).values_list("sku", "pk"))
    detail = gettext("The supplier does not offer this product.")
    faults = [
        Fault(f"#/lines/{index}/sku", "product-not-offered", detail)
        for index, row in enumerate(rows)
        if row["sku"] is not None and row["sku"] not in found
    ]
    if faults:
        raise Invalid(faults=faults)
    return found


def line_rows(order: PurchaseOrder, *, with_reasons: bool) -> Iterator[dict[str, Any]]:
    """The lines as the sheet writes them."""
    columns = (
        "number", "product__sku", "code", "item", "quantity", "unit", "unit_price", "vat_category", "vat_rate",
        "requested_on", "variance_reason",
    )  # fmt: skip
    for row in order.lines.order_by("number").values(*columns).iterator():
        reason = row["variance_reason"] or None if with_reasons else None
        yield {**row, "sku": row["product__sku"], "item_number": row["code"] or None, "variance_reason": reason}

"""The lines of a purchase order as a table: what is ordered, at which price, for when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault, Invalid
from b2b.policy import Actor, buyer, requester
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from b2b.tax import InvalidTax, Tax, VatCategory, fits
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from b2b.uploads.lines import Values
from b2b.workflow.editing import require_editable
from procurement import ordering
from procurement.models import PurchaseOrder, PurchaseOrderLine
from procurement.order_lines import OrderedLine
from procurement.sheets.document_lines import DocumentLines, numbered
from suppliers.models import Product

FILLED = frozenset({"item", "item_number", "unit", "unit_price", "vat_category", "vat_rate"})
"""Columns the catalogue or the buyer's policy fills in."""
OF_WHOLE_ROWS = frozenset({"settled-by-source"})
CATEGORIES = {category.value: category.label for category in VatCategory}


class PurchaseOrderLineSheet(Sheet):
    """One row for each thing ordered."""

    code = "purchase_order_lines"
    title = _("Purchase order lines")
    about = _(
        "One row for each thing you order. A row changes the line that has its number; lines the table does not name "
        "stay, or go if you ask for that. With the supplier's item number, what is left empty is taken from its "
        "catalogue, the price from the price list in force."
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
        example="Hex bolt M8x40, zinc plated", width=48, rests_on=("sku",),
    )  # fmt: skip
    quantity = Column(("Quantity", "数量"), parsers.quantity(), ("Qty",), example="2000", width=12)
    unit = Column(
        ("Unit", "单位"), parsers.unit(), ("UOM", "计量单位"), required=False, example="C62", width=10,
        rests_on=("sku",),
    )  # fmt: skip
    unit_price = Column(
        ("Unit price", "单价"), parsers.unit_price(), ("Price", "不含税单价"), required=False, example="0.12",
        note=_("Without tax, in the order's currency."), rests_on=("sku", "quantity", "unit", "currency"),
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
        rests_on=("vat_category", "sku"),
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
    rate = row["vat_rate"] or Decimal(0)
    if fits(row["vat_category"], rate):
        return ""
    try:
        Tax(VatCategory(row["vat_category"]), rate)
    except InvalidTax as problem:
        return str(problem)
    return ""


def ordered_lines(order: PurchaseOrder, rows: Sequence[Row]) -> list[OrderedLine]:
    """Raises ``Invalid`` for an item number the supplier does not have."""
    products = _products(order, rows)
    return [
        ordered_line(row, number, products.get(row["sku"])) for number, row in zip(numbered(rows), rows, strict=True)
    ]


def ordered_line(row: Row, number: int, product_id: UUID | None) -> OrderedLine:
    return OrderedLine(
        number=number,
        item=row["item"] or "",
        code=row["item_number"] or "",
        product_id=product_id,
        quantity=row["quantity"],
        unit=row["unit"] or "",
        unit_price=row["unit_price"],
        vat_category=row["vat_category"],
        vat_rate=row["vat_rate"],
        requested_on=row["requested_on"],
        variance_reason=row["variance_reason"] or "",
    )


def _products(order: PurchaseOrder, rows: Sequence[Row]) -> dict[str, UUID]:
    """Item numbers to products, in one query."""
    wanted = {row["sku"] for row in rows} - {None}
    found = dict(Product.objects.filter(supplier_id=order.supplier_id, sku__in=wanted).values_list("sku", "pk"))
    faults = [
        not_offered(index) for index, row in enumerate(rows) if row["sku"] is not None and row["sku"] not in found
    ]
    if faults:
        raise Invalid(faults=faults)
    return found


def not_offered(index: int) -> Fault:
    detail = gettext("The supplier does not offer this product.")
    return Fault(f"#/lines/{index}/sku", "product-not-offered", detail)


def line_rows(order: PurchaseOrder, *, with_reasons: bool) -> Iterator[dict[str, Any]]:
    """The lines as the sheet writes them."""
    columns = (
        "number", "product__sku", "code", "item", "quantity", "unit", "unit_price", "vat_category", "vat_rate",
        "requested_on", "variance_reason",
    )  # fmt: skip
    for row in order.lines.order_by("number").values(*columns).iterator():
        yield told_line(row) if with_reasons else {**told_line(row), "variance_reason": None}


def told_line(row: dict[str, Any]) -> dict[str, Any]:
    """A line's columns as the sheet has them."""
    sku, code, reason = row.pop("product__sku"), row.pop("code"), row["variance_reason"]
    return {**row, "sku": sku, "item_number": code or None, "variance_reason": reason or None}


def filled_in(line: OrderedLine | PurchaseOrderLine) -> Values:
    """What the rules made of blank cells."""
    return {
        "item": line.item or None,
        "item_number": line.code or None,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "vat_category": line.vat_category,
        "vat_rate": line.vat_rate,
    }


class PurchaseOrderLinesSession(DocumentLines):
    of_whole_rows: ClassVar = OF_WHOLE_ROWS
    filled = FILLED
    typed: ClassVar = {
        "quantity": Decimal, "unit_price": Decimal, "vat_rate": Decimal, "requested_on": date.fromisoformat,
    }  # fmt: skip
    asking = frozenset({"sku"})

    def there(self) -> Mapping[int, Values]:
        return {row["number"]: row for row in line_rows(self.target, with_reasons=True)}

    def said(self, rows: Sequence[Row]) -> Sequence[OrderedLine]:
        return ordered_lines(self.target, rows)

    def present(self) -> Mapping[int, OrderedLine]:
        return ordering.present_lines(self.target)

    def settle_lines(self, lines: Sequence[OrderedLine]) -> Sequence[Values]:
        return [filled_in(line) for line in ordering.considered(self.target, lines)]

    def rewrite(self, lines: Sequence[OrderedLine]) -> None:
        ordering.rewrite(self.target, lines)

    def recount(self) -> None:
        ordering.recount(self.target)


@register
class PurchaseOrderLines(Format):
    sheet, by, session_class, target = (
        PurchaseOrderLineSheet, buyer | requester, PurchaseOrderLinesSession, PurchaseOrder,
    )  # fmt: skip
    can_delist: ClassVar = True

    def check_target(self, target: PurchaseOrder, actor: Actor) -> None:
        require_editable(target, actor)

    def rows(self, *, organisation_id: UUID, target: PurchaseOrder, actor: Actor) -> Iterator[Mapping[str, Any]]:
        return line_rows(target, with_reasons=organisation_id == target.buyer_id)

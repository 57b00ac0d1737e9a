"""Many purchase orders in one table: the rows with one reference become one draft."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from b2b.models import Organisation
from b2b.policy import Actor, buyer, requester
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from credit.terms import Terms
from procurement.models import PurchaseOrder, PurchaseOrderLine
from procurement.models.purchase_order import GIVEN_UP
from procurement.sheets.order_groups import PurchaseOrdersSession
from procurement.sheets.purchase_order_lines import PurchaseOrderLineSheet, told_line

MOST_SUPPLIERS_OFFERED = 500


class PurchaseOrdersSheet(Sheet):
    """One row for each line of each order."""

    code = "purchase_orders"
    title = _("Purchase orders")
    about = _(
        "One row for each thing you order; rows with the same order reference become one draft order of one supplier. "
        "What concerns the whole order may stand in its first row only. A reference that is a draft of yours already "
        "changes that draft: lines the table does not name stay. An order that has left the draft is not changed. "
        "Undoing discards the new drafts and gives the others back what they said, as long as nobody went on with them."
    )
    key = ("order", "number")

    order = Column(
        ("Order reference", "订单编号"), parsers.text(max_length=60),
        ("Order", "Order number", "Order no.", "PO number", "PO no.", "Purchase order", "采购订单号", "订单号"),
        example="4500012345", note=_("Your own number; it groups the rows."),
    )  # fmt: skip
    supplier = Column(
        ("Supplier", "供应商"), parsers.text(max_length=200), ("Vendor", "Supplier name", "Vendor name", "供应商名称"),
        required=False, example="Nordwind Fasteners GmbH", width=32, rests_on=("order",),
        note=_("The name as registered, or its VAT, USCC, LEI, GLN or D-U-N-S number."),
    )  # fmt: skip
    title_of_order = Column(
        ("Order title", "订单标题"), parsers.text(max_length=200), ("Subject", "Title"), required=False, width=28
    )
    currency = Column(
        ("Currency", "币种"), parsers.currency(), required=False, example="EUR", width=10, rests_on=("order",)
    )
    payment_terms = Column(
        ("Payment terms", "付款条件"), parsers.choice(Terms), ("Terms",), required=False, example="net_30", width=22
    )
    place = Column(
        ("Ship to", "送货地点"), parsers.text(max_length=200),
        ("Ship-to", "Delivery address", "Deliver to", "收货地址"), required=False, width=28,
    )  # fmt: skip
    number = PurchaseOrderLineSheet.number
    sku = PurchaseOrderLineSheet.sku
    item_number = PurchaseOrderLineSheet.item_number
    item = PurchaseOrderLineSheet.item
    quantity = PurchaseOrderLineSheet.quantity
    unit = PurchaseOrderLineSheet.unit
    unit_price = PurchaseOrderLineSheet.unit_price
    vat_category = PurchaseOrderLineSheet.vat_category
    vat_rate = PurchaseOrderLineSheet.vat_rate
    requested_on = PurchaseOrderLineSheet.requested_on
    variance_reason = PurchaseOrderLineSheet.variance_reason

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        return PurchaseOrderLineSheet.check(row)


@register
class PurchaseOrders(Format):
    sheet, by, session_class = PurchaseOrdersSheet, buyer | requester, PurchaseOrdersSession
    makes: ClassVar = PurchaseOrder
    needs_currency: ClassVar = True

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        """Every order that is not given up, the oldest first."""
        orders = PurchaseOrder.objects.filter(buyer_id=organisation_id).exclude(state__in=GIVEN_UP)
        return order_rows(orders)

    def choices(self, *, organisation_id: UUID) -> Mapping[str, Sequence[str]]:
        known = Organisation.objects.suppliers().exclude(pk=organisation_id).order_by("name")
        return {"supplier": list(known.values_list("name", flat=True)[:MOST_SUPPLIERS_OFFERED])}


def order_rows(orders: QuerySet[PurchaseOrder]) -> Iterator[dict[str, Any]]:
    """The orders' lines as the sheet writes them, in one pass."""
    columns = (
        "number", "product__sku", "code", "item", "quantity", "unit", "unit_price", "vat_category", "vat_rate",
        "requested_on", "variance_reason", "order_id", "order__buyer_reference", "order__number",
        "order__supplier__name", "order__title", "order__currency", "order__payment_terms", "order__place",
    )  # fmt: skip
    lines = PurchaseOrderLine.objects.filter(order__in=orders).order_by("order_id", "number")
    for row in lines.values(*columns).iterator():
        order_id, reference, number = row.pop("order_id"), row.pop("order__buyer_reference"), row.pop("order__number")
        head = {name: row.pop(f"order__{column}") or None for name, column in HEAD_COLUMNS.items()}
        yield told_line(row) | head | {"order": reference or number or str(order_id)}


HEAD_COLUMNS = {
    "supplier": "supplier__name", "title_of_order": "title", "currency": "currency", "payment_terms": "payment_terms",
    "place": "place",
}  # fmt: skip
"""Sheet columns that concern the whole order, and where its value is."""

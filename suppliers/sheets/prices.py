"""A price list as a table: one row per item and tier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Sheet
from suppliers.models import PriceList


class PriceSheet(Sheet):
    code = "prices"
    title = _("Price list")
    about = _("One row per item and tier. What is in the file replaces what is in the draft price list.")
    key: ClassVar = ("sku", "min_quantity")

    sku = Column(
        ("Item number", "货号"),
        parsers.text(max_length=60),
        ("SKU", "Item no.", "Article", "编号"),
        example="HX-M8-40",
    )
    name = Column(
        ("Name", "名称"),
        parsers.text(max_length=200),
        (),
        required=False,
        width=40,
        note=_("Only to read by; not imported."),
    )
    min_quantity = Column(
        ("From quantity", "起订数量"),
        parsers.quantity(),
        ("Tier", "From", "Min. quantity"),
        required=False,
        example="100",
        note=_("Blank means 1."),
    )
    unit_price = Column(("Unit price", "单价"), parsers.unit_price(), ("Price",), example="0.125")
    price_base_quantity = Column(
        ("Price is for", "计价数量"),
        parsers.quantity(),
        ("Per", "Price unit"),
        required=False,
        example="1",
        note=_("How many units the price is for, such as 1000. Blank means 1."),
    )


def price_rows(price_list: PriceList) -> Iterator[dict[str, Any]]:
    prices = price_list.prices.order_by("product__sku", "min_quantity")
    names = ("min_quantity", "unit_price", "price_base_quantity")
    for row in prices.values("product__sku", "product__name", *names):
        yield {"sku": row["product__sku"], "name": row["product__name"], **{name: row[name] for name in names}}

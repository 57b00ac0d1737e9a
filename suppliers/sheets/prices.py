"""A price list as a table: one row per item and tier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.policy import Actor, sales
from b2b.sheets import parsers
from b2b.sheets.parser import PricedIn
from b2b.sheets.sheet import Column, Row, Sheet, Wrong
from b2b.uploads.format import Format
from b2b.uploads.formats import register
from b2b.workflow.editing import require_editable
from suppliers.listing_prices import PriceSession
from suppliers.models import PriceList
from suppliers.models.price import IN_TURN, Scope
from suppliers.placing_prices import open_lists, side_by_side, span_of, terms_of
from suppliers.sheets.customers import CustomerName

ROWS_AT_ONCE = 2_000
ONE = Decimal(1)
SCOPES = {
    **dict.fromkeys(("promo", "special", "special offer", "sale", "campaign", "aktion", "活动", "特价"), "promotion"),
    **dict.fromkeys(("regular", "list", "normal", "base", "常规", "普通"), "standard"),
}
"""What people call the kinds of lists."""


class PriceSheet(Sheet):
    code = "prices"
    title = _("Price list")
    about = _(
        "One row per item and tier. Brought into a draft price list, what is in the file replaces what is in the "
        "draft; while rows have faults, nothing is taken out of it. Brought without one, the rows make a draft price "
        "list for each currency, customer and kind, valid from the earliest of their days to the latest, or go into "
        "the draft that is there already. Each price keeps its own days: of an item from one quantity on, one price is "
        "valid on a day, and one without an end is valid until the next begins. A price in another unit than the "
        "item's is converted, as an export shows it. Prices of published lists stay as they are: where the file has "
        "others, they become the next draft; where the file gives all prices of a list one last day, the list ends. A "
        "price that rises more than its category allows needs approval."
    )
    key: ClassVar = ("sku", "min_quantity", "currency", "customer", "scope", "valid_from")

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
        note=_("In the row's unit. Blank: from 1 of the item's unit on; where the price is for a package, from one."),
        rests_on=("unit",),
    )
    unit_price = Column(
        ("Unit price", "单价"),
        parsers.unit_price(for_several=True),
        ("Price",),
        example="0.125",
        note=_("What it is for may stand behind it: 12.50/100 piece."),
        rests_on=("price_base_quantity", "unit"),
    )
    unit = Column(
        ("Unit", "单位"),
        parsers.priced_unit(),
        ("UOM", "Unit of measure"),
        required=False,
        example="piece",
        note=_(
            "The unit of the row's price and quantities, such as carton, or what the price is for, such as 100 piece. "
            "Blank: the item's unit. Another one is converted, by the item's packages too."
        ),
    )
    price_base_quantity = Column(
        ("Price is for", "计价数量"),
        parsers.quantity(),
        ("Per", "Price unit"),
        required=False,
        example="1",
        note=_("How many of the row's unit the price is for, such as 1000. Blank means 1."),
        rests_on=("unit",),
    )
    currency = Column(
        ("Currency", "币种"),
        parsers.currency(),
        required=False,
        width=10,
        note=_("Blank: that of the price list, or the one named with the file."),
    )
    customer = Column(
        ("Customer", "客户"),
        CustomerName(max_length=200),
        ("Buyer", "Customer name", "客户名称"),
        required=False,
        width=28,
        note=_("The customer's name, for prices of one customer. Blank, or only a dash: for everybody."),
    )
    scope = Column(
        ("Kind of list", "价目类型"),
        parsers.choice(Scope, aliases=SCOPES),
        ("Scope",),
        required=False,
        note=_("Blank: standard."),
    )
    valid_from = Column(
        ("Valid from", "生效日期"),
        parsers.day(),
        ("From date", "Start date"),
        required=False,
        note=_("Blank: that of the price list, or the day of the upload."),
        rests_on=("valid_until",),
    )
    valid_until = Column(
        ("Valid until", "失效日期"),
        parsers.day(),
        ("To date", "End date", "Valid to"),
        required=False,
        note=_("The last day. Blank: until the next price begins, else as long as the list or until further notice."),
        rests_on=("valid_from",),
    )

    @classmethod
    def check(cls, row: Row) -> Iterable[Wrong]:
        begins, ends = row["valid_from"], row["valid_until"]
        if begins and ends and ends < begins:
            yield Wrong("valid_until", "ends-before-it-begins", gettext("The validity ends before it begins."))
        base, priced_in = row["price_base_quantity"], row["unit"]
        if base and priced_in and priced_in.count not in (1, base):
            detail = gettext("Beside the price it says that it is for %(count)s. Leave one of the two out.")
            yield Wrong("price_base_quantity", "price-for-several", detail % {"count": priced_in})


@register
class Prices(Format):
    sheet, by = PriceSheet, sales
    session_class = PriceSession
    target = PriceList
    target_required = False
    replaces = True
    needs_currency = True

    def check_target(self, target: PriceList, actor: Actor) -> None:
        require_editable(target, actor)

    def notes(self, *, organisation_id: UUID, target: Any) -> Sequence[str]:
        """The lists that a table of all cannot hold."""
        if target is not None:
            return ()
        lists = open_lists(organisation_id)
        told = side_by_side(lists)
        return [_left_out(one, told) for one in lists if one not in told]

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        if target is not None:
            yield from price_rows(target)
            return
        for price_list in side_by_side(open_lists(organisation_id)):
            particulars = {"customer": price_list.buyer.name if price_list.buyer else None, "scope": price_list.scope}
            yield from (row | particulars for row in price_rows(price_list, dated=True))


def _left_out(one: PriceList, told: Iterable[PriceList]) -> str:
    """Why a list cannot stand in one table with those that are told."""
    other = next(each for each in told if terms_of(each) == terms_of(one) and span_of(each).meets(span_of(one)))
    detail = gettext(
        "“%(list)s” (%(state)s) is not in this table: its days meet those of “%(other)s” (%(other_state)s), which is "
        "in the same currency and for the same customer. Export it on its own page."
    )
    states = {"state": one.get_state_display(), "other_state": other.get_state_display()}
    return detail % {"list": str(one), "other": str(other), **states}


def price_rows(price_list: PriceList, *, dated: bool = False) -> Iterator[dict[str, Any]]:
    """Days where a price has its own; ``dated`` tells those of the list too, for a table that holds several."""
    listed = {name: getattr(price_list, name) if dated else None for name in ("valid_from", "valid_until")}
    prices = price_list.prices.order_by("product__sku", *IN_TURN)
    names = ("min_quantity", "unit_price", "price_base_quantity")
    read = prices.values("product__sku", "product__name", "product__unit", *names, *listed)
    for row in read.iterator(chunk_size=ROWS_AT_ONCE):
        told = {"sku": row["product__sku"], "name": row["product__name"], **{name: row[name] for name in names}}
        told["unit"] = PricedIn(ONE, row["product__unit"])
        yield told | {name: row[name] or day for name, day in listed.items()} | {"currency": price_list.currency}

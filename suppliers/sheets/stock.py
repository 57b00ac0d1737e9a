"""How much of each item lies ready, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.clock import database_now
from b2b.policy import Actor, sales
from b2b.sheets import parsers
from b2b.sheets.sheet import Column, Sheet
from b2b.uploads.format import Candidate, Format
from b2b.uploads.formats import register
from b2b.uploads.register import Register, There
from b2b.uploads.told import told
from suppliers.item_numbers import Numbers
from suppliers.models import Product, Stock

ROWS_AT_ONCE = 2_000


class StockSheet(Sheet):
    code = "stock"
    title = _("Stock")
    about = _(
        "One row per item of your catalogue: how much lies ready, in the item's unit, and below how much you want to "
        "be warned. Items missing from the file keep the stock they have; without a column for the warning, the "
        "warnings stay as they are."
    )
    key: ClassVar = ("sku",)

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
    on_hand = Column(
        ("On hand", "现有库存"),
        parsers.quantity(minimum=0, positive=False),
        ("Stock", "Quantity on hand", "In stock", "库存"),
        example="1200",
    )
    warn_below = Column(
        ("Warn below", "预警下限"),
        parsers.quantity(minimum=0, positive=False),
        ("Reorder point", "Minimum stock", "Safety stock", "安全库存"),
        required=False,
        example="200",
        note=_("Blank: no warning."),
    )


class StockSession(Register):
    model = Stock
    fields: ClassVar = {"on_hand": "on_hand", "warn_below": "warn_below"}
    set_by_rules = ("updated_at",)
    key_field = "product__sku"
    label_field = "product__name"
    versioned = False

    def owned(self) -> QuerySet[Stock]:
        return Stock.objects.filter(product__supplier_id=self.upload.organisation_id)

    def review(self, rows: Sequence[Candidate]) -> None:
        numbers = [row.row["sku"] for row in rows]
        own = Product.objects.filter(supplier_id=self.upload.organisation_id, sku__in=numbers)
        self.products = dict(own.values_list("sku", "pk"))
        self.now = told(database_now())
        super().review(rows)

    def existing(self, keys: Sequence[str]) -> dict[str, There]:
        found = self.owned().filter(product__sku__in=keys)
        names = ("on_hand", "warn_below", "updated_at")
        return {row["key"]: row for row in found.values(*names, id=F("pk"), key=F("product__sku"))}

    def values_of(self, row: Candidate, there: There | None) -> Mapping[str, Any]:
        if row.key not in self.products:
            like = self.numbers.like(row.key)
            row.fault("sku", "unknown-product", gettext("Your catalogue has no item of this number."), suggestions=like)
        given = (name for name in ("on_hand", "warn_below") if name in row.places or row.row[name] is not None)
        return {name: row.row[name] for name in given}

    def _compare(self, row: Candidate, there: There | None) -> None:
        """A row of stock bears its item's key; when it was last said goes with what is said."""
        super()._compare(row, there)
        if row.outcome == "new":
            row.document_id = self.products[row.key]
        elif row.outcome == "changed" and there and row.before is not None and row.after is not None:
            row.before["updated_at"], row.after["updated_at"] = told(there["updated_at"]), self.now

    @cached_property
    def numbers(self) -> Numbers:
        return Numbers(self.upload.organisation_id)

    def missing(self) -> Any:
        """Nothing is to be done with stock the file does not tell of."""
        return None

    def heading_of(self, column: str) -> str:
        return gettext("as of") if column == "updated_at" else super().heading_of(column)


@register
class StockFormat(Format):
    sheet, by = StockSheet, sales
    session_class = StockSession

    def rows(self, *, organisation_id: UUID, target: Any, actor: Actor) -> Iterator[Mapping[str, Any]]:
        names = ("on_hand", "warn_below")
        found = Stock.objects.filter(product__supplier_id=organisation_id).order_by("product__sku")
        for row in found.values("product__sku", "product__name", *names).iterator(chunk_size=ROWS_AT_ONCE):
            yield {"sku": row["product__sku"], "name": row["product__name"], **{name: row[name] for name in names}}

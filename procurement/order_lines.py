"""Lines to order, and what the catalogue adds to them: name, unit, number and price of a product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from b2b.fields import PRICE_PLACES
from b2b.number import half_up
from procurement.models import PurchaseOrderLine
from suppliers.models import Product
from suppliers.pricing import prices_in_force


# Not frozen: a sheet makes thousands, and each would take three times as long. Nobody changes one; see ``replace``.
@dataclass(slots=True)
class OrderedLine:
    """One line to order.

    ``source_unit_price`` is the price agreed before, in the order's currency. With a product, what is
    left empty is taken from the catalogue, the price from the price list in force.
    """

    number: int
    quantity: Decimal
    item: str = ""
    unit: str = ""
    unit_price: Decimal | None = None
    code: str = ""
    product_id: UUID | None = None
    rfq_line_id: UUID | None = None
    requested_on: date | None = None
    vat_category: str | None = None
    vat_rate: Decimal | None = None
    source_unit_price: Decimal | None = None
    variance_reason: str = ""

    @property
    def is_agreed(self) -> bool:
        """Whether its price comes from a document before, which counts more than the catalogue of today."""
        return self.source_unit_price is not None


def completed(
    lines: Sequence[OrderedLine], *, buyer_id: UUID, supplier_id: UUID, currency: str
) -> Sequence[OrderedLine]:
    """The lines with what the catalogue adds, in two queries. Raises ``Invalid`` for a product not on offer."""
    open_lines = [line for line in lines if line.product_id is not None and not line.is_agreed]
    if not open_lines:
        return lines
    products = Product.objects.offered(database_now()).filter(supplier_id=supplier_id)
    known = products.in_bulk({line.product_id for line in open_lines})
    if faults := [*_unknown(lines, known)]:
        raise Invalid(faults=faults)
    prices = _prices(open_lines, buyer_id, currency)
    return [_filled(line, known, prices) for line in lines]


def _unknown(lines: Sequence[OrderedLine], known: Mapping[UUID, Product]) -> Iterator[Fault]:
    for index, line in enumerate(lines):
        if line.product_id is not None and not line.is_agreed and line.product_id not in known:
            yield Fault(
                f"#/lines/{index}/product", "product-not-offered", gettext("The supplier does not offer this product.")
            )


def _prices(lines: Sequence[OrderedLine], buyer_id: UUID, currency: str) -> dict[UUID, Decimal]:
    """What one unit costs today at the quantity of the whole order."""
    quantities: dict[UUID, Decimal] = defaultdict(Decimal)
    for line in lines:
        if line.product_id is not None:
            quantities[line.product_id] += line.quantity
    found = prices_in_force(quantities, buyer_id=buyer_id, currency=currency, on=database_now().date())
    return {key: half_up(price.unit_price / price.price_base_quantity, PRICE_PLACES) for key, price in found.items()}


def _filled(line: OrderedLine, products: Mapping[UUID, Product], prices: Mapping[UUID, Decimal]) -> OrderedLine:
    if line.product_id is None or line.is_agreed:
        return line
    product, price = products[line.product_id], prices.get(line.product_id)
    return replace(
        line,
        item=line.item or product.name,
        code=line.code or product.sku,
        unit=line.unit or product.unit,
        unit_price=price if line.unit_price is None else line.unit_price,
        source_unit_price=price if line.unit in {"", product.unit} else None,
    )


def still_agreed(line: OrderedLine, present: Mapping[int, PurchaseOrderLine]) -> OrderedLine:
    """The line, with the price that was agreed while it stood for the same thing."""
    before = present.get(line.number)
    if line.is_agreed or before is None or before.source_unit_price is None or not _same(line, before):
        return line
    return replace(line, source_unit_price=before.source_unit_price, rfq_line_id=before.rfq_line_id)


def beyond_source(lines: Sequence[OrderedLine], present: Mapping[int, PurchaseOrderLine]) -> Iterator[Fault]:
    """Where lines ask for more than the award or contract behind the order has settled."""
    for index, line in enumerate(lines):
        before = present.get(line.number)
        if before is None:
            yield settled(f"#/lines/{index}/number")
        elif not _same(line, before):
            yield settled(f"#/lines/{index}/item")
        elif line.quantity > before.quantity:
            yield settled(f"#/lines/{index}/quantity")


def settled(pointer: str) -> Fault:
    return Fault(pointer, "settled-by-source", gettext("The award or contract behind the order has settled this."))


def _same(line: OrderedLine, before: PurchaseOrderLine) -> bool:
    return (line.product_id, line.item, line.unit) == (before.product_id, before.item, before.unit)

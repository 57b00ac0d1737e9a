"""What can be wrong with what a draft shall say; pointers count from zero in the order given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from contracts.placeholders import names_in_all
from contracts.workflow.wording import unknown_places, wording_faults
from procurement.line_rules import line_faults, price_faults
from procurement.order_lines import OrderedLine
from suppliers.models import Product

if TYPE_CHECKING:
    from contracts.models import Contract
    from contracts.price_line import PriceLine


def price_line_faults(lines: Sequence[PriceLine], currency: str) -> Iterator[Fault]:
    """What an order line must be like, a price line must be, too; without a quantity it is judged for one unit."""
    ordered = [_as_ordered(line) for line in lines]
    yield from line_faults(ordered)
    yield from price_faults(ordered, currency)


def _as_ordered(line: PriceLine) -> OrderedLine:
    return OrderedLine(
        number=line.number,
        item=line.item,
        quantity=Decimal(1) if line.quantity is None else line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
    )


def require_offered(contract: Contract, lines: Sequence[PriceLine]) -> None:
    """Products somebody names must be the supplier's; an award has settled its own. Raises ``Invalid``."""
    named = {line.product_id for line in lines if line.product_id is not None}
    offered = Product.objects.offered(database_now()).filter(supplier_id=contract.supplier_id, pk__in=named)
    missing = named - set(offered.values_list("pk", flat=True)) if named else set()
    detail = gettext("The supplier does not offer this product.")
    faults = [
        Fault(f"#/lines/{index}/product", "product-not-offered", detail)
        for index, line in enumerate(lines)
        if line.product_id in missing
    ]
    if faults:
        raise Invalid(faults=faults)


def clause_faults(text: str, chinese_text: str, known: set[str], index: int) -> Iterator[Fault]:
    at = f"#/clauses/{index}"
    yield from wording_faults(text, chinese_text, at=at)
    yield from unknown_places(names_in_all([text, chinese_text]), known, pointer=f"{at}/text")


def field_faults(contract: Contract) -> Iterator[Fault]:
    """A name the template does not have, or a value it does not offer."""
    blanks = {blank.name: blank for blank in contract.blanks()}
    for name in sorted({*contract.fields, *contract.chinese_fields} - blanks.keys()):
        yield Fault(
            f"#/fields/{name}", "unknown-field", gettext("The template has no field “%(name)s”.") % {"name": name}
        )
    for name, blank in blanks.items():
        value = contract.fields.get(name)
        if blank.choices and value and value not in blank.choices:
            yield Fault(
                f"#/fields/{name}",
                "not-a-choice",
                gettext("Choose one of: %(choices)s.") % {"choices": ", ".join(blank.choices)},
            )

"""Writing an invoice: by its supplier, or by the buyer's finance from paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Value
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import DomainError, Fault, Invalid
from b2b.money import line_amount
from b2b.policy import Actor
from b2b.rows import insert
from b2b.together import together
from b2b.workflow import create
from procurement.line_rules import line_faults, price_faults
from procurement.line_writing import write_lines
from procurement.models import Invoice, InvoiceLine, PurchaseOrderLine
from procurement.models.invoice import NumberAsCompared
from procurement.workflow.totalling import totals_of_rows

WRITTEN = ["order_line_id", "item", "quantity", "unit", "unit_price", "amount", "vat_category", "vat_rate"]
ONE_NUMBER = "invoice_number_once_per_supplier"
AS_ORDERED = "as ordered"
"""Stands for the name of a line that only says which order line it bills."""


class InvoiceNumberUsed(DomainError):
    code, title = "invoice-number-used", _("The supplier has used this invoice number before.")


@dataclass(frozen=True, slots=True)
class InvoicedLine:
    """One line billed: which line of the order, how much of it, at what price and tax."""

    number: int
    order_line_id: UUID
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_category: str | None
    vat_rate: Decimal | None
    item: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What the head of the invoice says; ``None`` where it is taken from the lines."""

    net: Decimal | None = None
    tax: Decimal | None = None
    total: Decimal | None = None


def draft(invoice: Invoice, *, lines: Sequence[InvoicedLine], stated: Stated, actor: Actor) -> Invoice:
    """Save a new invoice with its lines. Raises ``Invalid`` or ``InvoiceNumberUsed``."""
    order = invoice.order
    invoice.buyer_id, invoice.supplier_id, invoice.currency = order.buyer_id, order.supplier_id, order.currency
    invoice.author_id = actor.organisation_id
    with number_kept_unique(), together():
        require_new_number(invoice)
        rows = _rows(invoice, lines)
        restate(invoice, rows, stated)
        create(invoice, actor=actor, inputs={"lines": lines, "stated": stated})
        insert(rows)
    return invoice


def rewrite(invoice: Invoice, lines: Sequence[InvoicedLine], *, stated: Stated) -> None:
    """Make these the lines, inside ``editing``. Raises ``Invalid``."""
    rows = _rows(invoice, lines)
    write_lines(invoice.lines, rows, WRITTEN)
    restate(invoice, rows, stated)


def revise(invoice: Invoice, head: Mapping[str, Any], *, lines: Sequence[InvoicedLine] | None, stated: Stated) -> None:
    """Change head or lines, inside ``editing``; the order stays. Raises ``Invalid`` or ``InvoiceNumberUsed``."""
    if head.get("order", invoice.order) != invoice.order:
        raise Invalid(faults=[Fault("#/order", "order-fixed", gettext("An invoice stays with its order."))])
    for name, value in head.items():
        setattr(invoice, name, value)
    require_new_number(invoice)
    if lines is not None:
        rewrite(invoice, lines, stated=stated)
    for name, amount in asdict(stated).items():
        if amount is not None:
            setattr(invoice, name, amount)


def restate(invoice: Invoice, rows: Sequence[InvoiceLine], stated: Stated) -> None:
    """The head: as stated, else as the lines come to. Whether they agree is asked when it is submitted."""
    totals = totals_of_rows(rows, invoice.currency)
    invoice.net = totals.taxable.amount if stated.net is None else stated.net
    invoice.tax = totals.tax.amount if stated.tax is None else stated.tax
    invoice.total = totals.with_tax.amount if stated.total is None else stated.total


def require_new_number(invoice: Invoice) -> None:
    """Raises ``InvoiceNumberUsed`` where the supplier has billed under this number in any year, however written."""
    same = Invoice.objects.filter(supplier_id=invoice.supplier_id).exclude(pk=invoice.pk)
    if same.filter(number_as_compared=NumberAsCompared(Value(invoice.number))).exists():
        raise InvoiceNumberUsed


@contextmanager
def number_kept_unique() -> Iterator[None]:
    """Two who write the same number at once: the database lets one through, the other hears the same refusal."""
    try:
        yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == ONE_NUMBER:
            raise InvoiceNumberUsed from None
        raise


def _rows(invoice: Invoice, lines: Sequence[InvoicedLine]) -> list[InvoiceLine]:
    ordered = invoice.order.lines.in_bulk({line.order_line_id for line in lines})
    if faults := [*_faults(lines, ordered, invoice.currency)]:
        raise Invalid(faults=faults)
    return [_row(invoice, line, ordered[line.order_line_id]) for line in lines]


def _row(invoice: Invoice, line: InvoicedLine, ordered: PurchaseOrderLine) -> InvoiceLine:
    return InvoiceLine(
        invoice=invoice,
        number=line.number,
        order_line=ordered,
        item=line.item or ordered.item,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        amount=line_amount(line.quantity, line.unit_price, invoice.currency).amount,
        vat_category=line.vat_category or ordered.vat_category,
        vat_rate=ordered.vat_rate if line.vat_category is None else line.vat_rate or Decimal(0),
    )


def _faults(lines: Sequence[InvoicedLine], ordered: Mapping[UUID, PurchaseOrderLine], currency: str) -> Iterator[Fault]:
    named = [replace(line, item=line.item or AS_ORDERED) for line in lines]
    yield from line_faults(named)
    yield from price_faults(lines, currency)
    for index, line in enumerate(lines):
        if line.order_line_id not in ordered:
            yield Fault(f"#/lines/{index}/order_line", "unknown-line", gettext("This is not a line of the order."))

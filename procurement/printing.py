"""The order as the supplier gets it: a PDF, kept by its SHA-256 beside the version it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

from babel.numbers import format_decimal
from django.core.files import File

from b2b import attachments
from b2b.currency import reader_locale
from b2b.money import Money
from b2b.pdf import render
from b2b.policy import Actor
from b2b.unit import unit
from procurement.models import OrderPrint, PurchaseOrder

TEMPLATE = "procurement/purchase_order.html"


def print_order(order: PurchaseOrder) -> OrderPrint:
    """Draw this version of the order in the supplier's language, once."""
    if printed := order.prints.filter(order_version=order.version).first():
        return printed
    rendered = render(TEMPLATE, context(order), language=order.supplier.language, dated=order.issued_at)
    buyer = Actor(organisation_id=order.buyer_id)
    kept = attachments.store(File(BytesIO(rendered.pdf), name=f"{order.number}-v{order.version}.pdf"), buyer)
    attachments.attach(kept.pk, order, actor=buyer)
    return order.prints.create(order_version=order.version, attachment=kept, sha256=rendered.sha256)


def context(order: PurchaseOrder) -> dict[str, Any]:
    language = order.supplier.language
    amounts = {name: _amount(getattr(order, name), order.currency, language) for name in ("net", "tax", "total")}
    return {"order": order, "lines": list(_lines(order, language)), **amounts}


def _lines(order: PurchaseOrder, language: str) -> Iterator[dict[str, Any]]:
    for line in order.lines.order_by("number"):
        yield {
            "number": line.number,
            "item": line.item,
            "code": line.code,
            "quantity": _number(line.quantity, language),
            "unit": unit(line.unit).symbol or unit(line.unit).label(language),
            "unit_price": _number(line.unit_price, language),
            "vat_rate": _number(line.vat_rate, language),
            "date": line.promised_on or line.requested_on,
            "amount": _amount(line.amount, order.currency, language),
        }


def _number(value: Decimal, language: str) -> str:
    return str(format_decimal(value.normalize(), locale=reader_locale(language), decimal_quantization=False))


def _amount(value: Decimal, code: str, language: str) -> str:
    return Money(value, code).display(language)

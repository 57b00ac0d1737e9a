"""What must hold before an invoice takes a step."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault, Invalid
from procurement.workflow.totalling import Summed, sums_of, totals_of_sums
from suppliers.models import BankAccount

if TYPE_CHECKING:
    from procurement.models import Invoice

BILLABLE = ("acknowledged", "partially_received", "received", "closed")


def has_lines(invoice: Invoice) -> Fault | None:
    if _sums(invoice):
        return None
    return Fault("#/lines", "no-lines", gettext("Add at least one line."))


def order_may_be_billed(invoice: Invoice) -> Fault | None:
    if invoice.order.state in BILLABLE:
        return None
    return Fault("#/order", "order-not-billable", gettext("The order is not acknowledged, or has ended."))


def header_adds_up(invoice: Invoice) -> Iterator[Fault]:
    """EN 16931 BR-CO-10 to BR-CO-17: what the head says is what the lines come to."""
    try:
        totals = totals_of_sums(_sums(invoice), invoice.currency)
    except Invalid as refusal:
        yield from refusal.faults
        return
    computed = {"net": totals.taxable, "tax": totals.tax, "total": totals.with_tax}
    for name, expected in computed.items():
        if getattr(invoice, name) != expected.amount:
            yield _differs(name, expected.amount, getattr(invoice, name))


def _sums(invoice: Invoice) -> list[Summed]:
    return invoice.once("sums", lambda: sums_of(invoice.lines.all()))


def _differs(name: str, expected: Decimal, stated: Decimal) -> Fault:
    return Fault(
        f"#/{name}",
        "header-differs-from-lines",
        gettext("The lines come to %(expected)s, the invoice says %(stated)s.")
        % {"expected": f"{expected:f}", "stated": f"{stated.normalize():f}"},
    )


def bank_account_confirmed(invoice: Invoice) -> Fault | None:
    if BankAccount.objects.filter(supplier_id=invoice.supplier_id, state="confirmed").exists():
        return None
    return Fault("#/supplier", "no-bank-account", gettext("The supplier has no confirmed bank account."))


def bank_account_usable(invoice: Invoice) -> Fault | None:
    """Confirmed details wait for some days before money may first go there."""
    if BankAccount.objects.usable(database_now()).filter(supplier_id=invoice.supplier_id).exists():
        return None
    return Fault(
        "#/supplier", "bank-account-too-new", gettext("The supplier's bank account is not confirmed long enough.")
    )

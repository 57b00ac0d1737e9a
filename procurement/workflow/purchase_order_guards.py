"""What must hold before a purchase order takes a step."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q
from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Fault
from b2b.money import Money
from credit.terms import on_account
from procurement.workflow import reserving
from procurement.workflow.invoice_states import DEAD, UNDECIDED
from suppliers.standing import standing

if TYPE_CHECKING:
    from procurement.models import PurchaseOrder

UNSOURCED = (Q(source_unit_price__isnull=True) | ~Q(unit_price=F("source_unit_price"))) & Q(variance_reason="")
MOST_FAULTS = 100
"""Nobody reads more at once, and an order may have thousands of lines."""


def has_lines(order: PurchaseOrder) -> Fault | None:
    if _counted(order)["all"]:
        return None
    return Fault("#/lines", "no-lines", gettext("Add at least one line."))


def _counted(order: PurchaseOrder) -> dict[str, int]:
    """All lines, and those whose price nothing and nobody explains."""
    unexplained = Count("pk", filter=UNSOURCED)
    return order.once("lines", lambda: order.lines.aggregate(all=Count("pk"), unexplained=unexplained))


def prices_explained(order: PurchaseOrder) -> Iterable[Fault]:
    """A price is that of the quotation, contract or price list in force, or somebody says why not."""
    if order.variance_reason or not _counted(order)["unexplained"]:
        return []
    unexplained = order.lines.filter(UNSOURCED).order_by("number")
    return [
        _unexplained(number, str(source) if source is not None else None)
        for number, source in unexplained.values_list("number", "source_unit_price")[:MOST_FAULTS]
    ]


def _unexplained(number: int, source: str | None) -> Fault:
    pointer = f"#/lines/{number}/unit_price"
    if source is None:
        return Fault(pointer, "price-without-source", gettext("No price is in force for this line; give a reason."))
    return Fault(
        pointer, "price-differs", gettext("The price in force is %(price)s; give a reason.") % {"price": source}
    )


def supplier_in_good_standing(order: PurchaseOrder) -> Fault | None:
    found = standing([order.supplier_id], buyer_id=order.buyer_id, on=database_now().date())[order.supplier_id]
    if found.may_be_ordered_from:
        return None
    return Fault("#/supplier", "supplier-barred", str(found.reason))


def credit_arranged(order: PurchaseOrder) -> Fault | None:
    """Whether there is an account at all; whether it covers the order is the ledger's answer."""
    if not on_account(order.payment_terms):
        return None
    if reserving.account_of(order) is not None:
        return None
    return reserving.no_account(order)


def credit_good(order: PurchaseOrder) -> Fault | None:
    return None if reserving.is_good(order) else reserving.on_hold()


def credit_bad(order: PurchaseOrder) -> Fault | None:
    if not reserving.is_good(order):
        return None
    return Fault("#/credit_account", "credit-in-order", gettext("The credit account is in order."))


def under_contract(order: PurchaseOrder) -> Fault | None:
    if order.under_contract:
        return None
    return Fault("#/source", "not-under-contract", gettext("Only orders under a contract are approved automatically."))


def under_approval_limit(order: PurchaseOrder) -> Fault | None:
    policy = order.policy
    if not policy.over(policy.order_approval_limit, Money(order.total, order.currency)):
        return None
    return Fault("#/total", "over-approval-limit", gettext("Orders of this amount are approved by a person."))


def nothing_received(order: PurchaseOrder) -> Fault | None:
    if not order.lines.filter(Q(received__gt=0) | Q(rejected__gt=0)).exists():
        return None
    return Fault("#/lines", "already-received", gettext("Goods were received; close the order with a reason instead."))


def nothing_invoiced(order: PurchaseOrder) -> Fault | None:
    if not order.invoices.exclude(state__in=DEAD).exists():
        return None
    return Fault("#/invoices", "already-invoiced", gettext("There are invoices for this order."))


def no_invoice_open(order: PurchaseOrder) -> Fault | None:
    if not order.invoices.filter(state__in=UNDECIDED).exists():
        return None
    return Fault("#/invoices", "invoices-open", gettext("Decide the open invoices of this order first."))

"""The credit an order on account holds from its submission until its last invoice."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.errors import Blocked, Fault, Invalid
from b2b.policy import Actor
from credit import ledger
from credit.terms import on_account
from credit.workflow.account import USABLE

if TYPE_CHECKING:
    from credit.models import CreditAccount
    from procurement.models import PurchaseOrder


def hold(order: PurchaseOrder, *, actor: Actor) -> None:
    """Make the hold stand at the order's total; prepaid orders need none.

    Raises ``CreditExceeded`` or ``AccountNotActive``.
    """
    if not on_account(order.payment_terms) or not order.total:
        return
    account = account_of(order)
    if account is None:
        raise Blocked(faults=[no_account(order)])
    order.credit_account = account
    ledger.hold(account, order.total, against=order.reference, actor=actor)


def account_of(order: PurchaseOrder) -> CreditAccount | None:
    """The account the order would be held on."""
    between = (order.buyer_id, order.supplier_id, order.currency)
    return order.once("credit account", lambda: ledger.account_between(*between))


def release(order: PurchaseOrder, *, actor: Actor) -> None:
    """Give back what is still held; what invoices have drawn stays owed."""
    if order.credit_account is not None:
        ledger.release(order.credit_account, against=order.reference, actor=actor)


def is_good(order: PurchaseOrder) -> bool:
    """The account behind the hold may be used today, or finance has overridden that it may not."""
    if order.credit_account is None or order.credit_account.state in USABLE:
        return True
    until = order.credit_override_until
    return until is not None and until >= database_now().date()


def override_of(order: PurchaseOrder, *, until: date | None, reason: str) -> date | None:
    """The last day of an override, or ``None`` when the credit is good by itself."""
    if until is None and not reason:
        if not is_good(order):
            raise Blocked(faults=[on_hold()])
        return None
    faults = list(_incomplete(until, reason))
    if until is None or faults:
        raise Invalid(faults=faults)
    return until


def _incomplete(until: date | None, reason: str) -> list[Fault]:
    faults = []
    if until is None or until < database_now().date():
        faults.append(Fault("#/until", "until-in-the-past", gettext("Name a last day that has not passed.")))
    if not reason:
        faults.append(Fault("#/reason", "required", gettext("Give a reason.")))
    return faults


def no_account(order: PurchaseOrder) -> Fault:
    return Fault(
        "#/payment_terms",
        "no-credit-account",
        gettext("There is no credit account with this supplier in %(currency)s; ask for one, or pay in advance.")
        % {"currency": order.currency},
    )


def on_hold() -> Fault:
    return Fault("#/credit_account", "credit-on-hold", gettext("The credit account cannot be used now."))

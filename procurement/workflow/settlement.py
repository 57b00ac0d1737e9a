"""What an approved invoice does to the credit of its order, and what paying it undoes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from b2b.clock import database_now
from b2b.currency import currency
from b2b.errors import Fault, Invalid, NotAllowed
from b2b.money import Money
from b2b.policy import Actor
from credit import ledger

if TYPE_CHECKING:
    from procurement.models import Invoice


def needs_another(invoice: Invoice, *, actor: Actor) -> bool:
    """Whether this approval is the first of two. Raises ``NotAllowed`` for the same person twice."""
    policy = invoice.policy
    if not policy.reached(policy.invoice_second_limit, Money(invoice.total, invoice.currency)):
        return False
    if invoice.first_approver_id is not None and invoice.first_approver_id == actor.user_id:
        raise NotAllowed(gettext("You have approved already; another person has to."))
    return invoice.first_approver_id is None


def draw(invoice: Invoice, *, actor: Actor) -> None:
    """What the order held becomes what is owed. Raises ``CreditExceeded`` for a rise the credit does not cover."""
    order = invoice.order
    if order.credit_account is not None and invoice.total:
        ledger.draw(
            order.credit_account, invoice.total, against=order.reference, invoice=invoice.reference, actor=actor
        )


def pay(invoice: Invoice, amount: Decimal, *, paid_on: date, reference: str, actor: Actor) -> None:
    """Write one payment, and give the credit back by as much. Raises ``Invalid``."""
    if faults := [*_impossible(invoice, amount, reference)]:
        raise Invalid(faults=faults)
    payment = invoice.payments.create(amount=amount, paid_on=paid_on, reference=reference, paid_by_id=actor.user_id)
    if (account := invoice.order.credit_account) is not None:
        ledger.repay(
            account, amount, against=invoice.reference, document=f"{payment._meta.label_lower}/{payment.pk}",
            actor=actor,
        )  # fmt: skip


def take_back(invoice: Invoice, *, actor: Actor) -> None:
    """A credit note over the whole invoice: nothing of it is owed any more."""
    if (account := invoice.order.credit_account) is not None and invoice.total:
        ledger.credit_note(
            account,
            invoice.total,
            against=invoice.reference,
            document=f"{invoice.reference}/credit_note",
            actor=actor,
        )


def require_not_past(day: date) -> None:
    if day < database_now().date():
        raise Invalid(faults=[Fault("#/pay_on", "date-passed", gettext("Choose a day that has not passed."))])


def _impossible(invoice: Invoice, amount: Decimal, reference: str) -> list[Fault]:
    faults = []
    if amount <= 0 or not Money(amount, invoice.currency).is_rounded():
        faults.append(
            Fault(
                "#/amount",
                "not-an-amount",
                gettext("An amount is greater than zero and has at most %(places)s decimal places.")
                % {"places": currency(invoice.currency).places},
            )
        )
    if amount > invoice.open_amount:
        faults.append(
            Fault(
                "#/amount",
                "more-than-open",
                gettext("Only %(open)s %(currency)s is open.")
                % {"open": f"{invoice.open_amount.normalize():f}", "currency": invoice.currency},
            )
        )
    if invoice.payments.filter(reference=reference).exists():
        faults.append(
            Fault("#/reference", "payment-recorded", gettext("A payment with this reference is recorded already."))
        )
    return faults

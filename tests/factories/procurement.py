"""Documents of procurement as their own modules make them: journalled, numbered, with lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from b2b.clock import database_now
from b2b.models import Organisation
from b2b.policy import CLOCK, Actor
from b2b.workflow import create
from credit.models import CreditAccount
from procurement import invoicing, ordering, receiving, requisitioning, tendering
from procurement.invoicing import InvoicedLine, Stated
from procurement.models import (
    GoodsReceipt,
    Invoice,
    ProcurementPolicy,
    PurchaseOrder,
    RequestForQuotation,
    Requisition,
)
from procurement.ordering import OrderedLine
from procurement.tendering import AskedLine, Invitee
from procurement.workflow.arriving import Arrival
from suppliers.models import BankAccount, Qualification
from tests.factories.b2b import OrganisationFactory, SupplierFactory, UserFactory, member
from tests.factories.credit import ActiveAccountFactory

TAXED = {"vat_category": "S", "vat_rate": Decimal(19)}


def tomorrow(days: int = 1) -> date:
    return database_now().date() + timedelta(days=days)


def in_days(days: float) -> Any:
    return database_now() + timedelta(days=days)


def policy_for(buyer: Organisation, **values: Any) -> ProcurementPolicy:
    """The organisation's policy, written with these values."""
    author = Actor(user_id=UserFactory().pk, organisation_id=buyer.pk, roles=frozenset({"admin"}))
    return create(ProcurementPolicy(buyer=buyer, **values), actor=author)


def qualified(supplier: Organisation) -> Organisation:
    """Trusted by the platform itself."""
    create(
        Qualification(supplier=supplier, state="approved", decided_at=database_now(), valid_until=tomorrow(365)),
        actor=Actor(user_id=UserFactory().pk),
    )
    return supplier


def banked(supplier: Organisation, **values: Any) -> BankAccount:
    """A confirmed bank account whose cooling period is over."""
    account = BankAccount(
        supplier=supplier, holder=supplier.name, country="DE", state="confirmed", usable_from=in_days(-1), **values
    )
    account.account = "DE89370400440532013000"
    return create(account, actor=Actor(user_id=UserFactory().pk))


@dataclass
class Trade:
    """A buyer and a qualified supplier with credit, and one person for each role, made when first named."""

    buyer: Organisation
    supplier: Organisation
    account: CreditAccount

    @cached_property
    def requester(self) -> Actor:
        return member(self.buyer, "requester")

    @cached_property
    def clerk(self) -> Actor:
        return member(self.buyer, "buyer")

    @cached_property
    def manager(self) -> Actor:
        return member(self.buyer, "buying_manager")

    @cached_property
    def receiver(self) -> Actor:
        return member(self.buyer, "receiver")

    @cached_property
    def finance(self) -> Actor:
        return member(self.buyer, "finance", second_factor=True)

    @cached_property
    def second_finance(self) -> Actor:
        return member(self.buyer, "finance", second_factor=True)

    @cached_property
    def controller(self) -> Actor:
        return member(self.buyer, "compliance")

    @cached_property
    def admin(self) -> Actor:
        return member(self.buyer, "admin")

    @cached_property
    def sales(self) -> Actor:
        return member(self.supplier, "sales")

    @cached_property
    def stranger(self) -> Actor:
        """Somebody with every buying role elsewhere."""
        return member(OrganisationFactory(), "buyer", "buying_manager", "finance", "receiver")

    @cached_property
    def rival(self) -> Actor:
        return member(SupplierFactory(), "sales")


def trade(limit: Decimal | int = 100_000, **policy: Any) -> Trade:
    buyer, supplier = OrganisationFactory(), qualified(SupplierFactory())
    if policy:
        policy_for(buyer, **policy)
    banked(supplier)
    return Trade(buyer, supplier, ActiveAccountFactory(buyer=buyer, supplier=supplier, limit=Decimal(limit)))


# --- RFQs ---------------------------------------------------------------------------------------
def asked(count: int = 2, **values: Any) -> list[AskedLine]:
    defaults = {"item": "Hex bolt M8x40", "quantity": Decimal(100), "unit": "C62", "estimate_unit_price": Decimal(2)}
    return [AskedLine(number=number, **{**defaults, **values}) for number in range(1, count + 1)]


def rfq_of(side: Trade, *, lines: Sequence[AskedLine] | None = None, **values: Any) -> RequestForQuotation:
    """A draft that could be published: two lines, one invitation, a deadline in a week."""
    header = {"title": "Fasteners", "currency": "EUR", "deadline": in_days(7), **values}
    return tendering.draft(
        RequestForQuotation(buyer=side.buyer, **header),
        lines=asked() if lines is None else lines,
        invited=[Invitee(side.supplier.pk)],
        actor=side.clerk,
    )


def published_rfq(side: Trade, **values: Any) -> RequestForQuotation:
    return rfq_of(side, **values).publish(actor=side.clerk)


def pass_deadline(rfq: RequestForQuotation) -> RequestForQuotation:
    """Let time have passed."""
    RequestForQuotation.objects.filter(pk=rfq.pk).update(deadline=in_days(-0.001))
    rfq.refresh_from_db()
    return rfq


def requisition_of(side: Trade, *, lines: Sequence[AskedLine] | None = None, **values: Any) -> Requisition:
    header = {"title": "For the workshop", "currency": "EUR", **values}
    return requisitioning.draft(
        Requisition(buyer=side.buyer, **header), lines=asked() if lines is None else lines, actor=side.requester
    )


# --- Orders -------------------------------------------------------------------------------------
def ordered(count: int = 2, **values: Any) -> list[OrderedLine]:
    defaults = {
        "item": "Hex bolt M8x40", "quantity": Decimal(100), "unit": "C62", "unit_price": Decimal("1.5"),
        "source_unit_price": Decimal("1.5"), "requested_on": tomorrow(14), **TAXED,
    }  # fmt: skip
    return [OrderedLine(number=number, **{**defaults, **values}) for number in range(1, count + 1)]


def order_of(side: Trade, *, lines: Sequence[OrderedLine] | None = None, **values: Any) -> PurchaseOrder:
    """A draft of two lines of 150 EUR each, 19 % VAT: 357 EUR."""
    header = {"currency": "EUR", "payment_terms": "net_30", **values}
    order = PurchaseOrder(buyer=side.buyer, supplier=side.supplier, **header)
    return ordering.draft(order, ordered() if lines is None else lines, actor=side.clerk)


def approved_order(side: Trade, **values: Any) -> PurchaseOrder:
    return order_of(side, **values).submit(actor=side.clerk).approve(actor=side.manager)


def issued_order(side: Trade, **values: Any) -> PurchaseOrder:
    return approved_order(side, **values).issue(actor=side.clerk)


def acknowledged_order(side: Trade, **values: Any) -> PurchaseOrder:
    return issued_order(side, **values).acknowledge(actor=side.sales)


def arrivals(order: PurchaseOrder, quantity: Decimal | int = 100, **values: Any) -> list[Arrival]:
    """So much of every line."""
    return [Arrival(line.pk, Decimal(quantity), **values) for line in order.lines.order_by("number")]


def receive(side: Trade, order: PurchaseOrder, quantity: Decimal | int = 100, **values: Any) -> GoodsReceipt:
    order.refresh_from_db()
    return receiving.post(
        order, received_on=database_now().date(), lines=arrivals(order, quantity, **values), actor=side.receiver
    )


def received_order(side: Trade, **values: Any) -> PurchaseOrder:
    order = acknowledged_order(side, **values)
    receive(side, order)
    order.refresh_from_db()
    return order


# --- Invoices -----------------------------------------------------------------------------------
def billed(order: PurchaseOrder, **values: Any) -> list[InvoicedLine]:
    """Every line in full, at the order's price and tax."""
    return [
        InvoicedLine(
            **{
                "number": line.number,
                "order_line_id": line.pk,
                "quantity": line.quantity,
                "unit": line.unit,
                "unit_price": line.unit_price,
                "vat_category": line.vat_category,
                "vat_rate": line.vat_rate,
                **values,
            }
        )
        for line in order.lines.order_by("number")
    ]


def invoice_of(
    side: Trade,
    order: PurchaseOrder,
    number: str = "RE-1001",
    *,
    lines: Sequence[InvoicedLine] | None = None,
    stated: Stated = Stated(),  # noqa: B008 — frozen
    author: Actor | None = None,
) -> Invoice:
    return invoicing.draft(
        Invoice(order=order, number=number, invoiced_on=database_now().date()),
        lines=billed(order) if lines is None else lines,
        stated=stated,
        actor=author or side.sales,
    )


def matched_invoice(side: Trade, order: PurchaseOrder, number: str = "RE-1001", **values: Any) -> Invoice:
    return invoice_of(side, order, number, **values).submit(actor=side.sales).match(actor=CLOCK)

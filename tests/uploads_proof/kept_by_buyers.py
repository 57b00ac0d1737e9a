"""Requisitions, RFQs, orders, receipts, suppliers and members."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import pycountry
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from b2b.clock import database_now
from b2b.errors import Invalid
from b2b.models import Membership, Organisation, Role, User
from b2b.tax import VatCategory
from b2b.uploads.lines import OF_A_LINE
from credit.terms import Terms
from procurement import receiving
from procurement.asked_lines import AskedLine
from procurement.models import GoodsReceiptLine, PurchaseOrder
from procurement.order_lines import OrderedLine
from procurement.schedule import Delivery
from procurement.workflow.arriving import Arrival
from suppliers.models import Category, Identifier, SupplierProfile
from tests.factories.b2b import OrganisationFactory, SupplierFactory, member
from tests.factories.procurement import Trade, acknowledged_order, order_of, requisition_of, rfq_of, trade
from tests.uploads_proof.exact_values import (
    CURRENCIES,
    DAYS,
    LAST_DAY,
    PRICES,
    QUANTITIES,
    UNITS,
    blank_or,
    decimals,
    names,
    texts,
)
from tests.uploads_proof.keepers import Kept, keeps

ROWS = 30
L = TypeVar("L")


def numbered(fields: dict[str, SearchStrategy[Any]], **more: Any) -> SearchStrategy[list[dict[str, Any]]]:
    """Lines with numbers as people leave them when they take lines out."""
    numbers = st.one_of(st.integers(1, 60), st.integers(1, 1_000_000))
    lines = st.fixed_dictionaries({"number": numbers, **fields})
    return st.lists(lines, min_size=1, max_size=ROWS, unique_by=lambda line: line["number"], **more)


def sound(lines: Sequence[L], write: Callable[[list[L]], Any], less: Callable[[L], L]) -> Any:
    """Write as many of them as the rules accept; ``less`` makes smaller what comes to more than money can be."""
    left = list(lines)
    while True:
        try:
            with transaction.atomic():
                return write(left)
        except Invalid as refusal:
            wrong = {int(found[1]) for fault in refusal.faults if (found := OF_A_LINE.match(fault.pointer))}
            left = [less(line) if place in wrong or not wrong else line for place, line in enumerate(left)]


ASKED = {
    "item": names(500), "code": blank_or(texts(60)), "quantity": QUANTITIES, "unit": UNITS,
    "estimate_unit_price": st.one_of(st.none(), PRICES), "required_by": st.one_of(st.none(), DAYS),
}  # fmt: skip


def _unestimated(line: AskedLine) -> AskedLine:
    return replace(line, estimate_unit_price=None)


@keeps("requisition_lines", st.tuples(numbered(ASKED), CURRENCIES))
def requisition_lines(drawn: tuple[list[dict[str, Any]], str]) -> Kept:
    lines, currency = drawn
    side = trade()
    keeper = side.requester
    asked = [AskedLine(**line) for line in lines]
    return Kept(keeper, sound(asked, lambda some: requisition_of(side, lines=some, currency=currency), _unestimated))


schedules = st.lists(st.tuples(DAYS, st.integers(1, 9)), max_size=5, unique_by=lambda one: one[0])


@keeps(
    "rfq_lines",
    st.tuples(
        numbered({**ASKED, "section": blank_or(texts(200)), "mandatory": st.booleans(), "parts": schedules}), CURRENCIES
    ),
)
def rfq_lines(drawn: tuple[list[dict[str, Any]], str]) -> Kept:
    lines, currency = drawn
    side = trade()
    keeper = side.clerk
    asked = [_scheduled(line) for line in lines]
    return Kept(keeper, sound(asked, lambda some: rfq_of(side, lines=some, currency=currency), _unestimated))


def _scheduled(line: dict[str, Any]) -> AskedLine:
    """The day is filled in from the schedule where none is said, as a table of them does."""
    values = {name: value for name, value in line.items() if name != "parts"}
    parts = tuple(Delivery(on, Decimal(share) / 8) for on, share in sorted(line["parts"]))
    if not parts:
        return AskedLine(**values)
    total = sum((part.quantity for part in parts), Decimal(0))
    return AskedLine(
        **{**values, "quantity": total, "required_by": line["required_by"] or parts[0].on}, deliveries=parts
    )


TAXES = st.sampled_from(
    [
        ("S", Decimal(19)),
        ("S", Decimal("5.5")),
        ("S", Decimal("0.01")),
        ("S", Decimal("99.99")),
        ("Z", Decimal(0)),
        ("E", Decimal(0)),
    ]
)
ORDERED = {
    "item": names(500), "code": blank_or(texts(60)), "quantity": QUANTITIES, "unit": UNITS, "unit_price": PRICES,
    "requested_on": st.one_of(st.none(), DAYS), "variance_reason": blank_or(texts(200)), "tax": TAXES,
}  # fmt: skip


def _ordered(line: dict[str, Any]) -> OrderedLine:
    category, rate = line["tax"]
    values = {name: value for name, value in line.items() if name != "tax"}
    return OrderedLine(**values, vat_category=VatCategory(category), vat_rate=rate)


def _cheap(line: OrderedLine) -> OrderedLine:
    return replace(line, unit_price=Decimal("0.000001"), quantity=min(line.quantity, Decimal(1_000_000)))


@keeps("purchase_order_lines", st.tuples(numbered(ORDERED), CURRENCIES))
def purchase_order_lines(drawn: tuple[list[dict[str, Any]], str]) -> Kept:
    lines, currency = drawn
    side = trade()
    keeper = side.clerk
    ordered = [_ordered(line) for line in lines]
    return Kept(keeper, sound(ordered, lambda some: order_of(side, lines=some, currency=currency), _cheap))


heads = st.fixed_dictionaries(
    {
        "buyer_reference": texts(60), "title": blank_or(texts(200)), "place": blank_or(texts(200)),
        "payment_terms": st.sampled_from(Terms.values), "currency": CURRENCIES,
    }
)  # fmt: skip
orders = st.lists(
    st.tuples(heads, texts(200), numbered(ORDERED)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0]["buyer_reference"],
)


@keeps("purchase_orders", orders)
def purchase_orders(drawn: list[Any]) -> Kept:
    side = trade()
    keeper = side.clerk
    for head, supplier_name, lines in drawn:
        own = Trade(side.buyer, SupplierFactory(name=supplier_name), side.account)
        own.clerk = keeper
        ordered = [_ordered(line) for line in lines]
        sound(ordered, lambda some, own=own, head=head: order_of(own, lines=some, **head), _cheap)
    return Kept(keeper)


arrived = st.tuples(
    decimals(9, 6), decimals(9, 6, least=0), st.sampled_from(GoodsReceiptLine.Rejection.values), blank_or(texts(200))
)
deliveries = st.lists(
    st.tuples(blank_or(texts(60)), st.integers(0, 400), st.dictionaries(st.integers(0, 5), arrived, min_size=1)),
    min_size=1,
    max_size=5,
)


@keeps("receipts", st.tuples(st.lists(st.tuples(names(500), UNITS), min_size=6, max_size=6), deliveries))
def receipts(drawn: tuple[list[tuple[str, str]], list[Any]]) -> Kept:
    named, came = drawn
    side = trade(limit=Decimal(10**12))
    price = {
        "unit_price": Decimal(1),
        "source_unit_price": Decimal(1),
        "requested_on": LAST_DAY,
        "vat_category": VatCategory.STANDARD,
        "vat_rate": Decimal(19),
    }
    lines = [
        OrderedLine(number=place + 1, item=item, unit=unit, quantity=Decimal(10_000), **price)
        for place, (item, unit) in enumerate(named)
    ]
    order = acknowledged_order(side, lines=lines)
    keys = list(order.lines.order_by("number").values_list("pk", flat=True))
    today = database_now().date()
    for note, ago, arrivals in came:
        receiving.post(
            PurchaseOrder.objects.get(pk=order.pk), received_on=today - timedelta(days=ago), delivery_note=note, actor=side.receiver,
            lines=[_arrival(keys[place], *one) for place, one in arrivals.items()],
        )  # fmt: skip
    return Kept(side.receiver)


def _arrival(key: Any, quantity: Decimal, rejected: Decimal, reason: str, note: str) -> Arrival:
    quantity = min(quantity, Decimal(900))
    refused = min(quantity, rejected)
    return Arrival(key, quantity, refused, reason if refused else "", note)


COUNTRIES = st.sampled_from([country.alpha_2 for country in pycountry.countries])
LEIS = ("5493001KJTIIGC8Y1R12", "213800WAVVOPS85N2205", "")
supplied = st.lists(
    st.fixed_dictionaries(
        {
            "name": texts(200), "native_name": blank_or(texts(200)), "country": COUNTRIES, "currency": CURRENCIES,
            "address": blank_or(texts(1000)), "duns": st.one_of(st.none(), st.integers(0, 999_999_999)),
            "contact_name": blank_or(texts(120)), "contact_phone": blank_or(texts(40)), "categories": st.booleans(),
        }
    ),
    min_size=1, max_size=ROWS, unique_by=(lambda one: (one["name"].lower(), one["country"]), lambda one: object() if one["duns"] is None else one["duns"]),
)  # fmt: skip


@keeps("suppliers", supplied)
def suppliers(drawn: list[dict[str, Any]]) -> Kept:
    shelves = [Category.objects.create(code=code, name=f"Category {code}") for code in ("bolts", "00123")]
    for one in drawn:
        organisation = Organisation.objects.create(
            is_supplier=True, **{name: one[name] for name in ("name", "native_name", "country", "currency", "address")}
        )
        profile = SupplierProfile.objects.create(
            supplier=organisation, legal_name=organisation.name, contact_name=one["contact_name"], state="published",
            contact_phone=one["contact_phone"], website="https://example.com/a?b=c;d", contact_email="a.b+c@example.com",
        )  # fmt: skip
        if one["duns"] is not None:
            Identifier.objects.create(profile=profile, scheme="duns", value=f"{one['duns']:09d}")
        if one["categories"]:
            profile.categories.set(shelves)
    return Kept(member(OrganisationFactory(), "buyer"))


LOCAL = st.text("abcdefghijklmnopqrstuvwxyz0123456789._%+-=&'/", min_size=1, max_size=20).map(
    lambda text: re.sub(r"\.+", ".", f"a{text}z")
)
people = st.lists(
    st.tuples(LOCAL, blank_or(texts(150)), st.lists(st.sampled_from(Role.values), unique=True)), min_size=1, max_size=ROWS,
    unique_by=lambda one: one[0],
)  # fmt: skip


@keeps("members", people)
def members(drawn: list[tuple[str, str, list[str]]]) -> Kept:
    organisation = OrganisationFactory()
    for local, name, roles in drawn:
        user = User.objects.create(email=f"{local}@example.com", name=name)
        Membership.objects.create(user=user, organisation=organisation, roles=roles)
    return Kept(member(organisation, "admin"))

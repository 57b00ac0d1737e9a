"""A buyer, three suppliers it trusts and has credit with, and their people's tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from stdnum import iban

from b2b.api.scopes import every_scope
from b2b.clock import database_now
from b2b.models import Membership, Organisation, PersonalToken, User
from b2b.policy import Actor
from b2b.workflow import create
from benchmarks.purchase_flow.pages import Person
from credit.models import CreditAccount
from procurement.models import ProcurementPolicy
from suppliers.drafting import draft_qualification
from suppliers.identifiers import checked
from suppliers.models import BankAccount, Identifier, SupplierProfile

CURRENCY = "EUR"
BIDDERS = 3
MUCH = Decimal(1_000_000_000)
FIRST_DUNS = 990_000_101


@dataclass(frozen=True)
class Bidder:
    organisation: UUID
    sales: Person


@dataclass(frozen=True)
class World:
    today: date
    buyer: Person
    manager: Person
    stores: Person
    bidders: list[Bidder]

    @property
    def winner(self) -> Bidder:
        return self.bidders[0]


def hire() -> World:
    buyer = Organisation.objects.create(name="Buyer", is_buyer=True, country="DE", currency=CURRENCY)
    control = Organisation.objects.create(name="Control", is_platform=True, country="DE", currency=CURRENCY)
    _buys_quickly(buyer)
    suppliers = [_supplier(place) for place in range(BIDDERS)]
    for place, supplier in enumerate(suppliers):
        _trust(supplier, place, _member(control, "compliance"))
        _bank(supplier, place, _member(control, "compliance"))
        _credit(buyer, supplier)
    bidders = [Bidder(supplier.pk, _person(_member(supplier, "sales"))) for supplier in suppliers]
    buying, managing, receiving = (_person(_member(buyer, role)) for role in ("buyer", "buying_manager", "receiver"))
    return World(_today(), buying, managing, receiving, bidders)


def _today() -> date:
    return database_now().date()


def _member(organisation: Organisation, *roles: str) -> Actor:
    """A new person, signed in with a second factor."""
    user = User.objects.create(email=f"{organisation.pk}.{User.objects.count()}@example.com", name=roles[0])
    Membership.objects.create(user=user, organisation=organisation, roles=list(roles))
    return Actor(user.pk, organisation.pk, frozenset(roles), organisation.is_platform, second_factor=True)


def _person(actor: Actor) -> Person:
    names = {"user_id": actor.user_id, "organisation_id": actor.organisation_id}
    token = PersonalToken(name="Benchmark", scopes=list(every_scope()), **names)
    secret = token.draw_secret()
    token.save()
    return Person(secret)


def _buys_quickly(buyer: Organisation) -> None:
    """One approval for each decision, opening by the clock, and no days to wait."""
    quick = ProcurementPolicy(buyer=buyer, opening="clock", minimum_days_open=0, standstill_days=0, publish_limit=MUCH)
    create(quick, actor=_member(buyer, "admin"))


def _supplier(place: int) -> Organisation:
    return Organisation.objects.create(name=f"Supplier {place}", is_supplier=True, country="DE", currency=CURRENCY)


def _trust(supplier: Organisation, place: int, reviewer: Actor) -> None:
    """The platform's approval, good for every buyer."""
    sales = _member(supplier, "sales")
    profile = create(SupplierProfile(supplier=supplier, legal_name=supplier.name), actor=sales)
    Identifier.objects.create(profile=profile, scheme="duns", value=checked("duns", str(FIRST_DUNS + place)))
    profile.publish(actor=sales)
    asked = draft_qualification(supplier.pk, actor=sales)
    asked.apply(actor=sales)
    asked.start_review(actor=reviewer)
    asked.approve(actor=reviewer, valid_until=_today() + timedelta(days=400))


def _bank(supplier: Organisation, place: int, checker: Actor) -> None:
    rest = f"99999999{place:010}"
    account = BankAccount(supplier=supplier, holder=supplier.name, country="DE")
    account.account = f"DE{iban.calc_check_digits(f'DE00{rest}')}{rest}"
    create(account, actor=_member(supplier, "finance")).confirm(actor=checker)


def _credit(buyer: Organisation, supplier: Organisation) -> None:
    account = CreditAccount(buyer=buyer, supplier=supplier, currency=CURRENCY, requested_limit=MUCH)
    create(account, actor=_member(buyer, "finance"))
    creditor = _member(supplier, "finance")
    account.start_review(actor=creditor)
    account.approve(actor=creditor, limit=MUCH, terms="net_30", review_on=_today() + timedelta(days=300))

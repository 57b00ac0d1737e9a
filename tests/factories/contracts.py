"""Clauses, templates and contracts as their keepers would make them, journalled, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.db import connection, transaction

from b2b import contents
from b2b.clock import database_now
from b2b.policy import CLOCK, Actor
from b2b.workflow import create
from contracts.calling_off import CalledLine, call_off
from contracts.composing import Composition, Wording
from contracts.content import content_of, sha256_of
from contracts.drafting import draft
from contracts.models import CallOff, Clause, Contract, ContractTemplate, ContractVersion
from contracts.price_line import PriceLine
from contracts.workflow.template import Item
from tests.factories.b2b import OrganisationFactory, SupplierFactory, UserFactory, member
from tests.factories.procurement import qualified

WORDING = {
    "text": "The supplier delivers what is called off.\nRisk passes to {{ buyer_name }} on delivery.",
    "chinese_text": "供方按分批订单交付货物。\n货物交付时，风险转移给{{ buyer_name }}。",
}


def writer(organisation):
    return member(organisation, "buyer")


def approver(organisation):
    return member(organisation, "buying_manager")


class ClauseFactory(factory.django.DjangoModelFactory):
    """A draft clause of a buyer's own library, with one wording that waits for approval."""

    class Meta:
        model = Clause

    buyer = factory.SubFactory(OrganisationFactory)
    code = factory.Sequence("clause-{}".format)
    title = "Delivery"
    chinese_title = "交付"
    category = "delivery"

    @classmethod
    def _create(cls, model_class, *args, text=WORDING["text"], chinese_text=WORDING["chinese_text"], **fields):
        actor = writer(fields["buyer"])
        clause = create(model_class(*args, **fields), actor=actor)
        return clause.revise(actor=actor, text=text, chinese_text=chinese_text)


class ClauseInForceFactory(ClauseFactory):
    @classmethod
    def _create(cls, model_class, *args, **fields):
        clause = super()._create(model_class, *args, **fields)
        return clause.approve(actor=approver(clause.buyer))


class TemplateFactory(factory.django.DjangoModelFactory):
    """A draft template of one clause in force and one field, waiting for approval."""

    class Meta:
        model = ContractTemplate

    buyer = factory.SubFactory(OrganisationFactory)
    code = factory.Sequence("template-{}".format)
    name = "Supply"
    chinese_name = "供货"

    @classmethod
    def _create(cls, model_class, *args, items=None, fields=(), **columns):
        actor = writer(columns["buyer"])
        template = create(model_class(*args, **columns), actor=actor)
        items = items or [Item(ClauseInForceFactory(buyer=columns["buyer"]))]
        return template.revise(
            actor=actor, title="Supply agreement", chinese_title="供货协议", fields=list(fields), items=items
        )


class TemplateInForceFactory(TemplateFactory):
    @classmethod
    def _create(cls, model_class, *args, **fields):
        template = super()._create(model_class, *args, **fields)
        return template.approve(actor=approver(template.buyer))


LINES = [
    PriceLine(number=1, item="Hex bolt M8", code="B-8", unit="H87", unit_price=Decimal("0.25"), quantity=Decimal(1000)),
    PriceLine(number=2, item="六角螺母 M8", code="N-8", unit="H87", unit_price=Decimal("0.10"), quantity=Decimal(2000)),
]
CLAUSE = Wording("Delivery", "交付", **WORDING)


class ContractFactory(factory.django.DjangoModelFactory):
    """A complete draft for a year from today, by somebody who left since; ``lines`` and ``clauses`` as wanted."""

    class Meta:
        model = Contract

    buyer = factory.SubFactory(
        OrganisationFactory, name="Nordwerk GmbH", native_name="北工有限公司", address="Hafenstr. 1\n20457 Hamburg"
    )
    supplier = factory.SubFactory(SupplierFactory, name="Ningbo Fasteners", native_name="宁波紧固件有限公司")
    title = "Framework agreement for fasteners"
    chinese_title = "紧固件框架协议"
    currency = "EUR"
    starts_on = factory.LazyFunction(lambda: database_now().date())
    ends_on = factory.LazyFunction(lambda: database_now().date() + timedelta(days=364))

    @classmethod
    def _create(cls, model_class, *args, composition=None, **fields):
        actor = Actor(user_id=UserFactory().pk, organisation_id=fields["buyer"].pk)
        composition = composition or Composition(clauses=[CLAUSE], lines=LINES)
        return draft(model_class(*args, **fields), composition, actor=actor)


class ActiveContractFactory(ContractFactory):
    """A contract that runs, put there without its signatures."""

    @classmethod
    def _create(cls, model_class, *args, **fields):
        contract = super()._create(model_class, *args, **fields)
        Contract.objects.filter(pk=contract.pk).update(state="active", number="CT-2026-000001")
        return Contract.objects.get(pk=contract.pk)


class CallOffFactory(factory.django.DjangoModelFactory):
    """A hundred of the first line, called off by a buyer."""

    class Meta:
        model = CallOff

    contract = factory.SubFactory(ActiveContractFactory)

    lines = factory.LazyFunction(lambda: [CalledLine(1, Decimal(100))])

    @classmethod
    def _create(cls, model_class, **fields):  # noqa: ARG003 — the verb makes it
        contract = fields.pop("contract")
        return call_off(contract, fields.pop("lines"), actor=member(contract.buyer, "buyer"), **fields)


@dataclass
class Parties:
    """The people on both sides of a contract."""

    contract: Contract

    def __post_init__(self) -> None:
        buyer, supplier = self.contract.buyer, self.contract.supplier
        self.clerk = member(buyer, "buyer")
        self.manager = member(buyer, "buying_manager")
        self.controller = member(buyer, "compliance")
        self.finance = member(buyer, "finance")
        self.sales = member(supplier, "sales")
        self.signatory = member(buyer, "signatory", second_factor=True)
        self.countersignatory = member(supplier, "signatory", second_factor=True)
        self.stranger = member(OrganisationFactory(), "buyer", "signatory", second_factor=True)


def parties(contract: Contract | None = None, **values: Any) -> Parties:
    """A draft between a buyer and a qualified supplier, and their people."""
    return Parties(contract or ContractFactory(supplier=qualified(SupplierFactory()), **values))


def approved(side: Parties) -> Contract:
    """Submitted, and agreed to by compliance and a buying manager; the PDF is not drawn yet."""
    contract = side.contract.submit(actor=side.clerk)
    contract.approve(actor=side.controller)
    return contract.approve(actor=side.manager)


def offered(side: Parties) -> Contract:
    """Put before the parties, with a file that is quicker made than drawn."""
    contract = approved(side)
    number = contract.versions.count() + 1
    pdf, content = f"%PDF-1.7 version {number}".encode(), content_of(contract, version=number)
    with transaction.atomic():
        version = ContractVersion.objects.create(
            contract=contract,
            number=number,
            content=content,
            content_sha256=sha256_of(content),
            pdf_sha256=contents.keep(ContentFile(pdf)),
            pdf_size=len(pdf),
            pages=1,
        )
    return contract.generate(actor=CLOCK, version_id=version.pk)


def signed(side: Parties) -> Contract:
    """By both."""
    contract = offered(side)
    sha256 = contract.issued.pdf_sha256
    contract.sign(actor=side.signatory, sha256=sha256)
    return contract.sign(actor=side.countersignatory, sha256=sha256)


def on_day(contract: Contract, **days: int) -> Contract:
    """Let days lie so many from today; the law of frozen texts looks away, since time itself cannot be moved."""
    today = database_now().date()
    dates = {name: today + timedelta(days=count) for name, count in days.items()}
    with triggers_off():
        Contract.objects.filter(pk=contract.pk).update(**dates)
    return Contract.objects.get(pk=contract.pk)


@contextmanager
def triggers_off() -> Iterator[None]:
    """As somebody with the database's own password might work."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")

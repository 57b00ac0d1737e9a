"""Clauses, templates and contracts as their keepers would make them, journalled, in both languages."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import factory

from b2b.clock import database_now
from b2b.policy import Actor
from b2b.workflow import create
from contracts.calling_off import CalledLine, call_off
from contracts.composing import Composition, Wording
from contracts.drafting import draft
from contracts.models import CallOff, Clause, Contract, ContractTemplate
from contracts.price_line import PriceLine
from contracts.workflow.template import Item
from tests.factories.b2b import OrganisationFactory, SupplierFactory, UserFactory, member

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

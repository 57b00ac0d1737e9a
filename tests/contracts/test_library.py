"""The library is worded by one person and put in force by another; contracts keep what they copied."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from b2b.errors import Blocked, Invalid, NotAllowed
from contracts.composing import Composition, clauses_of
from contracts.models import Clause, ClauseVersion, ContractTemplate, TemplateItem
from contracts.starting_library import load
from contracts.workflow.template import Condition, Field, Item
from tests.factories.b2b import OrganisationFactory, PlatformFactory, actor_for, member
from tests.factories.contracts import (
    ClauseFactory,
    ClauseInForceFactory,
    ContractFactory,
    TemplateFactory,
    TemplateInForceFactory,
    approver,
    writer,
)

pytestmark = pytest.mark.django_db

NEW = {"text": "The supplier delivers at once.", "chinese_text": "供方应立即交付。"}


def codes(refused) -> list[tuple[str, str]]:
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


def test_a_wording_is_in_force_once_somebody_else_approved_it():
    clause = ClauseFactory()

    clause.approve(actor=approver(clause.buyer))

    assert (clause.state, clause.in_force) == ("in_force", 1)
    assert clause.current().is_approved


def test_who_worded_a_clause_may_not_put_it_in_force():
    clause = ClauseInForceFactory()
    both = member(clause.buyer, "buyer", "buying_manager")
    clause.revise(actor=both, **NEW)

    with pytest.raises(NotAllowed):
        clause.approve(actor=both)

    assert Clause.objects.get(pk=clause.pk).in_force == 1


def test_a_revision_waits_beside_the_wording_in_force():
    clause = ClauseInForceFactory()

    clause.revise(actor=writer(clause.buyer), **NEW)
    assert (clause.state, clause.current().number, clause.waiting().number) == ("in_force", 1, 2)

    clause.approve(actor=approver(clause.buyer))
    assert (clause.current().text, clause.waiting()) == (NEW["text"], None)


def test_there_is_nothing_to_approve_twice():
    clause = ClauseInForceFactory()

    with pytest.raises(Blocked) as refused:
        clause.approve(actor=approver(clause.buyer))

    assert codes(refused) == [("#/versions", "nothing-to-approve")]


def test_both_languages_say_the_same_paragraphs_with_the_same_places():
    clause = ClauseFactory()

    with pytest.raises(Invalid) as refused:
        clause.revise(actor=writer(clause.buyer), text="One {{ a }}.\nTwo {% now %}.", chinese_text="一。")

    assert codes(refused) == [
        ("#/text", "placeholder-malformed"),
        ("#/chinese_text", "paragraphs-differ"),
        ("#/chinese_text", "placeholders-differ"),
    ]
    assert clause.versions.count() == 1


def test_the_database_keeps_every_wording_as_it_was_written():
    version = ClauseInForceFactory().current()

    for change in ({"text": "Otherwise."}, {"approved_at": None}):
        with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            ClauseVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
        version.delete()

    assert ClauseVersion.objects.get(pk=version.pk).text == version.text


def test_an_edit_of_the_library_leaves_existing_contracts_as_they_are():
    template = TemplateInForceFactory()
    contract = ContractFactory(buyer=template.buyer, composition=Composition(template=template.current()))
    clause = TemplateItem.objects.get(version=template.current()).clause
    before = list(contract.clauses.values())

    clause.revise(actor=writer(clause.buyer), **NEW)
    clause.approve(actor=approver(clause.buyer))
    clause.retire(actor=writer(clause.buyer), reason="Not used any more.")

    assert list(contract.clauses.values()) == before
    assert contract.clauses.get().source.number == 1


def test_a_new_contract_takes_the_wording_in_force_on_its_day():
    template = TemplateInForceFactory()
    clause = TemplateItem.objects.get(version=template.current()).clause
    clause.revise(actor=writer(clause.buyer), **NEW)
    clause.approve(actor=approver(clause.buyer))

    assert [wording.text for wording in clauses_of(template.current())] == [NEW["text"]]


def test_a_template_names_every_place_its_clauses_leave_open():
    buyer = OrganisationFactory()
    clause = ClauseInForceFactory(
        buyer=buyer, text="Warranty: {{ warranty_months }}.", chinese_text="保修期：{{ warranty_months }}。"
    )

    with pytest.raises(Invalid) as refused:
        TemplateFactory(buyer=buyer, items=[Item(clause, Condition("colour", "is", "red"))])
    assert codes(refused) == [
        ("#/items/0/clause", "placeholder-unknown"),
        ("#/items/0/condition/field", "placeholder-unknown"),
    ]

    template = TemplateFactory(
        buyer=buyer, items=[Item(clause)], fields=[Field("warranty_months", "Warranty", "保修期", choices=("12", "24"))]
    )
    assert template.versions.get().blanks() == [Field("warranty_months", "Warranty", "保修期", choices=("12", "24"))]


def test_a_fields_name_is_plain_and_its_own():
    fields = [Field("Price!", "", ""), Field("place", "", ""), Field("a", "", ""), Field("a", "", "")]

    with pytest.raises(Invalid) as refused:
        TemplateFactory(fields=fields)

    assert codes(refused) == [
        ("#/fields/0/name", "field-name"),
        ("#/fields/1/name", "field-twice"),
        ("#/fields/2/name", "field-twice"),
        ("#/fields/3/name", "field-twice"),
    ]


def test_a_template_is_made_of_clauses_in_force():
    clause = ClauseFactory()

    with pytest.raises(Invalid) as refused:
        TemplateFactory(buyer=clause.buyer, items=[Item(clause)])

    assert codes(refused) == [("#/items/0/clause", "clause-not-in-force")]


def test_a_clause_stands_only_where_its_condition_holds():
    buyer = OrganisationFactory()
    advance, later = ClauseInForceFactory(buyer=buyer, title="Advance"), ClauseInForceFactory(buyer=buyer, title="Net")
    template = TemplateInForceFactory(
        buyer=buyer,
        items=[
            Item(advance, Condition("payment_terms", "is", "prepaid")),
            Item(later, Condition("payment_terms", "is_not", "prepaid")),
        ],
    )

    def titles(terms: str) -> list[str]:
        composition = Composition(template=template.current())
        contract = ContractFactory(buyer=buyer, payment_terms=terms, composition=composition)
        return [clause.title for clause in contract.standing_clauses()]

    assert (titles("prepaid"), titles("net_30")) == (["Advance"], ["Net"])


def test_a_library_is_seen_by_its_own_and_the_platforms_by_all():
    own, rival = ClauseInForceFactory(), OrganisationFactory()
    platform = PlatformFactory()
    shared = load(writer=member(platform, "compliance"), approver=member(platform, "compliance"))

    seen = Clause.objects.visible_to(member(rival, "buyer"))

    assert own not in seen
    assert seen.count() == Clause.objects.filter(buyer=None).count() == 15
    assert shared in ContractTemplate.objects.visible_to(member(rival, "buyer"))
    assert ContractTemplate.objects.visible_to(actor_for(own.created_by, rival)).count() == 1


def test_only_the_keeper_changes_its_library():
    clause = ClauseInForceFactory()
    rival = member(OrganisationFactory(), "buyer", "buying_manager", "compliance")

    for step, inputs in (("revise", NEW), ("retire", {"reason": "x"})):
        with pytest.raises(NotAllowed):
            getattr(clause, step)(actor=rival, **inputs)


def test_the_starting_library_loads_once_and_is_in_force():
    platform = PlatformFactory()
    people = {"writer": member(platform, "compliance"), "approver": member(platform, "compliance")}

    first, second = load(**people), load(**people)

    assert first.pk == second.pk
    assert (first.state, first.is_usual) == ("in_force", True)
    assert first.current().items.count() == 15

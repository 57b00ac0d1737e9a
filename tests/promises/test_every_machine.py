"""What every document promises by being declared, whoever wrote it."""

from __future__ import annotations

import inspect

import pytest

from b2b.errors import NotAllowed, WrongState
from b2b.models import JournalEntry
from b2b.policy import Actor
from b2b.workflow import Document
from tests.factories.b2b import OrganisationFactory, UserFactory
from tests.promises.machines import (
    forbidden_pairs,
    in_state,
    machines,
    make,
    makers,
    someone_who_may,
    without_constraints,
)

PAIRS = list(forbidden_pairs())


def test_every_document_can_be_made():
    without = [model.__name__ for model in machines() if model not in makers()]

    assert without == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", machines(), ids=lambda model: model.__name__)
def test_a_step_from_a_state_it_does_not_leave_is_refused_and_changes_nothing(model: type[Document]):
    document, users = make(model), UserFactory.create_batch(2)
    without_constraints(model)
    pairs = [(state, step) for owner, state, step in PAIRS if owner is model]
    entries = JournalEntry.objects.count()

    for state, step in pairs:
        there = in_state(document, state)
        actor = someone_who_may(model.steps()[step], there, users)
        with pytest.raises(WrongState):
            getattr(there, step)(actor=actor, **dict.fromkeys(inputs_of(model, step)))

        now = model._base_manager.get(pk=document.pk)
        assert (now.state, now.version) == (state, document.version), f"{step} from {state}"
    assert JournalEntry.objects.count() == entries


@pytest.mark.django_db
@pytest.mark.parametrize("model", machines(), ids=lambda model: model.__name__)
def test_a_stranger_may_take_no_step_in_any_state(model: type[Document]):
    document = make(model)
    stranger = Actor(
        user_id=UserFactory().pk,
        organisation_id=OrganisationFactory(is_buyer=True, is_supplier=True).pk,
        roles=frozenset({"requester", "buyer", "buying_manager", "receiver", "finance", "sales", "signatory", "admin"}),
        second_factor=True,
    )
    without_constraints(model)
    entries = JournalEntry.objects.count()

    for step, declared in model.steps().items():
        for state in declared.sources:
            there = in_state(document, state)
            with pytest.raises(NotAllowed):
                getattr(there, step)(actor=stranger, **dict.fromkeys(inputs_of(model, step)))

            now = model._base_manager.get(pk=document.pk)
            assert (now.state, now.version) == (state, document.version), f"{step} from {state}"
    assert JournalEntry.objects.count() == entries


@pytest.mark.parametrize("model", machines(), ids=lambda model: model.__name__)
def test_no_step_leaves_a_final_state(model: type[Document]):
    assert set(model.FINAL) == model.final_states()


@pytest.mark.django_db
@pytest.mark.parametrize("model", machines(), ids=lambda model: model.__name__)
def test_a_document_is_seen_by_its_own_and_by_no_stranger(model: type[Document]):
    document = make(model)
    stranger = Actor(
        user_id=UserFactory().pk,
        organisation_id=OrganisationFactory(is_buyer=True, is_supplier=True).pk,
        roles=frozenset({"buyer", "sales", "compliance"}),
    )

    seen = [
        model.objects.visible_to(actor).filter(pk=document.pk).exists()
        for actor in (stranger, Actor(user_id=stranger.user_id), Actor())
    ]

    assert model._base_manager.filter(pk=document.pk).exists()
    assert seen == [False, False, False]


def inputs_of(model: type[Document], step: str) -> list[str]:
    """The names a step's body asks for beside the actor, from its signature."""
    parameters = inspect.signature(getattr(model, step)).parameters.values()
    return [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name != "actor" and p.default is p.empty]

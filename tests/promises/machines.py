"""Every document class with a way to make one, and an actor who may take a given step."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import factory
from django.db import connection

import tests.factories
from b2b.models import Role
from b2b.policy import CLOCK, Actor
from b2b.workflow import Document, Step
from b2b.workflow.document import documents
from tests.promises.makers import MAKERS


def factories() -> dict[type, type[factory.django.DjangoModelFactory]]:
    """Model to the factory that declares it first, over all modules of ``tests.factories``."""
    found: dict[type, Any] = {}
    for module in pkgutil.iter_modules(tests.factories.__path__, "tests.factories."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, factory.django.DjangoModelFactory):
                model = value._meta.model
                if model is not None and model not in found:
                    found[model] = value
    return found


def machines() -> list[type[Document]]:
    return documents()


def forbidden_pairs() -> Iterator[tuple[type[Document], str, str]]:
    """(document, state, step) for each step that does not leave that state."""
    for model in machines():
        for name, declared in model.steps().items():
            for state in model.states():
                if state not in declared.sources:
                    yield model, state, name


def makers() -> dict[type[Document], Callable[[], Document]]:
    """Every way to make a document: by its factory class, or as its own app does."""
    return {**factories(), **MAKERS}


def make(model: type[Document]) -> Document:
    return makers()[model]()


def without_constraints(model: type[Document]) -> None:
    """Until the test's transaction ends, let rows stand where the table's constraints would never let them."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for name in [name for name, about in found.items() if about["check"]]:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {connection.ops.quote_name(name)}")


def in_state(document: Document, state: str) -> Document:
    """Put the row where no step would, to see what a step says there."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        type(document)._base_manager.filter(pk=document.pk).update(state=state)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return type(document)._base_manager.get(pk=document.pk)


def someone_who_may(declared: Step, document: Document, users: list[Any]) -> Actor:
    """An actor whom the step's own rule lets through, whatever the state."""
    sides = [getattr(document, name, None) for name in ("buyer_id", "supplier_id", "organisation_id")]
    organisations = [*(side for side in sides if side), document.pk]  # the last belongs to neither side
    for organisation_id in organisations:
        for platform in (False, True):
            for user in users:
                for roles in (frozenset(Role.values), *(frozenset({role}) for role in Role.values)):
                    actor = Actor(
                        user_id=user.pk,
                        organisation_id=organisation_id,
                        roles=roles,
                        platform=platform,
                        second_factor=True,
                    )
                    if declared.by(actor, document):
                        return actor
    if declared.by(CLOCK, document):
        return CLOCK
    message = f"Nobody may take {declared.name} on {document._meta.label_lower}."
    raise AssertionError(message)

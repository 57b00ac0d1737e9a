"""System checks: what a machine must be like before the product starts with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.utils.functional import Promise
from django.utils.translation import override

from b2b import events, gates
from b2b.policy import Rule
from b2b.workflow.declaration import Step
from b2b.workflow.document import Document, documents


@register
def workflows_are_sound(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every machine installed keeps the promises of docs/adding-a-document.md."""
    return [error for model in documents() for error in faults_of(model)]


def faults_of(model: type[Document]) -> Iterator[Error]:
    """All that is wrong with one machine's declaration."""
    steps = list(model.steps().values())
    yield from _unreachable(model, steps)
    yield from _unknown_states(model, steps)
    yield from _undeclared_finals(model)
    for declared in steps:
        yield from _incomplete(model, declared)
        yield from _one_language(model, declared.label, f"step “{declared.name}”")
    for state, label in _state_labels(model):
        yield from _one_language(model, label, f"state “{state}”")


def _unreachable(model: type[Document], steps: list[Step]) -> Iterator[Error]:
    reached, growing = {model.initial_state()}, True
    while growing:
        new = {target for s in steps if reached & set(s.sources) for target in s.targets} - reached
        reached |= new
        growing = bool(new)
    for state in model.states().keys() - reached:
        yield Error(f"{model.__name__}: no path of steps leads to “{state}”.", obj=model, id="b2b.E001")


def _unknown_states(model: type[Document], steps: list[Step]) -> Iterator[Error]:
    for declared in steps:
        for state in {*declared.sources, *declared.targets} - model.states().keys():
            yield Error(
                f"{model.__name__}.{declared.name} names “{state}”, which is no state.", obj=model, id="b2b.E002"
            )


def _undeclared_finals(model: type[Document]) -> Iterator[Error]:
    """``FINAL`` on the class says which states are final; a step that leaves one is found here."""
    declared = set(getattr(model, "FINAL", ()))
    for state in sorted(declared ^ model.final_states()):
        problem = "is left by a step" if state in declared else "is left by no step but not declared final"
        yield Error(f"{model.__name__}: the state “{state}” {problem}.", obj=model, id="b2b.E003")


def _incomplete(model: type[Document], declared: Step) -> Iterator[Error]:
    if not declared.label:
        yield Error(f"{model.__name__}.{declared.name} has no label.", obj=model, id="b2b.E004")
    if not isinstance(declared.by, Rule):
        yield Error(f"{model.__name__}.{declared.name} does not say who may take it.", obj=model, id="b2b.E005")


def _state_labels(model: type[Document]) -> Iterable[tuple[str, Any]]:
    return list(model.state_field().flatchoices)


def _one_language(model: type[Document], label: str | Promise, what: str) -> Iterator[Error]:
    if not _catalogue_compiled(model):
        return
    with override("en"):
        english = str(label)
    with override("zh-hans"):
        chinese = str(label)
    if label and english == chinese:
        yield Error(f"{model.__name__}: the {what} has no Chinese label.", obj=model, id="b2b.E006")


def _catalogue_compiled(model: type[Document]) -> bool:
    """script/setup compiles the catalogues; before it ran there is nothing to compare."""
    path = Path(apps.get_app_config(model._meta.app_label).path)
    return any(path.glob("locale/*/LC_MESSAGES/*.mo"))


@register
def gates_hang_on_real_steps(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A gate on a step that was renamed would silently guard nothing."""
    known = {(model._meta.label_lower, name) for model in documents() for name in model.steps()}
    return [
        Error(f"A gate hangs on {document}.{step}, which does not exist.", id="b2b.E007")
        for document, step in gates.hung()
        if (document, step) not in known
    ]


@register
def subscribers_hear_real_events(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A subscription to an event nobody announces would silently hear nothing."""
    steps = {f"{model._meta.label_lower}.{name}" for model in documents() for name in (*model.steps(), "create")}
    return [
        Error(f"{', '.join(names)} subscribed to {event}, which does not exist.", id="b2b.E008")
        for event, names in events.heard().items()
        if event not in steps and event not in events.declared()
    ]

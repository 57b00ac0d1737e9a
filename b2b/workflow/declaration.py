"""``@step``: one declaration from which the API, the journal, the docs and the tests follow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import django_fsm as fsm
from django.utils.functional import Promise
from django.utils.translation import gettext

from b2b import events, gates, journal
from b2b.errors import Blocked, Fault, NotAllowed, WrongState
from b2b.policy import Actor, Rule
from b2b.together import together
from b2b.workflow.document import Document


@dataclass(frozen=True, slots=True)
class Step:
    """A move between states: who may take it, what must hold first, whom it concerns."""

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    by: Rule
    label: str | Promise
    requires: tuple[gates.Guard, ...]
    approves: bool
    """Taking it accepts all edits so far: ``duties.editor`` starts to count anew."""
    edits: bool
    """Taking it changes what others approve: who takes it counts as an editor."""
    tells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whom to notify: the document's attribute that holds an organisation's key, and roles there."""


def step(
    source: str | Iterable[str],
    target: str | tuple[str, ...],
    *,
    by: Rule,
    label: str | Promise,
    requires: Iterable[gates.Guard] = (),
    approves: bool = False,
    edits: bool = False,
    tells: Mapping[str, tuple[str, ...]] | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a step on a ``Document``. With several targets the body returns the one it chose.

    Calling the step with ``actor=`` (and optionally ``expected_version=``) locks the row, compares
    the version, authorises, collects every unmet guard, runs the body, saves, journals and
    announces ``<app>.<model>.<step>``, all in one transaction. It returns the document and raises
    ``StaleVersion``, ``NotAllowed``, ``WrongState``, ``Blocked``, or what the body raises.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)
    targets = (target,) if isinstance(target, str) else target

    def declare(body: Callable[..., Any]) -> Callable[..., Any]:
        declared = Step(body.__name__, sources, targets, by, label, tuple(requires), approves, edits, dict(tells or {}))
        move = fsm.transition(
            field="state",
            source=list(sources),
            target=targets[0] if len(targets) == 1 else fsm.RETURN_VALUE(*targets),
            permission=lambda document, actor: by(actor, document),
            custom={"label": label, "requires": declared.requires},
        )(body)

        @wraps(move)
        def take(document: Document, *, actor: Actor, expected_version: int | None = None, **inputs: Any) -> Any:
            with together():
                document.lock()
                document.expect(expected_version)
                require(declared, document, actor)
                before = journal.snapshot(document)
                move(document, actor=actor, **inputs)
                _finish(declared, document, actor, before, inputs)
            return document

        take.step = declared  # type: ignore[attr-defined]
        return take

    return declare


def _finish(
    declared: Step, document: Document, actor: Actor, before: journal.Snapshot, inputs: Mapping[str, Any]
) -> None:
    document.version += 1
    document.write()
    journal.record(document, declared.name, actor=actor, before=before, inputs=inputs)
    events.announce(f"{document._meta.label_lower}.{declared.name}", document_id=str(document.pk))
    if declared.tells:
        events.tell(document, declared.name, declared.tells, actor=actor)


def require(declared: Step, document: Document, actor: Actor) -> None:
    """Raise unless ``actor`` may take the step now."""
    if not declared.by(actor, document):
        raise NotAllowed(gettext("This step is for: %(who)s.") % {"who": declared.by.name})
    if document.state not in declared.sources:
        raise WrongState(
            gettext("“%(step)s” is not possible while the document is “%(state)s”.")
            % {"step": declared.label, "state": document.states()[document.state]}
        )
    if faults := blockers(declared, document):
        raise Blocked(faults=faults)


def blockers(declared: Step, document: Document) -> tuple[Fault, ...]:
    """Everything that stands in the way, from this app and from the apps above it."""
    hung = gates.guards(document._meta.label_lower, declared.name)
    return tuple(fault for guard in (*declared.requires, *hung) for fault in _faults(guard(document)))


def _faults(said: Fault | Iterable[Fault] | None) -> tuple[Fault, ...]:
    if said is None:
        return ()
    return (said,) if isinstance(said, Fault) else tuple(said)

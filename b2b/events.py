"""Apps below announce what happened; apps above hear it without being imported.

An app that announces something of its own declares it: ``event("procurement.receipt_posted",
"receipt_id")``. Every step of a document is an event by itself, ``<app>.<model>.<step>`` with
``document_id``. A subscriber is a Celery task, registered from ``AppConfig.ready`` by importing its
module:

    @on("procurement.receipt_posted", name="suppliers.rate_delivery")
    def rate_delivery(receipt_id: str) -> None: ...

``announce`` writes one outbox message per subscriber in the announcing transaction, so each acts
exactly once whatever dies in between, and one that fails does not keep the others waiting. An
event nobody hears costs nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from celery import shared_task

from b2b.outbox import ask, ask_many

if TYPE_CHECKING:
    from b2b.policy import Actor
    from b2b.workflow.document import Document

Subscriber = TypeVar("Subscriber", bound=Callable[..., None])

OF_A_STEP = frozenset({"document_id"})
"""What the event of a step carries."""

_declared: dict[str, frozenset[str]] = {}
_subscribers: dict[str, list[str]] = defaultdict(list)


def event(name: str, /, *payload: str) -> None:
    """Declare that ``name`` (``<app>.<what_happened>``) may be announced with exactly these values."""
    if _declared.setdefault(name, frozenset(payload)) != frozenset(payload):
        raise ValueError(f"The event {name} is declared twice with different payloads.")


def on(event: str, /, *, name: str) -> Callable[[Subscriber], Subscriber]:
    """Subscribe a function. ``name`` stands in waiting messages: it must survive a move of the code."""

    def subscribe(subscriber: Subscriber) -> Subscriber:
        if any(name in names for heard, names in _subscribers.items() if heard != event):
            raise ValueError(f"The subscriber {name} already hears another event.")
        shared_task(name=name)(subscriber)
        if name not in _subscribers[event]:
            _subscribers[event].append(name)
        return subscriber

    return subscribe


def announce(event: str, /, **payload: Any) -> None:
    """Tell everybody who subscribed, once this transaction has really happened."""
    announce_each(event, [payload])


def announce_each(event: str, payloads: Iterable[Mapping[str, Any]], /) -> None:
    """``announce`` for any number of payloads, in one statement."""
    told = list(payloads)
    for payload in told:
        if _declared.get(event, OF_A_STEP) != payload.keys():
            raise ValueError(f"The event {event} is not declared with {sorted(payload)}.")
    ask_many([(name, payload) for payload in told for name in _subscribers.get(event, ())])


def tell(document: Document, step: str, audience: Mapping[str, Sequence[str]], *, actor: Actor | None = None) -> None:
    """Notify members of a step, apart from who took it.

    ``audience`` maps an attribute of the document that holds an organisation's key to roles there.
    """
    told = {str(key): list(roles) for name, roles in audience.items() if (key := getattr(document, name))}
    ask(
        "b2b.notify_of_step",
        document_type=document._meta.label_lower,
        document_id=document.pk,
        document_number=document.number,
        step=step,
        state=document.state,
        audience=told,
        taken_by=actor.user_id if actor else None,
    )


def declared() -> Mapping[str, frozenset[str]]:
    """Every event some app declares, with the names of what it carries."""
    return dict(_declared)


def heard() -> Mapping[str, tuple[str, ...]]:
    """Every event somebody subscribed to, with the subscribers' names."""
    return {name: tuple(names) for name, names in _subscribers.items()}

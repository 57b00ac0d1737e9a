"""Documents an actor may see, as queries that are kept: which ones those are depends on more than the actor's keys."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from b2b.compiled import compiled

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from b2b.policy import Actor
    from b2b.workflow.document import Document


def likeness(actor: Actor | None) -> Actor | None:
    """What actors have in common for whom the same query looks for what they see."""
    return actor and replace(actor, user_id=None, organisation_id=None, request_id="")


def looked_for(key: UUID, actor: Actor | None) -> tuple[UUID, UUID | None, UUID | None]:
    """The values of such a query for one document."""
    return (key, actor.user_id, actor.organisation_id) if actor else (key, None, None)


def among(
    model: type[Document], like: Actor | None, user_id: UUID | None, organisation_id: UUID | None
) -> QuerySet[Any]:
    """What an actor with that ``likeness`` and these keys sees; nobody's likeness sees everything."""
    if like is None:
        return model._default_manager.all()
    return seen(model, replace(like, user_id=user_id, organisation_id=organisation_id))


def found(model: type[Document], key: UUID, *, seen_by: Actor | None) -> Any:
    """The document with this key, if there is one the actor may see."""
    return _one.first(*looked_for(key, seen_by), model=model, like=likeness(seen_by))


@compiled
def _one(
    key: UUID, user_id: UUID | None, organisation_id: UUID | None, *, model: type[Document], like: Actor | None
) -> QuerySet[Any]:
    return among(model, like, user_id, organisation_id).filter(pk=key).order_by()


def seen(model: type[Document], actor: Actor) -> QuerySet[Any]:
    rows: Any = model._default_manager
    visible: QuerySet[Any] = rows.visible_to(actor)
    return visible

"""The documents that tables go into: which a person may choose, and how they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model, Q

from b2b.errors import DomainError
from b2b.policy import Actor
from b2b.uploads.format import Format
from b2b.uploads.formats import formats
from b2b.uploads.models import Upload

SHOWN, LOOKED_AT = 20, 100
NAMES = ("title", "name")


@dataclass(frozen=True, slots=True)
class Target:
    """A document as a person chooses it."""

    id: UUID
    type: str
    number: str
    title: str
    state_label: str


def may_bring(actor: Actor, declared: Format) -> bool:
    """Whether it is this person's kind of table at all."""
    if actor.organisation_id is None:
        return False
    return bool(declared.by(actor, Upload(organisation_id=actor.acts_for, format=declared.code)))


def open_targets(declared: Format, actor: Actor, text: str) -> Iterator[Target]:
    """The latest documents with the text in number or title into which the actor may bring the table now."""
    if declared.target is None or not may_bring(actor, declared):
        return
    path = _title_path(declared.target)
    found = declared.target._default_manager.visible_to(actor).order_by("-id")  # type: ignore[attr-defined]
    if text:
        found = found.filter(Q(number__icontains=text) | (Q(**{f"{path}__icontains": text}) if path else Q()))
    takes = (document for document in found[:LOOKED_AT] if is_open(declared, document, actor))
    for _place, document in zip(range(SHOWN), takes, strict=False):
        yield described(document)


def is_open(declared: Format, document: Any, actor: Actor) -> bool:
    """Whether the actor may bring the table into the document now."""
    try:
        declared.check_target(document, actor)
    except DomainError:
        return False
    return True


def formats_into(document_id: UUID, actor: Actor) -> Iterator[tuple[Format, Any]]:
    """The kinds of tables that go into documents of this one's kind, of those the actor brings; and the document."""
    for declared in formats().values():
        if declared.target is not None and may_bring(actor, declared):
            visible = declared.target._default_manager.visible_to(actor)  # type: ignore[attr-defined]
            if (document := visible.filter(pk=document_id).first()) is not None:
                yield declared, document


def made_by(upload: Upload) -> Iterator[Target]:
    """The documents its rows became, the first of them, while they are in force."""
    makes = formats()[upload.format].makes if upload.format in formats() else None
    if makes is None or upload.applied_through < 0:
        return
    rows = upload.rows.acting().filter(number__lte=upload.applied_through, document_id__isnull=False)
    keys = [key for key in rows.order_by("document_id").values_list("document_id", flat=True).distinct()[:SHOWN] if key]
    for document in makes._base_manager.filter(pk__in=keys).order_by("pk"):
        yield described(document)


def described(document: Any) -> Target:
    model: Any = type(document)
    title: Any = document
    for name in filter(None, _title_path(model).split("__")):
        title = getattr(title, name, "")
    return Target(
        id=document.pk,
        type=document._meta.label_lower,
        number=document.number,
        title="" if title is document else str(title),
        state_label=str(document.states()[document.state]),
    )


@cache
def _title_path(model: type[Model]) -> str:
    """Where a document says its title: itself, or the document it belongs to; empty where neither does."""
    for name in NAMES:
        if _has(model, name):
            return name
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and _has(field.related_model, "title"):
            return f"{field.name}__title"
    return ""


def _has(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True

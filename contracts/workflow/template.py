"""A template is composed anew by ``revise``; see ``library`` for its life."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from b2b.errors import Fault, Invalid
from b2b.policy import Actor
from b2b.workflow import step
from contracts.placeholders import STANDARD, names_in_all
from contracts.policy import writing
from contracts.workflow.library import LibraryWorkflow
from contracts.workflow.wording import unknown_places

if TYPE_CHECKING:
    from contracts.models import Clause

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Operator(models.TextChoices):
    IS = "is", _("is")
    IS_NOT = "is_not", _("is not")


@dataclass(frozen=True, slots=True)
class Field:
    """A blank of the template, filled in for each contract. ``choices`` limits what may be filled in, where given."""

    name: str
    label: str
    chinese_label: str
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """The clause stands only where a field is, or is not, exactly this value."""

    field: str
    operator: str
    value: str

    def holds(self, values: Mapping[str, str]) -> bool:
        return (values.get(self.field, "") == self.value) == (self.operator == Operator.IS)


@dataclass(frozen=True, slots=True)
class Item:
    """A clause at its place in the template."""

    clause: Clause
    condition: Condition | None = None


class TemplateWorkflow(LibraryWorkflow):
    class Meta:
        abstract = True

    @step(["draft", "in_force"], ("draft", "in_force"), by=writing, label=_("Compose anew"), edits=True)
    def revise(
        self, *, actor: Actor, title: str, chinese_title: str, fields: Sequence[Field], items: Sequence[Item]
    ) -> str:
        """Add a composition, which waits for approval. Raises ``Invalid``."""
        if faults := [*_faults(fields, items)]:
            raise Invalid(faults=faults)
        version = self.versions.create(
            number=self.next_version(),
            title=title,
            chinese_title=chinese_title,
            fields=[asdict(field) for field in fields],
            written_by_id=actor.user_id,
        )
        version.items.bulk_create([_row(version, position, item) for position, item in enumerate(items, start=1)])
        return str(self.state)


def _row(version: Any, position: int, item: Item) -> Any:
    condition = item.condition or Condition("", "", "")
    return version.items.model(
        version=version,
        position=position,
        clause=item.clause,
        condition_field=condition.field,
        condition_operator=condition.operator,
        condition_value=condition.value,
    )


def _faults(fields: Sequence[Field], items: Sequence[Item]) -> Iterator[Fault]:
    yield from _field_faults(fields)
    if not items:
        yield Fault("#/items", "no-clauses", gettext("Add at least one clause."))
    known = {*STANDARD, *(field.name for field in fields)}
    for index, item in enumerate(items):
        yield from _item_faults(item, f"#/items/{index}", known)


def _field_faults(fields: Sequence[Field]) -> Iterator[Fault]:
    named = Counter(field.name for field in fields)
    for index, field in enumerate(fields):
        pointer = f"#/fields/{index}/name"
        if not NAME.fullmatch(field.name):
            yield Fault(pointer, "field-name", gettext("A field's name is made of a–z, 0–9 and _, a letter first."))
        if named[field.name] > 1 or field.name in STANDARD:
            yield Fault(pointer, "field-twice", gettext("There is a field “%(name)s” already.") % {"name": field.name})


def _item_faults(item: Item, pointer: str, known: set[str]) -> Iterator[Fault]:
    wording = item.clause.current()
    if wording is None or item.clause.state != "in_force":
        yield Fault(
            f"{pointer}/clause",
            "clause-not-in-force",
            gettext("The clause %(code)s is not in force.") % {"code": item.clause.code},
        )
    else:
        yield from unknown_places(
            names_in_all([wording.text, wording.chinese_text]), known, pointer=f"{pointer}/clause"
        )
    if item.condition is not None:
        yield from unknown_places([item.condition.field], known, pointer=f"{pointer}/condition/field")

"""What sorts of news there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from b2b.workflow.document import Document, documents

Text = str | Promise

DOCUMENT_PAGE = "/documents/%(document_type)s/%(id)s"


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of news. The texts name values as ``%(name)s``; see ``wording.values`` for which there are."""

    name: str
    title: Text
    body: Text = ""
    by_email: bool = True
    """Whether it is mailed to who has no preference."""
    path: str = DOCUMENT_PAGE
    """Where in the application it leads."""


_declared: dict[str, Kind] = {}


def kind(name: str, /, *, title: Text, body: Text = "", by_email: bool = True, path: str = DOCUMENT_PAGE) -> Kind:
    """Declare a kind of notification. Called from ``AppConfig.ready`` by importing the declaring module."""
    _declared[name] = Kind(name, title, body, by_email, path)
    return _declared[name]


def kind_of(name: str) -> Kind:
    """The declared kind, or that of a document's step. Raises ``LookupError``."""
    if name in _declared:
        return _declared[name]
    document_type, _dot, step = name.rpartition(".")
    if step not in steps_of(document_type):
        raise LookupError(f"There is no notification of kind {name}.")
    return _of_step(name)


def steps_of(document_type: str) -> dict[str, Text]:
    """Name and label of each step of a document type; none when it names no document."""
    if document_type.count(".") != 1:
        return {}
    model = apps.get_model(document_type)
    return {name: step.label for name, step in model.steps().items()} if issubclass(model, Document) else {}


def known_kinds() -> list[Kind]:
    """Everything one can be notified of: what is declared, and each step that tells somebody."""
    told = (
        f"{model._meta.label_lower}.{name}"
        for model in documents()
        for name, step in model.steps().items()
        if step.tells
    )
    return [kind_of(name) for name in sorted({*_declared, *told})]


def _of_step(name: str) -> Kind:
    return Kind(name, title=_("%(document)s %(number)s: %(step)s"), body=_("It is now “%(state)s”."))

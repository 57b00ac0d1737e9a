"""What sorts of news there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import format_lazy
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
    label: Text = ""
    """What people call the kind when they choose what is mailed."""


_declared: dict[str, Kind] = {}


def kind(
    name: str,
    /,
    *,
    title: Text,
    body: Text = "",
    by_email: bool = True,
    path: str = DOCUMENT_PAGE,
    label: Text = "",
) -> Kind:
    """Declare a kind of notification. Called from ``AppConfig.ready`` by importing the declaring module."""
    _declared[name] = Kind(name, title, body, by_email, path, label or _label_of_step(name) or title)
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
    try:
        model = apps.get_model(document_type)
    except (LookupError, ValueError):
        return {}
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
    title, body = _("%(document)s %(number)s: %(step)s"), _("It is now “%(state)s”.")
    return Kind(name, title, body, label=_label_of_step(name))


def _label_of_step(name: str) -> Text:
    """“Purchase order: Approve”; nothing when the kind is no step's."""
    document_type, _dot, step = name.rpartition(".")
    labels = steps_of(document_type)
    return (
        format_lazy("{}: {}", apps.get_model(document_type)._meta.verbose_name, labels[step]) if step in labels else ""
    )

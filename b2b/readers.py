"""Who may read what hangs on a document: whoever may read the document. Apps register in ``ready``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db import models

    from b2b.policy import Actor

Readable = Callable[["Actor"], "models.QuerySet[Any]"]

_readable: dict[str, Readable] = {}


def read_through(model: type[models.Model], readable: Readable | None = None) -> None:
    """Let files hang on documents of ``model``.

    ``readable`` narrows who sees the files; without it they follow ``model.objects.visible_to``.
    """
    manager: Any = model._default_manager
    _readable[model._meta.label_lower] = readable or manager.visible_to


def registered() -> tuple[tuple[str, Readable], ...]:
    """Every document type files may hang on, with the query for the documents an actor may read."""
    return tuple(_readable.items())


def is_registered(document_type: str) -> bool:
    return document_type in _readable

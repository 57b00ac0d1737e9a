"""Doors that apps above hang on the steps of documents below, without being imported by them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from b2b.errors import Fault

Guard = Callable[[Any], "Fault | Iterable[Fault] | None"]
"""Asks a document what is still missing for a step: nothing, one fault, or several."""

_guards: dict[tuple[str, str], list[Guard]] = defaultdict(list)


def gate(document: str, step: str) -> Callable[[Guard], Guard]:
    """Hang a guard on someone else's step: ``@gate("contracts.contract", "sign")``. Called from ``ready``."""

    def hang(guard: Guard) -> Guard:
        if guard not in _guards[document, step]:
            _guards[document, step].append(guard)
        return guard

    return hang


def guards(document: str, step: str) -> tuple[Guard, ...]:
    """The guards hung on ``step`` of the model labelled ``document`` (``app.model``, lower case)."""
    return tuple(_guards.get((document, step), ()))


def hung() -> tuple[tuple[str, str], ...]:
    """Every (document, step) some app gates; a system check proves that each exists."""
    return tuple(_guards)

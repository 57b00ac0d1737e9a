"""What an organisation keeps, drawn at random and written by the rules, for each kind of table there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis.strategies import SearchStrategy

from b2b.policy import Actor


@dataclass(frozen=True)
class Kept:
    """Who takes the table away and brings it back, and which document it is of."""

    actor: Actor
    target: Any = None


@dataclass(frozen=True)
class Keeping:
    drawn: SearchStrategy[Any]
    write: Callable[[Any], Kept]


KEEPING: dict[str, Keeping] = {}
"""By the code of the format."""


def keeps(code: str, drawn: SearchStrategy[Any]) -> Callable[[Callable[[Any], Kept]], Callable[[Any], Kept]]:
    """Decorator: this writes what was drawn, and says who keeps it."""

    def declare(write: Callable[[Any], Kept]) -> Callable[[Any], Kept]:
        KEEPING[code] = Keeping(drawn, write)
        return write

    return declare

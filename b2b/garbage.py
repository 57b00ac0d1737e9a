"""When Python looks for garbage: for things that hold each other, which it cannot let go of by counting."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

NEW_OBJECTS = 20_000
"""So many more containers than before make Python look for garbage; a row of a table is a dozen of them."""


def leave_out_what_is_loaded() -> None:
    """What is loaded by now stays: looking through it again and again took long jobs a quarter of their time."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


@contextmanager
def uncollected() -> Iterator[None]:
    """For work on thousands of rows, which needs nearly all it makes to its end: nobody looks for garbage meanwhile."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def let_go(rows: list[Any]) -> None:
    """Empty a list whose rows are done with, and look for what they leave: ``uncollected`` holds no more than that."""
    rows.clear()
    gc.collect(1)

from __future__ import annotations

import gc
import weakref

import pytest

from b2b.garbage import let_go, uncollected


class Holding:
    """Holds itself, so that counting alone never lets it go."""

    def __init__(self) -> None:
        self.myself = self


def test_nobody_looks_for_garbage_amid_the_rows_and_afterwards_as_before() -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_failure_amid_the_rows_leaves_the_search_for_garbage_on() -> None:
    with pytest.raises(ValueError, match="broken"), uncollected():
        raise ValueError("broken")

    assert gc.isenabled()


def test_rows_that_are_done_with_are_let_go_at_once() -> None:
    rows = [Holding()]
    kept = weakref.ref(rows[0])

    with uncollected():
        let_go(rows)

        assert (rows, kept()) == ([], None)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from b2b.policy import Actor
from tests.procurement.sheets.bringing import Bringing


@pytest.fixture
def bringing(do_jobs: Callable[[], int]) -> Callable[..., Bringing]:
    def of(code: str, actor: Actor, target: Any = None) -> Bringing:
        return Bringing(code, actor, do_jobs, target)

    return of

"""Files as people send them, brought by whoever keeps such a table, and what the review makes of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.uploads_proof.sending import Sending


@pytest.fixture
def sending(do_jobs: Callable[[], int]) -> Callable[..., Sending]:
    return lambda code, **options: Sending(code, do_jobs, **options)

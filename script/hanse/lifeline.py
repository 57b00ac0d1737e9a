"""Letting a child end with its parent, however the parent ends."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> Callable[[], None] | None:
    """For ``preexec_fn``: Linux sends the child this signal when its parent is gone.

    Elsewhere there is no such call, and the guardian (``hanse.guardian``) or the keeper (``hanse.postgres.keeper``)
    has to be enough. What runs between fork and exec takes no lock, so other threads may be running.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask_kernel() -> None:
        prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:  # It died before we could ask.
            os.kill(os.getpid(), signal_number)

    return ask_kernel

"""The process that cleans up behind a supervisor that was killed.

It is told on its standard input which process groups there are; when that ends, because the supervisor did, it
ends the groups that are left. Not in the supervisor's session, so no Ctrl-C or closed terminal reaches it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable

GRACE_SECONDS = 6.0
POLL_SECONDS = 0.1


def main(_arguments: list[str]) -> int:
    groups: set[int] = set()
    for line in sys.stdin:
        mark, group = line[0], int(line[1:])
        (groups.add if mark == "+" else groups.discard)(group)
    end_groups(groups)
    return 0


def end_groups(groups: Iterable[int]) -> None:
    """Asks each leader, who passes it on to its own; what is left when the leaders are gone, or too slow, is killed."""
    asked = [group for group in groups if _signalled(os.kill, group, signal.SIGTERM)]
    end = time.monotonic() + GRACE_SECONDS
    while any(_signalled(os.kill, group, 0) for group in asked) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    for group in groups:
        _signalled(os.killpg, group, signal.SIGKILL)


def _signalled(how: Callable[[int, int], None], number: int, what: int) -> bool:
    """Whether there was anybody to receive it."""
    try:
        how(number, what)
    except ProcessLookupError:
        return False
    return True

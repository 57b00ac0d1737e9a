"""The process that cleans up behind a supervisor that was killed.

It is told on its standard input which process groups there are; when that ends, because the supervisor did, it
ends the groups that are left. Not in the supervisor's session, so no Ctrl-C or closed terminal reaches it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable

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
    """First asking, then not; each group's leader passes the wish on to its own children."""
    left = {group for group in groups if _signal_leader(group, signal.SIGTERM)}
    end = time.monotonic() + GRACE_SECONDS
    while (left := {group for group in left if _signal_group(group, 0)}) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    for group in left:
        _signal_group(group, signal.SIGKILL)


def _signal_leader(group: int, number: int) -> bool:
    """Whether the group still exists, with or without its leader."""
    try:
        os.kill(group, number)
    except ProcessLookupError:
        return _signal_group(group, number)
    return True


def _signal_group(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True

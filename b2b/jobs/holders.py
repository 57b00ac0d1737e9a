"""Which process holds a job, so that others on the same machine need not wait for the lease of one that was killed."""

from __future__ import annotations

import os
import socket
from functools import cache
from pathlib import Path

PROC = Path("/proc")


def this_process() -> str:
    """Host, process and when it began; empty where the system does not tell."""
    began = _began(os.getpid())
    return f"{_here()} {os.getpid()} {began}" if began else ""


def is_gone(holder: str) -> bool:
    """Whether it is known to be dead: only a process of this host can be."""
    host, _, process = holder.partition(" ")
    if not process or host != _here():
        return False
    number, began = process.split()
    return _began(int(number)) != began


@cache
def _here() -> str:
    """The host, and where containers share a name, the container: each counts its processes by itself."""
    try:
        namespace = str((PROC / "self" / "ns" / "pid").readlink())
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}"


def _began(number: int) -> str:
    """In ticks since the machine started; empty of a process that is dead, if only waiting to be counted."""
    try:
        # The name in parentheses may hold anything; behind it come the state and then numbers.
        told = (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    state, began = told[0], told[19]
    return "" if state in "ZX" else began

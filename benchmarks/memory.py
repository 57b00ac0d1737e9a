"""The memory a piece of work holds, with the children it starts: sampled, as a child's own peak is told to nobody."""

from __future__ import annotations

import resource
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAUSE_SECONDS = 0.05
KIB_PER_MIB = 1024
BYTES_PER_MIB = 1024 * 1024
PROC = Path("/proc")


class Peak:
    """The most that was seen, in MiB."""

    mib: float = 0.0


@contextmanager
def peak_of_tree() -> Iterator[Peak]:
    """Watch this process and all below it while the block runs; where there is no /proc, only this process."""
    peak, over = Peak(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, over), daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()
        peak.mib = max(peak.mib, _now_mib() if PROC.exists() else _own_peak_mib())


def _watch(peak: Peak, over: threading.Event) -> None:
    while not over.wait(PAUSE_SECONDS):
        peak.mib = max(peak.mib, _now_mib())


def _now_mib() -> float:
    return sum(map(_mib, _tree()))


def _tree() -> set[int]:
    """This process and everything it started, directly or not."""
    parents = dict(_parents())
    found, growing = {_own_id()}, True
    while growing:
        new = {process for process, parent in parents.items() if parent in found} - found
        found |= new
        growing = bool(new)
    return found


def _own_id() -> int:
    return int((PROC / "self").readlink().name) if PROC.exists() else 0


def _parents() -> Iterator[tuple[int, int]]:
    for folder in PROC.glob("[0-9]*"):
        try:
            behind_the_name = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It has ended meanwhile.
        yield int(folder.name), int(behind_the_name[1])


def _mib(process: int) -> float:
    """What it holds and shares with no other: forked children share most of their parent's pages."""
    try:
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / KIB_PER_MIB


def _own_peak_mib() -> float:
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest / (BYTES_PER_MIB if sys.platform == "darwin" else KIB_PER_MIB)

"""A worker's sign of life for whoever watches it: a file that is touched as long as its work goes on.

It goes on while the worker looks for messages, or does a task. How long a task may take is nothing this decides: the
lease of a job does.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from time import monotonic
from typing import Any

from celery.signals import task_postrun, task_prerun, worker_ready

from b2b.folder_broker import Channel

FILE = "PULSE_FILE"
"""The environment variable that names it; only who watches sets it."""
BEAT_SECONDS = 1.0
ROUND_SECONDS = 10.0
"""A loop that goes round looks for messages more often."""

_at_work = threading.Event()


def begin_with_worker() -> None:
    """Beat as soon as a worker runs in this process, where somebody wants to know."""
    if FILE in os.environ:
        task_prerun.connect(_begin_task, weak=False)
        task_postrun.connect(_end_task, weak=False)
        worker_ready.connect(_begin, weak=False)


def _begin_task(**_: Any) -> None:
    _at_work.set()


def _end_task(**_: Any) -> None:
    _at_work.clear()


def _begin(**_: Any) -> None:
    threading.Thread(target=_beat, args=[Path(os.environ[FILE])], daemon=True).start()


def _beat(file: Path) -> None:
    while True:
        if _at_work.is_set() or _loop_goes_round():
            file.touch()
        threading.Event().wait(BEAT_SECONDS)


def _loop_goes_round() -> bool:
    """Of a broker that is no folder nothing is known but that the process lives."""
    return not Channel.looked_at or monotonic() - Channel.looked_at < ROUND_SECONDS

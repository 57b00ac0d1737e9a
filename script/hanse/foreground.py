"""Running one child in the terminal as if it were us."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

from hanse.lifeline import die_with_parent


def run_in_foreground(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    descriptors: tuple[int, ...],
    folder: Path | None = None,
) -> int:
    """The child's exit code. Ctrl-C reaches it from the terminal, and a SIGTERM to us is passed on."""
    child = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        pass_fds=descriptors,
        preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
    )

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    before = signal.signal(signal.SIGINT, signal.SIG_IGN), signal.signal(signal.SIGTERM, pass_on)
    try:
        code = child.wait()
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    return code if code >= 0 else 128 - code

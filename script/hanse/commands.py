"""Running another program from a script."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from hanse.refusal import Refusal

LAST_LINES = 15


def run(
    command: Sequence[str | Path],
    *,
    refusal: str,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """What the program printed; raises ``Refusal`` with the end of it under the given sentence when it fails."""
    done = _completed(command, folder, environment)
    if done.returncode:
        end = "\n".join(done.stdout.splitlines()[-LAST_LINES:])
        raise Refusal(f"{refusal}\n{end}")
    return done.stdout


def succeeds(command: Sequence[str | Path]) -> bool:
    """False also when there is no such program."""
    try:
        return _completed(command, None, None).returncode == 0
    except FileNotFoundError:
        return False


def _completed(
    command: Sequence[str | Path], folder: Path | None, environment: Mapping[str, str] | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )

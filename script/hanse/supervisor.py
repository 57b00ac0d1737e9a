"""Running several programs as one: started together, restarted when one dies, stopped in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hanse.lifeline import die_with_parent
from hanse.places import ROOT, hanse
from hanse.refusal import Refusal

POLL_SECONDS = 0.2
RESTART_PAUSE_SECONDS = 1.0
DEATHS_MAX = 4
DEATHS_WITHIN_SECONDS = 60
READ_SECONDS_MAX = 2.0


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str | Path]
    # How long it may take to finish what it is doing; after that it is killed.
    stop_seconds: float
    # A file it touches while it is well, and how long it may not, also when it starts.
    pulse: Path | None = None
    silent_seconds: float = 60.0


@dataclass
class Running:
    """One program and its present process."""

    program: Program
    process: subprocess.Popen[bytes]
    reader: threading.Thread
    last_line: str = ""
    last_pulse: float = 0
    seen_at: float = field(default_factory=time.monotonic)
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=DEATHS_MAX))

    def last_words(self) -> str:
        self.reader.join(READ_SECONDS_MAX)
        return self.last_line or f"nothing (code {self.process.returncode})"

    def is_silent(self) -> bool:
        """Whether a process that should give signs of life has given none for too long."""
        pulse = self.program.pulse
        if pulse is None:
            return False
        with suppress(FileNotFoundError):
            if (latest := pulse.stat().st_mtime) != self.last_pulse:
                self.last_pulse, self.seen_at = latest, time.monotonic()
        return time.monotonic() - self.seen_at > self.program.silent_seconds

    def dies_too_often(self) -> bool:
        return len(self.deaths) == DEATHS_MAX and self.deaths[-1] - self.deaths[0] < DEATHS_WITHIN_SECONDS


class Supervisor:
    """Started programs and the guardian that would end them if we could not."""

    def __init__(self, environment: Mapping[str, str], descriptors: tuple[int, ...]) -> None:
        self._environment = environment
        self._printing = threading.Lock()
        self._running: list[Running] = []
        self._guardian = subprocess.Popen(
            hanse("guardian"),
            stdin=subprocess.PIPE,
            pass_fds=descriptors,
            start_new_session=True,
        )

    def start(self, program: Program) -> None:
        process = self._launch(program)
        self._running.append(Running(program, process, threading.Thread()))
        self._follow(self._running[-1])

    def refuse_dead(self) -> None:
        """Raises ``Refusal`` with the last words of a program that has died."""
        for running in self._running:
            if running.process.poll() is not None:
                raise Refusal(f"The {running.program.name} did not start: {running.last_words()}")

    def revive_dead(self) -> None:
        """Starts again what has died or gives no sign of life; raises ``Refusal`` when a program keeps dying."""
        for running in self._running:
            if running.process.poll() is None and running.is_silent():
                self.say(running.program.name, "gives no sign of life and is killed")
                os.killpg(running.process.pid, signal.SIGKILL)
                running.process.wait()
            if running.process.poll() is not None:
                self._revive(running)

    def stop(self) -> None:
        """All are asked at once to finish what they are doing; returns when nothing of them is left."""
        for running in self._running:
            running.process.terminate()
        for running in self._running:
            self._end(running)
        self._running.clear()
        if self._guardian.stdin:
            self._guardian.stdin.close()
        self._guardian.wait()

    def _revive(self, running: Running) -> None:
        running.deaths.append(time.monotonic())
        if running.dies_too_often():
            raise Refusal(f"The {running.program.name} keeps dying: {running.last_words()}")
        self.say(running.program.name, f"died with code {running.process.returncode}; starting it again")
        self._forget_group(running.process)
        time.sleep(RESTART_PAUSE_SECONDS)
        running.process, running.seen_at = self._launch(running.program), time.monotonic()
        self._follow(running)

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            program.command,
            cwd=ROOT,
            env={**self._environment, **({"PULSE_FILE": str(program.pulse)} if program.pulse else {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509
        )
        self._tell_guardian("+", process.pid)
        return process

    def _end(self, running: Running) -> None:
        process = running.process
        try:
            process.wait(running.program.stop_seconds)
        except subprocess.TimeoutExpired:
            self.say(running.program.name, "does not stop and is killed")
        self._forget_group(process)

    def _forget_group(self, process: subprocess.Popen[bytes]) -> None:
        """With what the leader may have left behind."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self._tell_guardian("-", process.pid)

    def _tell_guardian(self, mark: str, group: int) -> None:
        if self._guardian.stdin:
            self._guardian.stdin.write(f"{mark}{group}\n".encode())
            self._guardian.stdin.flush()

    def _follow(self, running: Running) -> None:
        running.reader = threading.Thread(target=self._print_lines, args=[running, running.process], daemon=True)
        running.reader.start()

    def _print_lines(self, running: Running, process: subprocess.Popen[bytes]) -> None:
        for line in process.stdout or ():
            text = line.decode(errors="replace").rstrip()
            running.last_line = text or running.last_line
            self.say(running.program.name, text)

    def say(self, name: str, text: str) -> None:
        with self._printing:
            try:
                print(f"{name:<6} | {text}", flush=True)
            except BrokenPipeError:  # Nobody reads any more; the programs must not stop for that.
                sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115

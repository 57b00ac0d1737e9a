"""Short-lived processes, forked by one that has the product loaded already, as a pool of workers is.

Starting Python and importing the product takes longer than what most of them live for. The one that
forks them has no connection to the database; each child opens its own.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Forked:
    """A child of the forking process, used like ``subprocess.Popen``."""

    def __init__(self, parent: Forking, pid: int) -> None:
        self._parent = parent
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, as ``Popen.returncode`` says it, or ``None`` while it lives."""
        if self.returncode is None:
            self.returncode = self._parent.ask(look=self.pid)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        # Until it has been polled its number is its own, even when it is dead.
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Forking:
    """The handle on the process that forks; it ends with ours, because its input closes."""

    def __init__(self, module: str, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        atexit.register(self._end)

    def start(self, verb: str, *arguments: str, **environment: str) -> Forked:
        return Forked(self, self.ask(verb=verb, arguments=arguments, environment=environment))

    def ask(self, **request: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.communicate(timeout=30)


@cache
def forking(module: str, environment: Callable[..., Mapping[str, str]], **differing: str) -> Forking:
    """One for each database and broker, as these variables name them, started when first needed."""
    return Forking(module, environment(**differing))


def fork_on_demand(verbs: Mapping[str, Callable[..., None]]) -> None:
    """The forking process itself: one line of JSON in, one out, until nobody is left to ask."""
    for line in sys.stdin:
        request = json.loads(line)
        answer = _how_it_ended(request["look"]) if "look" in request else _forked(verbs, request)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _how_it_ended(pid: int) -> int | None:
    ended, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _forked(verbs: Mapping[str, Callable[..., None]], request: Mapping[str, Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 0)
        os.dup2(nowhere, 1)
        os.environ.update(request["environment"])
        verbs[request["verb"]](*request["arguments"])
        code = 0
    finally:
        os._exit(code)

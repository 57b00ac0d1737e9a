"""Work for the sandbox to run, well and badly behaved."""

from __future__ import annotations

import ctypes
import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

from b2b.sandbox import Refused


def echo(payload: bytes, *, times: int = 1) -> Iterator[bytes]:
    for _turn in range(times):
        yield payload


def environment(payload: bytes) -> Iterator[bytes]:
    yield "\n".join(sorted(os.environ)).encode()


def pid(payload: bytes) -> Iterator[bytes]:
    yield str(os.getpid()).encode()


def left_out(payload: bytes) -> Iterator[bytes]:
    """How many loaded things the search for garbage leaves out."""
    yield str(gc.get_freeze_count()).encode()


def hungry(payload: bytes) -> Iterator[bytes]:
    yield bytes(len(bytearray(2 * 1024**3)) % 7)


def busy(payload: bytes) -> Iterator[bytes]:
    while True:
        pass
    yield b""


def asleep(payload: bytes) -> Iterator[bytes]:
    time.sleep(3600)
    yield b""


def crash(payload: bytes) -> Iterator[bytes]:
    yield b"half of an answer"
    ctypes.string_at(0)


def abort(payload: bytes) -> Iterator[bytes]:
    os.abort()
    yield b""


def broken(payload: bytes) -> Iterator[bytes]:
    message = f"secret {payload!r}"
    raise LookupError(message)
    yield b""


def refusing(payload: bytes) -> Iterator[bytes]:
    raise Refused("no-thanks", row=4, name="価格")
    yield b""


def writing(payload: bytes, *, path: str) -> Iterator[bytes]:
    Path(path).write_bytes(payload)
    yield b"written"

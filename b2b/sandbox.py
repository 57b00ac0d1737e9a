"""Run a parser or a renderer on what strangers sent, in a process that may fail without hurting anyone.

The work is a function ``(payload, **arguments) -> Iterator[bytes]`` named ``"package.module:function"``.
It runs in a fresh child with limits on memory, processor time and wall time, without our environment
(and so without our secrets), and what it yields is streamed back as plain bytes: nothing that comes
from a child is ever unpickled. Children are forked by the nursery (``b2b.nursery``), a small process
of our own that has the libraries loaded already and no threads.
"""

from __future__ import annotations

import json
import signal
import socket
import struct
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from b2b.nursery import DATA, DONE, FRAME, LOST, OUT_OF_MEMORY, REFUSED, nursery

MIB = 1024 * 1024
GRACE_SECONDS = 2.0
"""How long beyond its own alarm a child is waited for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use; ``memory_bytes`` is on top of what the loaded libraries take."""

    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 60
    wall_seconds: int = 120
    answer_bytes: int = 512 * MIB
    file_bytes: int = 0
    """The largest file it may write, for libraries that keep drafts in temporary files."""


class Why(StrEnum):
    """Why a child ended without an answer."""

    MEMORY = "memory"
    TIME = "time"
    CRASH = "crash"
    ANSWER = "answer"


class Stopped(Exception):
    """The child died or was stopped. ``place`` says where in our code, never what the file held."""

    def __init__(self, why: Why, place: str = "") -> None:
        super().__init__(f"{why.value} {place}".strip())
        self.why = why
        self.place = place


class Refused(Exception):
    """The work itself said no, with a code and the values its sentence needs."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def run(work: str, payload: bytes, *, limits: Limits, **arguments: Any) -> Iterator[bytes]:
    """Yield what ``work`` yields. ``arguments`` must be plain JSON.

    Raises ``Refused`` where the work refused and ``Stopped`` where the child ended any other way.
    """
    deadline = time.monotonic() + limits.wall_seconds + GRACE_SECONDS
    try:
        job, status = nursery.open_job(work)
    except (OSError, EOFError) as failure:
        raise Stopped(Why.CRASH, f"no nursery: {type(failure).__name__}") from failure
    with job, status:
        request = {"work": work, "arguments": arguments, "limits": asdict(limits)}
        try:
            _send(job, request, payload, deadline)
            yield from _answers(job, status, limits.answer_bytes, deadline)
        except TimeoutError:
            raise Stopped(Why.TIME) from None


def _send(job: socket.socket, request: Mapping[str, Any], payload: bytes, deadline: float) -> None:
    head = json.dumps(request).encode()
    job.settimeout(_left(deadline))
    try:
        job.sendall(struct.pack(">IQ", len(head), len(payload)) + head)
        job.sendall(payload)
    except (BrokenPipeError, ConnectionResetError):
        return  # The child has died already; reading its status says why.


def _answers(job: socket.socket, status: socket.socket, most: int, deadline: float) -> Iterator[bytes]:
    total = 0
    while (frame := _frame(job, most - total, deadline)) is not None:
        kind, body = frame
        if kind == DONE:
            return
        if kind != DATA:
            raise _complaint(kind, body)
        total += len(body)
        yield body
    raise _death(status, deadline)


def _frame(job: socket.socket, most: int, deadline: float) -> tuple[bytes, bytes] | None:
    head = _exactly(job, FRAME.size, deadline)
    if head is None:
        return None
    kind, length = FRAME.unpack(head)
    if length > max(most, 0):
        raise Stopped(Why.ANSWER)
    body = _exactly(job, length, deadline)
    return None if body is None else (kind, body)


def _exactly(job: socket.socket, length: int, deadline: float) -> bytes | None:
    """Exactly ``length`` bytes, or ``None`` where the other side closed before."""
    parts = bytearray()
    while len(parts) < length:
        job.settimeout(_left(deadline))
        try:
            part = job.recv(min(length - len(parts), MIB))
        except ConnectionResetError:
            return None
        if not part:
            return None
        parts += part
    return bytes(parts)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _complaint(kind: bytes, body: bytes) -> Exception:
    if kind == REFUSED:
        told = json.loads(body)
        return Refused(told["code"], **told["values"])
    if kind == OUT_OF_MEMORY:
        return Stopped(Why.MEMORY)
    place = body.decode(errors="replace") if kind == LOST else ""
    return Stopped(Why.CRASH, place)


def _death(status: socket.socket, deadline: float) -> Stopped:
    word = _exactly(status, 4, deadline)
    code = struct.unpack(">i", word)[0] if word else 0
    return Stopped(_why(-code), signal.Signals(-code).name if code < 0 else "")


def _why(signal_number: int) -> Why:
    if signal_number in (signal.SIGXCPU, signal.SIGALRM):
        return Why.TIME
    if signal_number == signal.SIGKILL:
        return Why.MEMORY  # Nobody but the kernel, short of memory, kills a child so.
    return Why.CRASH

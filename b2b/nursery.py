"""The nursery: a small process without threads that loads a library once and forks a child for each job.

One nursery belongs to each process of ours that needs one; it starts with the first job and ends when
its owner does, however that ends, because the socket between them closes. It is started without our
environment. A warden stands between nursery and child to report how the child ended.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from b2b.garbage import leave_out_what_is_loaded

FRAME = struct.Struct(">cI")
DATA, DONE, REFUSED, OUT_OF_MEMORY, LOST = b"D", b"E", b"R", b"M", b"X"
NAME_BYTES = 128
START_SECONDS = 60
"""How long a nursery may take to start and import; a second or two is usual."""
ROOT = Path(__file__).resolve().parent.parent
KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYTHONHOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
    "XDG_DATA_DIRS",
)
"""All that a child gets to know of our environment: how to find libraries and fonts."""


# --- The owner's side ---------------------------------------------------------------------------
class Nursery:
    """The owner's handle: starts the process when first needed, and again when it has died."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def open_job(self, work: str) -> tuple[socket.socket, socket.socket]:
        """Two sockets to a new child: one for the request and the answer, one for how it ended."""
        with self._lock:
            try:
                return self._ask(work)
            except (BrokenPipeError, ConnectionResetError, EOFError):
                self.forget()
                return self._ask(work)
            except TimeoutError:
                self.forget()
                raise

    def forget(self) -> None:
        """Let go of the process; it ends by itself. After a fork the child starts one of its own."""
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            with contextlib.suppress(ChildProcessError):
                self._process.poll()
        self._control = self._process = None

    def _ask(self, work: str) -> tuple[socket.socket, socket.socket]:
        control = self._control or self._start()
        job, their_job = socket.socketpair()
        status, their_status = socket.socketpair()
        with their_job, their_status:
            name = work.encode().ljust(NAME_BYTES)
            socket.send_fds(control, [name], [their_job.fileno(), their_status.fileno()])
            if not control.recv(1):
                raise EOFError
        return job, status

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair()
        code = f"from b2b.nursery import tend; tend({theirs.fileno()})"
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 — our own interpreter and our own code
                [sys.executable, "-c", code],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                # Libraries print pieces of the files they choke on; no log shall hold them.
                stderr=subprocess.DEVNULL,
            )
        ours.settimeout(START_SECONDS)
        self._control = ours
        return ours


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    # The second one: macOS kills a forked child that touches its font libraries without it.
    return kept | {"LANG": "C.UTF-8", "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES"}


nursery = Nursery()


def _after_fork() -> None:
    nursery._lock = threading.Lock()  # noqa: SLF001 — another thread may have held it during the fork
    nursery._process = None  # noqa: SLF001 — not a child of this process
    nursery.forget()


os.register_at_fork(after_in_child=_after_fork)


# --- The nursery's side -------------------------------------------------------------------------
def tend(control_fd: int) -> None:
    """Fork a warden for every job asked for, until the owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control = socket.socket(fileno=control_fd)
    while True:
        name, descriptors, _flags, _sender = socket.recv_fds(control, NAME_BYTES, 2)
        if not name:
            return
        _load(name.decode().strip())
        if os.fork() == 0:
            control.close()
            _warden(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)
        control.send(b".")


def _load(work: str) -> None:
    """Import here, once, so that every child finds the library ready; where it fails, the child says so."""
    with contextlib.suppress(ImportError, OSError):
        importlib.import_module(work.partition(":")[0])
    leave_out_what_is_loaded()


def _warden(job_fd: int, status_fd: int) -> NoReturn:
    """Wait for the child and tell the owner how it ended: the exit code, or minus the signal."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        child = os.fork()
        if child == 0:
            os.close(status_fd)
            _child(socket.socket(fileno=job_fd))
        os.close(job_fd)
        _pid, status = os.waitpid(child, 0)
        os.write(status_fd, struct.pack(">i", os.waitstatus_to_exitcode(status)))
    finally:
        os._exit(0)


def _child(job: socket.socket) -> NoReturn:
    """Do the job and end; whatever happens, never return into the nursery's loop."""
    code = 1
    try:
        _work(job)
        code = 0
    except MemoryError:
        _tell(job, OUT_OF_MEMORY)
    finally:
        if code and (lost := sys.exc_info()[1]) is not None:
            _tell(job, LOST, _place(lost))
        os._exit(code)


def _work(job: socket.socket) -> None:
    from b2b.sandbox import Refused  # noqa: PLC0415 — b2b.sandbox stands on this module

    stream = job.makefile("rb")
    head_length, payload_length = struct.unpack(">IQ", stream.read(12))
    request = json.loads(stream.read(head_length))
    payload = stream.read(payload_length)
    limit(request["limits"])
    module, _colon, function = request["work"].partition(":")
    try:
        for chunk in getattr(importlib.import_module(module), function)(payload, **request["arguments"]):
            _tell(job, DATA, chunk)
    except Refused as refused:
        _tell(job, REFUSED, json.dumps({"code": refused.code, "values": refused.values}).encode())
    else:
        _tell(job, DONE)


def limit(limits: dict[str, Any]) -> None:
    """Bind this process: memory, processor time, wall time, no core file, the size of files.

    macOS takes no limit on the address space; there the wall and processor limits remain.
    """
    signal.setitimer(signal.ITIMER_REAL, limits["wall_seconds"])
    # At the soft limit comes SIGXCPU, which says what happened; at the hard one SIGKILL.
    _bind(resource.RLIMIT_CPU, limits["cpu_seconds"], limits["cpu_seconds"] + 1)
    _bind(resource.RLIMIT_CORE, 0)
    _bind(resource.RLIMIT_FSIZE, limits["file_bytes"])
    _bind(resource.RLIMIT_AS, _size_bytes() + limits["memory_bytes"])


def _bind(what: int, most: int, at_last: int | None = None) -> None:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most if at_last is None else at_last))


def _size_bytes() -> int:
    """The address space in use now (Linux), or 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text().split()[0]) * resource.getpagesize()


def _tell(job: socket.socket, kind: bytes, body: bytes = b"") -> None:
    job.sendall(FRAME.pack(kind, len(body)))
    job.sendall(body)


def _place(lost: BaseException) -> bytes:
    """The kind of error and the line of code it came from, without its message (it may quote the file)."""
    frame = traceback.extract_tb(lost.__traceback__)[-1]
    return f"{type(lost).__name__} at {Path(frame.filename).name}:{frame.lineno}".encode()

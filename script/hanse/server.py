"""The whole product on one machine: database, web server, clock and worker, started and stopped together."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from hanse import listening
from hanse.database import Database, database, external_url
from hanse.environment import environment
from hanse.foreground import run_in_foreground
from hanse.locks import open_lock, try_exclusive
from hanse.places import PYTHON, ROOT, Home, hanse, product_home
from hanse.postgres.cluster import SAFE, Cluster
from hanse.postgres.holding import empty
from hanse.postgres.running import wait_for
from hanse.refusal import Refusal
from hanse.supervisor import Program, Supervisor

POLL_SECONDS = 0.5
CLEAN_UP_SECONDS_MAX = 20
WORKERS = 2
# How a shell names the end by SIGINT and by SIGTERM.
INTERRUPTED = (130, 143)


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    no_demo: bool
    reset: bool


def main(arguments: list[str]) -> int:
    options = options_of(arguments)
    home = product_home()
    with alone(home) as lock:
        listening.refuse_taken(options.host, options.port)
        if options.reset:
            reset(home)
        with database(home, SAFE) as ours:
            serve(home, ours, options, lock)
    print("Hanse has stopped.", flush=True)
    return 0


def options_of(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="script/server", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 to be reached from other machines")
    parser.add_argument("--no-demo", action="store_true", help="begin without demo organisations and documents")
    parser.add_argument("--reset", action="store_true", help="first remove the embedded database and the uploads")
    return Options(**vars(parser.parse_args(arguments)))


# --- One at a time, on an empty home if asked -------------------------------------------------------
@contextmanager
def alone(home: Home) -> Iterator[int]:
    """The lock that says so; waits for what a killed predecessor left to be cleaned up."""
    lock = open_lock(home.lock("server"))
    try:
        if not try_exclusive(lock):
            _refuse_second(home, int(os.pread(lock, 20, 0) or 0))
            wait_for(lambda: try_exclusive(lock), CLEAN_UP_SECONDS_MAX)
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield lock
    finally:
        os.close(lock)


def _refuse_second(home: Home, other: int) -> None:
    try:
        alive = psutil.Process(other).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return
    if alive:
        raise Refusal(f"Hanse is already running on {home.path} (process {other}): stop that one first.")


def reset(home: Home) -> None:
    if external_url():
        raise Refusal("--reset empties the embedded database only, and DATABASE_URL names another.")
    empty(Cluster(home, SAFE))
    for name in ("media", "broker", "beat"):
        shutil.rmtree(home.path / name, ignore_errors=True)


# --- Running ----------------------------------------------------------------------------------------
def serve(home: Home, ours: Database, options: Options, lock: int) -> None:
    """Until somebody asks us to stop; raises ``Refusal`` when a part of it cannot run."""
    stopping = stop_signals()
    address = listening.address(options.host, options.port)
    hosts = ",".join(listening.host_names(options.host))
    variables = environment(home, ours.url, SITE_URL=address, ALLOWED_HOSTS=hosts)
    logins = prepare(home, ours, options, variables)
    supervisor = Supervisor(variables, (*ours.descriptors, lock))
    try:
        web, *others = programs(home, options)
        supervisor.start(web)
        listening.wait_until_ready(options.host, options.port, meanwhile=supervisor.refuse_dead, stopping=stopping)
        for program in others:
            supervisor.start(program)
        if not stopping.is_set():
            print(f"\nHanse is ready at {address} (Ctrl-C stops it)\n{logins}", flush=True)
        while not stopping.wait(POLL_SECONDS):
            supervisor.revive_dead()
            ours.ensure_kept()
        print("\nStopping …", flush=True)
    finally:
        supervisor.stop()


def stop_signals() -> threading.Event:
    """Set by Ctrl-C, by a polite kill, and by the terminal's end."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: stopping.set())
    return stopping


def prepare(home: Home, ours: Database, options: Options, variables: dict[str, str]) -> str:
    """Migrates, collects, loads the demo data; what to sign in with."""
    logins = home.folder("run") / "logins.txt"
    # In somebody's own database demo data go only where nothing has been before.
    demo = "never" if options.no_demo else "always" if ours.embedded else "when-new"
    command = hanse("prepare", "--demo", demo, "--logins", str(logins))
    quiet = {"LOG_LEVEL": "WARNING"} | variables  # What the demo's documents go through is no news.
    code = run_in_foreground(command, environment=quiet, descriptors=ours.descriptors)
    if code in INTERRUPTED:
        raise KeyboardInterrupt
    if code:
        raise Refusal("Hanse could not be prepared: the reason stands above.")
    return logins.read_text()


def programs(home: Home, options: Options) -> list[Program]:
    for name in ("media", "beat", "broker", "broker/messages", "broker/done", "broker/control"):
        home.folder(name)
    bind = listening.bind_address(options.host, options.port)
    gunicorn = [str(PYTHON), "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "--bind", bind]
    celery = [str(PYTHON), "-W", "ignore:You're running the worker", "-m", "celery", "--quiet", "--app", "b2b"]
    return [
        Program("web", [*gunicorn, "b2b.wsgi"], stop_seconds=15),
        Program("beat", [*celery, "beat", "--pidfile="], stop_seconds=5),
        *(_worker(celery, number, home) for number in range(1, WORKERS + 1)),
    ]


def _worker(celery: list[str], number: int, home: Home) -> Program:
    """One process that works itself: the children of a pool share a lock, and who dies holding it stops them all."""
    name = f"worker{number}"
    command = [*celery, "worker", "--pool=solo", f"--hostname={name}@%h", "--without-gossip", "--without-mingle"]
    return Program("worker", command, stop_seconds=15, pulse=home.folder("run") / f"{name}.pulse")

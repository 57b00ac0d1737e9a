"""Starting and stopping the server of a cluster."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from hanse.lifeline import die_with_parent
from hanse.postgres import programs
from hanse.postgres.cluster import Cluster
from hanse.postgres.making import RESET_ADVICE
from hanse.refusal import Refusal

# After a crash the server first goes through what it had not finished, which may take minutes.
START_SECONDS_MAX = 300
STOP_SECONDS_MAX = 30
POLL_SECONDS = 0.02


def start(cluster: Cluster) -> subprocess.Popen[bytes]:
    """The server as our child, ready for clients; raises ``Refusal`` with PostgreSQL's own reason."""
    stop(server_of(cluster))
    _forget_dead_server(cluster)
    _make_socket_folder(cluster)
    log_start = cluster.log.stat().st_size if cluster.log.exists() else 0
    server = _launch(cluster)
    wait_for(lambda: server.poll() is not None or is_ready(cluster), START_SECONDS_MAX)
    if server.poll() is not None or not is_ready(cluster):
        server.kill()
        reason = _reason(cluster.log, log_start)
        raise Refusal(f"The database in {cluster.folder} does not start ({reason}); see {cluster.log}. {RESET_ADVICE}")
    return server


def _launch(cluster: Cluster) -> subprocess.Popen[bytes]:
    settings = [part for name, value in cluster.settings.items() for part in ("-c", f"{name}={value}")]
    with cluster.log.open("ab") as log:
        return programs.start(
            cluster.account,
            "postgres",
            ["-D", str(cluster.folder), "-k", str(cluster.socket_folder), *settings],
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGINT),
        )


def stop(server: psutil.Process | None) -> None:
    """Clients lose their connections, and committed work stays."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server is None or not server.is_running():
            return
        server.send_signal(how)
        try:
            server.wait(STOP_SECONDS_MAX)
        except psutil.TimeoutExpired:
            continue


def server_of(cluster: Cluster) -> psutil.Process | None:
    """The process that serves this folder now, if there is one."""
    lines = _pid_lines(cluster)
    try:
        process = psutil.Process(int(lines[0]))
        ours = process.name().startswith("postgres") and str(cluster.folder) in process.cmdline()
    except (IndexError, ValueError, psutil.Error):
        return None
    return process if ours else None


def is_ready(cluster: Cluster) -> bool:
    """By the last line of the file in which the server notes its state."""
    return [line.strip() for line in _pid_lines(cluster)[7:8]] == ["ready"] and server_of(cluster) is not None


def _pid_lines(cluster: Cluster) -> list[str]:
    try:
        return (cluster.folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _forget_dead_server(cluster: Cluster) -> None:
    """PostgreSQL itself refuses to start when some other process has got the number of its dead predecessor."""
    wait_for(lambda: not _processes_in(cluster.folder), STOP_SECONDS_MAX)
    (cluster.folder / "postmaster.pid").unlink(missing_ok=True)
    cluster.socket.unlink(missing_ok=True)
    cluster.socket.with_name(f"{cluster.socket.name}.lock").unlink(missing_ok=True)


def _processes_in(folder: Path) -> list[psutil.Process]:
    """Those a killed server left behind, which end by themselves in a moment."""
    return [process for process in psutil.process_iter(["name", "cwd"]) if process.info["cwd"] == str(folder)]


def _make_socket_folder(cluster: Cluster) -> None:
    folder = cluster.socket_folder
    if folder == cluster.folder:
        return
    try:
        cluster.account.make_private_folder(folder)
    except FileExistsError:
        found = folder.lstat()
        if found.st_uid != cluster.account.uid or not _is_private_folder(found.st_mode):
            raise Refusal(f"{folder} is not a private folder of PostgreSQL's account: remove it.") from None


def _is_private_folder(mode: int) -> bool:
    return stat.S_ISDIR(mode) and not stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO)


def _reason(log: Path, offset: int) -> str:
    """The first grave thing that was logged from the offset on, or else the last thing at all."""
    with log.open("rb") as lines:
        lines.seek(offset)
        said = lines.read().decode(errors="replace").splitlines()
    grave = [found[1] for line in said if (found := re.search(r"(?:FATAL|PANIC):\s+(.*)", line))]
    return next(iter([*grave[:1], *said[-1:]]), "it said nothing.")


def wait_for(done: Callable[[], object], seconds: float) -> None:
    """Returns when it is so, or when the time is over."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(POLL_SECONDS)

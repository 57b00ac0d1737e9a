"""What the tests of the scripts share: homes of their own, and looking at processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "script"))

from hanse.places import Home  # noqa: E402
from hanse.postgres.cluster import FAST, Cluster  # noqa: E402
from hanse.postgres.making import ensure_made  # noqa: E402
from hanse.postgres.running import server_of, stop  # noqa: E402


@pytest.fixture
def home() -> Iterator[Home]:
    """Not in pytest's own folder, which another run of pytest would close to PostgreSQL's account."""
    folder = Path(tempfile.mkdtemp(prefix="hanse-test-"))
    yield Home(folder / "var")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One that is made and, between two tests, does not run."""
    folder = Path(tempfile.mkdtemp(prefix="hanse-test-"))
    ours = Cluster(Home(folder / "var"), FAST)
    ensure_made(ours)
    yield ours
    stop(server_of(ours))
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fragile_cluster(cluster: Cluster, home: Home) -> Cluster:
    """A copy that may be damaged."""
    home.path.mkdir()
    subprocess.run(["cp", "-Rp", cluster.folder, home.postgres], check=True)
    if os.geteuid() == 0:
        home.path.parent.chmod(0o711)
    return Cluster(home, FAST)


@pytest.fixture
def environment(home: Home) -> dict[str, str]:
    """For a script that is to find nothing outside the product."""
    outside = ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE", "DEBUG")
    inherited = {name: value for name, value in os.environ.items() if name not in outside}
    return inherited | {"VAR_DIR": str(home.path)}


def eventually(true: Callable[[], object], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while not (so := true()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(so)


def processes_with(text: str) -> list[str]:
    """The command lines, of living processes, that hold the text in them or in the folder they work in."""
    found = []
    for process in psutil.process_iter(["pid", "cmdline", "cwd", "status", "environ"]):
        about = [*(process.info["cmdline"] or []), process.info["cwd"] or ""]
        about += (process.info["environ"] or {}).values()
        if (
            process.pid != os.getpid()
            and process.info["status"] != psutil.STATUS_ZOMBIE
            and any(text in part for part in about)
        ):
            found.append(" ".join(process.info["cmdline"] or [str(process.pid)]))
    return found

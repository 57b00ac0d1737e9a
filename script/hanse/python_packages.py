"""The Python environment in ``.venv``, exactly as the lock files say."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from hanse.commands import run, succeeds
from hanse.places import PYTHON, ROOT, VENV
from hanse.refusal import Refusal
from hanse.system_packages import Packages

STAMP = VENV / "hanse.json"
RUNTIME_LOCK = ROOT / "requirements.lock"
# Holds everything of the runtime lock too, in the same versions.
DEVELOPMENT_LOCK = ROOT / "requirements-dev.lock"


@dataclass(frozen=True)
class Installed:
    """What the environment was made for: a moved clone or a changed lock file shows here."""

    root: str
    runtime: str
    development: str

    @classmethod
    def read(cls) -> Installed:
        try:
            return cls(**json.loads(STAMP.read_text()))
        except (OSError, ValueError, TypeError):
            return cls(root="", runtime="", development="")

    def write(self) -> None:
        STAMP.write_text(json.dumps(self.__dict__, indent=2))


def ensure_runtime() -> None:
    installed, wanted = Installed.read(), _digest(RUNTIME_LOCK)
    if installed.root != str(ROOT) or installed.runtime != wanted:
        ensure_environment(installed)
        _install(RUNTIME_LOCK)
        Installed(str(ROOT), wanted, "").write()


def ensure_development() -> None:
    installed, runtime, development = Installed.read(), _digest(RUNTIME_LOCK), _digest(DEVELOPMENT_LOCK)
    if installed != Installed(str(ROOT), runtime, development):
        ensure_environment(installed)
        _install(DEVELOPMENT_LOCK)
        Installed(str(ROOT), runtime, development).write()


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def ensure_environment(installed: Installed) -> None:
    moved = installed.root not in ("", str(ROOT))
    if moved or not succeeds([PYTHON, "-m", "pip", "--version"]):
        _create_environment()


def _create_environment() -> None:
    version = f"python3.{sys.version_info.minor}"
    print(f"Making the Python environment in {VENV} …", flush=True)
    create = [_base_python(), "-m", "venv", "--clear", str(VENV)]
    if succeeds(create):
        return
    venv = Packages(debian=(f"{version}-venv",))
    ensurepip_missing = not succeeds([_base_python(), "-c", "import ensurepip"])
    if ensurepip_missing and _base_python().startswith("/usr/bin/") and not venv.install():
        raise Refusal(f"Python's own module for environments is not installed: {venv.advice()}")
    run(create, refusal=f"{_base_python()} could not make a Python environment in {VENV}:")


def _base_python() -> str:
    """The interpreter behind this one, should this one be an environment's."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _install(lock: Path) -> None:
    print(f"Installing the Python packages of {lock.name}; the first time takes a minute …", flush=True)
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    # The lock names every package, so there is nothing to resolve.
    exact = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(lock)]
    run(
        [PYTHON, "-m", "pip", "install", *quiet, *exact],
        refusal=f"The Python packages of {lock.name} could not be installed:",
    )

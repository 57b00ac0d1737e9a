"""Building the front end when its sources changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from hanse.commands import run
from hanse.node import path_with_node
from hanse.places import FRONTEND

MADE_FOLDERS = {"node_modules", "dist"}
PACKAGES_STAMP = FRONTEND / "node_modules" / ".hanse"
BUILD_STAMP = FRONTEND / "dist" / ".hanse"


def ensure() -> None:
    if not (FRONTEND / "package.json").exists():
        return
    wanted = digest_of(FRONTEND)
    if _read(BUILD_STAMP) != wanted:
        ensure_packages()
        print("Building the front end …", flush=True)
        npm("run", "build", refusal="The front end could not be built:")
        BUILD_STAMP.write_text(wanted)


def ensure_packages() -> None:
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    if _read(PACKAGES_STAMP) != wanted:
        print("Installing the front end's packages …", flush=True)
        npm("ci", "--no-audit", "--no-fund", refusal="The front end's packages could not be installed:")
        PACKAGES_STAMP.write_text(wanted)


def npm(*arguments: str, refusal: str, folder: Path = FRONTEND) -> str:
    environment = os.environ | {"PATH": path_with_node()}
    return run(["npm", *arguments], folder=folder, environment=environment, refusal=refusal)


def digest_of(folder: Path) -> str:
    """Over the names and contents of everything in the folder that was not made by the build."""
    digest = hashlib.sha256()
    for path in sorted(_sources(folder)):
        digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in MADE_FOLDERS]
        yield from (Path(parent, name) for name in files)


def _read(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""

